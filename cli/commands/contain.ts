import { Command, Option } from 'commander';
import type { Case } from '../../shared/cases/case.ts';
import { type ContainOrder, LONGEST_REASON, PLAYBOOKS_BY_HAND } from '../../shared/cases/contain-by-hand.ts';
import { parseDuration } from '../../shared/config/duration.ts';
import { LONGEST_LOCK_SECONDS, SHORTEST_LOCK_SECONDS } from '../../shared/config/policy-defaults.ts';
import type { Asked, Door } from '../contain/door.ts';
import type { StackOptions } from '../stack/connect.ts';
import { stackOptions } from '../stack/options.ts';
import { CommandProblem, reportingProblems } from '../stack/problem.ts';

type Options = StackOptions & {
  readonly playbook?: ContainOrder['playbook'];
  readonly for?: string;
  readonly enforce?: true;
  readonly yes?: true;
  readonly reason?: string;
  readonly direct?: true;
  readonly resetConsole?: true;
  readonly json?: true;
};

/** `rescind contain`: takes access from somebody whom a person names. */
export function containCommand(): Command {
  return stackOptions(new Command('contain'))
    .description('Take access back from somebody whom you name: shows the plan, and changes nothing without --enforce')
    .argument('<principal>', 'a user name, the ARN of a user, role or session, an access key id or a unique id')
    .addOption(
      new Option('--playbook <playbook>', 'what is done (default: contain, or lock with --for)').choices(
        PLAYBOOKS_BY_HAND,
      ),
    )
    .option('--for <duration>', 'a lock that ends by itself after so long: 30m, 4h, 7d; 5 minutes to 30 days')
    .option('--enforce', 'carry the plan out; asks once more on a terminal')
    .option('--yes', 'do not ask')
    .option('--reason <text>', 'why; it stands in the case and in every alert')
    .option('--direct', 'without a deployed stack: by this process, with your credentials')
    .option('--reset-console', 'with --direct: replace the console password of a user by one that nobody knows')
    .option('--json', 'one JSON object, as of "case show --json"')
    .addHelpText(
      'after',
      `
It opens a case in the deployed stack, recorded with your ARN, and follows it until it is done. The mode in
rescind.yaml limits rules, not you. Whom rescind.yaml protects, the last administrator and Rescind itself are refused
here as everywhere; so are you yourself. The stop switch and the breaker hold as well.

With an access key id, that key counts as compromised: a later release keeps it back.

With --direct nothing needs to be deployed: this command does it itself, by the same code, with your own credentials. The
case and its ledger, with every prior value, lie in one file of yours (RESCIND_DIRECT, else ~/.rescind/direct), written
before each change; its code shows accidents, not attacks. Keep it until the case is released: "release --direct" gives
back by it. Stopped in the middle, by Ctrl-C or by a crash, the same command goes on. Nothing watches afterwards: whoever
may change IAM can undo it, and no alert is sent.

With --reset-console a user's console password is replaced by one that nobody knows and that must be changed. Nothing keeps
it, and no release gives the old one back. Only with --direct: no role of Rescind may set passwords.

Playbooks:
  contain          a user: deny everything, deactivate every credential, detach administrator policies;
                   a role: end all its sessions; a session: end that one
  lock             deny everything for the time of --for, touch no credential, and give back by itself
  revoke-session   end one session of a role
  revoke-sessions  end all sessions of a role
  require-mfa      deny what has no fresh MFA, where a device was there before; else the same as contain

Examples:
  $ npx rescind contain mallory
  $ npx rescind contain AKIAIOSFODNN7EXAMPLE --enforce --reason "key found in a public repository"
  $ npx rescind contain arn:aws:sts::111122223333:assumed-role/Build/i-0abc --enforce --yes
  $ npx rescind contain mallory --for 4h --enforce
  $ npx rescind contain mallory --direct --enforce
  $ npx rescind contain mallory --direct --reset-console --enforce

Exit code: 0 planned, contained or gone; 1 not achieved, the reason is printed; 2 wrong use.`,
    )
    .action((principal: string, options: Options) => reportingProblems(() => contain(principal, options)));
}

