import type { IdentityCenterPolicy } from '../identity-center/reach.ts';
import { isUserId, personKey } from '../identity-center/user-id.ts';
import type { PersonSubject, Subject } from './subject.ts';

/**
 * A user of Identity Center whose id is known is somebody whom Rescind can contain, where the policy lets it; everybody else
 * stays who they were. One case for the person, whatever sessions they act in.
 */
export function asPerson(subject: Subject, center: IdentityCenterPolicy | undefined): Subject {
  if (center?.contain !== true || subject.kind !== 'beyond' || subject.person === undefined) return subject;
  const { person, account, label } = subject;
  return 'userId' in person ? (personOf({ ...person, account, label }, center) ?? subject) : subject;
}

/** `undefined`: the id is none, and no policy is written from it. */
export function personOf(
  of: Pick<PersonSubject, 'userId' | 'userName' | 'account' | 'label'>,
  { instanceArn, region }: IdentityCenterPolicy,
): PersonSubject | undefined {
  if (!isUserId(of.userId)) return undefined;
  const partition = instanceArn.split(':')[1] ?? 'aws';
  return {
    kind: 'person',
    key: personKey(of.userId),
    region,
    arn: `arn:${partition}:identitystore:::user/${of.userId}`,
    ...of,
  };
}
