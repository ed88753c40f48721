import { describe, expect, test } from 'vitest';
import type { Granted } from '../../../shared/cases/case.ts';
import type { ActionId } from '../../../shared/containment/action.ts';
import { inlineNamesOf, planContainment } from '../../../shared/containment/plan-containment.ts';
import { readDocuments, readSubject } from '../../../shared/containment/read-subject.ts';
import { documentHash } from '../../../shared/containment/same-document.ts';
import { ADMINISTRATOR_ARN, QUARANTINE_ARN, READ_ONLY_ARN } from '../../support/fake-iam.ts';
import { createScene, userSubject } from './scene.ts';

const REVERT: readonly ActionId[] = ['revert-attachment', 'revert-access-key', 'revert-inline-policy'];
const allow = (action: string) =>
  `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"${action}","Resource":"*"}]}`;
const attached = (policyArn: string): Granted => ({ kind: 'policy-attached', principal: 'bob', to: 'user', policyArn });
const written = (policyName: string, document: string): Granted => ({
  kind: 'inline-policy-put',
  principal: 'bob',
  to: 'user',
  policyName,
  documentHash: documentHash(document) ?? '',
});

/** What no record tells of undoing these on somebody who has them all. */
async function doubtsOf(granted: readonly Granted[], actions: readonly ActionId[] = REVERT) {
  const { fake } = createScene();
  const bob = fake.createUser('bob', {
    attached: new Set([ADMINISTRATOR_ARN, READ_ONLY_ARN]),
    inline: new Map([
      ['reports', allow('s3:GetObject')],
      ['all', allow('iam:*')],
    ]),
    accessKeys: new Map([['AKIABOB', 'Active']]),
  });
  const subject = userSubject(bob);
  const snapshot = await readSubject({ iam: fake.iam }, subject, inlineNamesOf(subject, actions, 0, granted));
  const documents = await readDocuments(fake.iam, snapshot, QUARANTINE_ARN, granted);
  const plan = planContainment({
    subject,
    actions,
    snapshot,
    documents,
    granted,
    quarantinePolicyArn: QUARANTINE_ARN,
    cutOff: '2026-11-21T02:01:01Z',
  });
  if (plan.kind !== 'plan') throw new Error(`No plan: ${JSON.stringify(plan)}`);
  return plan.doubts;
}

describe('whether it was there before the detected call, no record tells', () => {
  test.each([
    [
      'an attached policy',
      attached(READ_ONLY_ARN),
      `whether ${READ_ONLY_ARN} was attached to bob before the detected call`,
    ],
    [
      'an inline policy',
      written('reports', allow('s3:GetObject')),
      'whether inline policy reports of user bob said the same before the detected call',
    ],
  ])('of %s that makes nobody an administrator', async (_, granted, doubt) => {
    expect(await doubtsOf([granted])).toEqual([doubt]);
  });

  test.each([
    ['a policy that makes an administrator comes off at once', attached(ADMINISTRATOR_ARN)],
    ['and so does such an inline policy', written('all', allow('iam:*'))],
    ['a policy that nobody sees yet was made just now', attached('arn:aws:iam::111122223333:policy/new')],
    ['a key is new whenever it is created', { kind: 'access-key-created', principal: 'bob', accessKeyId: 'AKIABOB' }],
  ] as const)('but %s', async (_, granted) => {
    expect(await doubtsOf([granted])).toBeUndefined();
  });

  test('is nobody’s question where the subject is denied everything as well', async () => {
    expect(await doubtsOf([attached(READ_ONLY_ARN)], ['quarantine', ...REVERT])).toBeUndefined();
  });
});
