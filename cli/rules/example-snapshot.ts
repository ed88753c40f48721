import type { Granted } from '../../shared/cases/case.ts';
import type { ContainableSubject } from '../../shared/containment/read-subject.ts';
import type { ResourceState } from '../../shared/containment/resource.ts';
import type { PolicyDocuments, Read, Snapshot } from '../../shared/containment/snapshot.ts';

const read = <T>(value: T): Read<T> => ({ kind: 'read', value });

const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess';
const READER = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

const EXAMPLE_TRUST =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole"}]}';

/** What IAM might hold of a subject: made up, so that a plan can be shown where there is no account. */
export function exampleSnapshot(
  subject: ContainableSubject,
  inlineNames: readonly string[],
  granted: readonly Granted[],
): Snapshot {
  const inline = inlineNames.map((name) => ({ name, document: read(undefined) }));
  const attached = read([
    { arn: ADMINISTRATOR, name: 'AdministratorAccess' },
    { arn: READER, name: 'ReadOnlyAccess' },
  ]);
  if (subject.kind === 'resource') return exampleResource(subject, granted);
  // What it reaches is in Identity Center alone, so an example has no plan of it.
  if (subject.kind === 'person') return { kind: 'absent', name: subject.label };
  const { arn } = subject;
  if (subject.kind !== 'user') {
    const { roleName, roleId } = subject;
    return { kind: 'role', roleName, roleId, arn, path: '/', trust: EXAMPLE_TRUST, attached, inline };
  }
  const { userName, userId } = subject;
  return {
    kind: 'user',
    userName,
    userId,
    arn,
    attached,
    inline,
    accessKeys: read([
      { id: 'AKIAEXAMPLEFIRSTKEY0', status: 'Active' },
      { id: 'AKIAEXAMPLESECONDKEY', status: 'Inactive' },
    ]),
    serviceCredentials: read([{ id: 'ACCAEXAMPLECREDENTIAL', status: 'Active' }]),
    sshKeys: read([]),
    certificates: read([]),
  };
}

/** As the detected call left it. */
function exampleResource(
  { account, region, arn }: Extract<ContainableSubject, { kind: 'resource' }>,
  granted: readonly Granted[],
): Snapshot {
  const states = granted.flatMap((grant): readonly ResourceState[] => {
    switch (grant.kind) {
      case 'trail-stopped':
        return [{ kind: 'trail', isLogging: false }];
      case 'ingress-opened':
        return [{ kind: 'security-group', rules: grant.rules }];
      case 'access-block-removed':
        return [{ kind: 'access-block', block: grant.left }];
      default:
        return [];
    }
  });
  return { kind: 'resource', account, region, arn, resources: [{ account, region, arn, state: read(states[0]) }] };
}

export const EXAMPLE_DOCUMENTS: PolicyDocuments = new Map([
  [ADMINISTRATOR, read('{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}')],
  [
    READER,
    read('{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:Get*","s3:List*"],"Resource":"*"}]}'),
  ],
]);

/** In one sentence, for whoever reads the plan. */
export const EXAMPLE_SAID =
  'an example against made-up access: the administrator policy, a read-only policy, one active and one inactive key, one service credential; AT-CONTAINMENT stands for the moment when it is done';
