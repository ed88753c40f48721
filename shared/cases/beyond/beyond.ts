import type { PersonNamed } from '../../identity-center/reach.ts';
import { LONGEST_TEXT, storable } from '../storable.ts';
import type { Subject } from '../subject.ts';

export type BeyondSubject = Extract<Subject, { kind: 'beyond' }>;

/** Somebody whom no IAM change of ours contains, with what a person does instead. */
export function beyond(
  key: string,
  account: string,
  label: string,
  why: string,
  humanSteps: readonly string[],
): BeyondSubject {
  // The key is part of a partition key of 2,048 bytes; a letter has at most three in UTF-8.
  return {
    kind: 'beyond',
    key: storable(key, 640),
    account,
    label: storable(label, LONGEST_TEXT),
    why: storable(why, LONGEST_TEXT),
    humanSteps: humanSteps.map((step) => storable(step, LONGEST_TEXT)),
  };
}

/** One of them who is a user of IAM Identity Center. Nobody bears a name there that had to be cut. */
export function ofPerson(subject: BeyondSubject, person: PersonNamed): BeyondSubject {
  const named = 'userId' in person ? person.userId : person.userName;
  return storable(named, LONGEST_NAME) === named ? { ...subject, person } : subject;
}

/** https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_CreateUser.html */
const LONGEST_NAME = 128;
