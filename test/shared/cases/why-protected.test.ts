import { describe, expect, test } from 'vitest';
import { personOf } from '../../../shared/cases/person-subject.ts';
import type { Subject } from '../../../shared/cases/subject.ts';
import { whyProtected } from '../../../shared/cases/why-protected.ts';
import { BOB, CENTER, EVE } from '../../support/fake-identity-center.ts';

const policy = { protected: [`idc:${EVE}`, 'arn:aws:iam::*:role/BreakGlass*', 'arn:aws:iam::*:user/root-keeper'] };

function person(userId: string): Subject {
  const made = personOf({ userId, account: '111122223333', label: userId }, CENTER);
  if (made === undefined) throw new Error(`${userId} is no id`);
  return made;
}
function role(roleName: string): Subject {
  const arn = `arn:aws:iam::111122223333:role/${roleName}`;
  return { kind: 'role', key: 'role:AROA1', account: '111122223333', roleId: 'AROA1', roleName, arn };
}
const bucket: Subject = {
  kind: 'resource',
  key: 'resource:arn:aws:s3:::acme-finance',
  account: '111122223333',
  region: 'us-east-1',
  arn: 'arn:aws:s3:::acme-finance',
};

describe('nobody touches', () => {
  test.each([
    ['a user of Identity Center whose id the policy names', person(EVE), `idc:${EVE} is protected in rescind.yaml.`],
    ['a role that the policy names', role('BreakGlass-2'), 'role/BreakGlass-2 is protected in rescind.yaml.'],
    ['a role of Rescind', role('Rescind-contain'), 'a role of Rescind itself'],
  ])('%s', (_, subject, why) => {
    expect(whyProtected(policy, subject)).toContain(why);
  });
});

describe('nothing keeps Rescind from', () => {
  test.each([
    ['another user of Identity Center', person(BOB)],
    ['another role', role('Developer')],
    ['a resource', bucket],
  ])('%s', (_, subject) => {
    expect(whyProtected(policy, subject)).toBeUndefined();
  });
});
