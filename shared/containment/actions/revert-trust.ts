import { commandWord, lookUp } from '../../cases/beyond/command-word.ts';
import type { Granted } from '../../cases/case.ts';
import type { Action, PlanContext } from '../action.ts';
import { changeState, undoChange } from '../change.ts';
import { policyNameOf } from '../policy-name-of.ts';
import { isNamed, principalName } from '../principal-calls.ts';
import { foreignAccounts } from '../read-trust.ts';
import type { PresentSnapshot, RoleSnapshot } from '../snapshot.ts';
import { appendDeny, denies, foreignDeny, type TrustDeny } from '../trust.ts';

/**
 * Keeps out whom a detected call let in from other accounts: by one statement that denies, appended to the trust policy. What
 * the role trusted before is in no record, so nothing of the policy is taken out, and a person is told to look. An account
 * that opened sessions of the role before was let in before: the call opened nothing to it.
 */
export const revertTrust: Action = {
  id: 'revert-trust',
  title: 'Keep out the accounts that a role was just opened to',
  stage: 'revert',
  requires: [
    { phase: 'apply', actions: ['iam:UpdateAssumeRolePolicy'], on: 'role' },
    { phase: 'undo', actions: ['iam:UpdateAssumeRolePolicy'], on: 'role' },
  ],
  inlineNames: () => [],
  plan: (snapshot, context) => {
    const opened = openedTo(snapshot, context);
    if (opened?.deny === undefined || denies(opened.role.trust, opened.deny)) return [];
    const { role, accounts, deny } = opened;
    const edit = appendDeny(role.trust, deny);
    if (edit.kind === 'not-editable') return [];
    const name = principalName(role);
    return [
      {
        key: policyNameOf(`revert-trust#${name}#`, role.trust + deny.Sid),
        actionId: 'revert-trust',
        target: `trust policy of ${name}`,
        title: `append a deny for ${worded(accounts)} to the trust policy of ${role.roleName}, which a detected call opened to them`,
        call: {
          service: 'iam',
          operation: 'UpdateAssumeRolePolicy',
          input: { RoleName: role.roleName, PolicyDocument: edit.document },
        },
        prior: { document: role.trust },
        fallbacks: [],
        stage: 'revert',
      },
    ];
  },
  shortfalls: (snapshot, context) => {
    const opened = openedTo(snapshot, context);
    if (opened === undefined) return [];
    const { role, deny } = opened;
    const item = `trust policy of ${principalName(role)}`;
    const word = commandWord(role.roleName, 'ROLE');
    const edit = deny === undefined ? undefined : appendDeny(role.trust, deny);
    const left =
      deny !== undefined && edit?.kind === 'not-editable' && !denies(role.trust, deny)
        ? `left as it is: ${edit.why}. `
        : '';
    return [
      ...opened.spared.map(({ account, why }) => ({
        item,
        reason: `account ${account} is let in and not denied: ${why}`,
      })),
      {
        item,
        reason: `${left}whom the role trusted before is not in the record. See whom it trusts now: aws iam get-role --role-name ${word}. Find what it said before in the calls about it: ${lookUp('ResourceName', role.roleName, 'ROLE')}. Put that back from your own template: aws iam update-assume-role-policy --role-name ${word} --policy-document file://trust.json`,
      },
    ];
  },
  state: changeState,
  undo: undoChange,
};

type Opened = {
  readonly role: RoleSnapshot;
  /** To be denied, by `deny`; where it is nobody there is none. */
  readonly accounts: readonly string[];
  readonly deny?: TrustDeny;
  readonly spared: readonly { readonly account: string; readonly why: string }[];
};

/** The accounts that the calls let in and that the role lets in by now; whom somebody took out since, nobody denies. */
function openedTo(snapshot: PresentSnapshot, { granted = [], subject, lineage }: PlanContext): Opened | undefined {
  if (snapshot.kind !== 'role') return undefined;
  const own = granted.filter(
    (grant): grant is Extract<Granted, { kind: 'trust-opened' }> =>
      grant.kind === 'trust-opened' && isNamed(snapshot, grant.principal),
  );
  const opened = new Set(own.flatMap(({ accounts }) => accounts));
  const now = foreignAccounts(snapshot.trust, subject.account);
  const all = now.filter((one) => opened.has(one) || opened.has('*'));
  if (all.length === 0) return undefined;
  const { known = [], untold = [] } = lineage?.partners ?? {};
  const spared = all.flatMap((account) => {
    if (known.includes(account)) return [{ account, why: 'it opened sessions of the role before the detected call' }];
    return untold.includes(account)
      ? [{ account, why: 'whether it opened sessions of the role before could not be read from the access record' }]
      : [];
  });
  const accounts = all.filter((one) => !spared.some(({ account }) => account === one));
  const deny = accounts.length === 0 ? {} : { deny: foreignDeny(accounts, subject.account) };
  return { role: snapshot, accounts, ...deny, spared };
}

function worded(accounts: readonly string[]): string {
  return accounts.includes('*') ? 'everybody of other accounts' : `account ${accounts.join(', ')}`;
}