async function contain(written: string, options: Options): Promise<void> {
  const asked = askedFor(options);
  const { ask, canAsk } = await import('../contain/ask.ts');
  if (options.enforce === true && options.yes !== true && !canAsk()) {
    throw new CommandProblem('Nobody is there to ask: --enforce needs a terminal, or --yes.', 2);
  }
  const door = await openDoor(options, written);
  try {
    if (options.enforce === true && options.yes !== true) {
      const planned = await door.carry({ ...asked, enforce: false });
      if (planned === undefined) return refused();
      if (!canBeCarriedOut(planned)) return await report(door, planned, written, options);
      await showPlan(door, planned);
      if (!(await ask('Carry this out?'))) {
        tell(`Nothing was changed. ${planned.caseId} stays as it is.`);
        return refused();
      }
    }
    const done = await door.carry({ ...asked, enforce: options.enforce === true });
    if (done === undefined) return refused();
    await report(door, done, written, options);
  } finally {
    door.close();
  }
}

async function openDoor(options: Options, written: string): Promise<Door> {
  // The SDK is loaded only by commands that need it: help is instant.
  if (options.direct === true) return (await import('../direct/direct-door.ts')).directDoor(options, written, tell);
  return (await import('../contain/stack-door.ts')).stackDoor(options, written, tell);
}

/** Why was told already. */
function refused(): void {
  process.exitCode = 1;
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Everything of the order that the options say; wrong use is told before anything is read. */
function askedFor(options: Options): Asked {
  if (options.direct === true && (options.for !== undefined || options.playbook === 'lock')) {
    throw new CommandProblem(
      'A lock ends by itself, which needs a deployed stack: with --direct contain, and release when it is over.',
      2,
    );
  }
  if (options.resetConsole === true && options.direct !== true) {
    throw new CommandProblem(
      'No role of Rescind may set passwords, for whoever could use it would set one that they know. With your own credentials: aws iam update-login-profile, or, where no stack is deployed, npx rescind contain USER --direct --reset-console.',
      2,
    );
  }
  const { reason } = options;
  const playbook = options.playbook ?? (options.for === undefined ? 'contain' : 'lock');
  if ((playbook === 'lock') !== (options.for !== undefined)) {
    throw new CommandProblem('--for says how long a lock lasts, and only a lock has an end: give both or neither.', 2);
  }
  if (reason !== undefined && reason.length > LONGEST_REASON) {
    throw new CommandProblem(`--reason takes at most ${LONGEST_REASON} characters.`, 2);
  }
  if (options.resetConsole === true && playbook !== 'contain') {
    throw new CommandProblem('--reset-console goes with the playbook contain: leave one of the two out.', 2);
  }
  const said = { kind: 'contain' as const, playbook, ...(reason === undefined ? {} : { reason }) };
  if (options.for === undefined) return said;
  const reading = parseDuration(options.for);
  if (reading.kind === 'wrong') throw new CommandProblem(`--for ${reading.message}`, 2);
  if (reading.seconds < SHORTEST_LOCK_SECONDS || reading.seconds > LONGEST_LOCK_SECONDS) {
    throw new CommandProblem('A lock lasts from 5 minutes, or it would end before it was verified, to 30 days.', 2);
  }
  return { ...said, seconds: reading.seconds };
}

/** Whether a yes would come to anything: not where there is nobody, or nobody whom Rescind may or can touch. */
function canBeCarriedOut({ outcome }: Case): boolean {
  if (outcome?.kind === 'refused') return outcome.reason !== 'protected';
  return outcome?.kind !== 'not-containable' && outcome?.kind !== 'gone';
}

async function showPlan({ store }: Door, { caseId, planVersion }: Case): Promise<void> {
  const { planLines } = await import('../cases/render-case.ts');
  const plan = await store.plan(caseId, planVersion);
  for (const line of plan === undefined ? [] : planLines(plan)) tell(line);
}

async function report({ store, flag }: Door, { caseId }: Case, written: string, options: Options): Promise<void> {
  const { readWholeCase } = await import('../cases/whole-case.ts');
  const { renderContainment } = await import('../contain/render-containment.ts');
  const whole = await readWholeCase(store, caseId);
  if (whole === undefined) throw new CommandProblem(`There is no case ${caseId} any more.`);
  const { playbook, for: length } = options;
  const asWritten = {
    principal: written,
    ...(playbook === undefined ? {} : { playbook }),
    ...(length === undefined ? {} : { for: length }),
  };
  if (options.json === true) process.stdout.write(`${JSON.stringify(whole)}\n`);
  else for (const line of renderContainment(whole, asWritten, flag)) process.stdout.write(`${line}\n`);
  const kind = whole.case.outcome?.kind;
  if (kind !== 'contained' && kind !== 'gone' && kind !== 'planned') process.exitCode = 1;
}
