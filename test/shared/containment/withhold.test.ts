import { expect, test } from 'vitest';
import type { Detection } from '../../../shared/cases/case.ts';
import { withhold } from '../../../shared/containment/withhold.ts';
import { ADMINISTRATOR_ARN } from '../../support/fake-iam.ts';
import { createScene, userSubject } from './scene.ts';

const detection = (of: Partial<Detection>): Detection => ({
  ruleId: 'r1',
  ruleTitle: 'Administrator policy attached',
  ruleFile: 'rules/a.yml',
  level: 'critical',
  eventId: 'e1',
  eventTime: '2026-11-21T02:00:00Z',
  detectedAt: '2026-11-21T02:00:01Z',
  eventSource: 'iam.amazonaws.com',
  eventName: 'AttachUserPolicy',
  region: 'us-east-1',
  actor: 'alice',
  granted: [],
  playbook: 'contain',
  ...of,
});

async function entries() {
  const { fake, contain, ledger } = createScene();
  const user = fake.createUser('alice', {
    attached: new Set([ADMINISTRATOR_ARN]),
    accessKeys: new Map([
      ['AKIAONE', 'Active'],
      ['AKIATWO', 'Active'],
    ]),
    sshKeys: new Map([['APKASSH', 'Active']]),
  });
  await contain({ subject: userSubject(user) });
  await contain({ subject: userSubject(user), pass: 'detach' });
  return ledger.entries();
}

test('administrator rights wait for a second approval; everything else comes back', async () => {
  expect(withhold(await entries(), [], false)).toEqual([
    {
      key: `detach-policies#${ADMINISTRATOR_ARN}`,
      target: `policy ${ADMINISTRATOR_ARN}`,
      reason: 'administrator rights need a second approval',
    },
  ]);
});

test('the key that made the detected calls is compromised; the other key comes back', async () => {
  const withheld = withhold(await entries(), [detection({ accessKeyId: 'AKIAONE' })], false);
  expect(withheld.map(({ key }) => key)).toContain('deactivate-keys#AKIAONE');
  expect(withheld.map(({ key }) => key)).not.toContain('deactivate-keys#AKIATWO');
});

test('what a detected call granted does not come back, and the reason says so', async () => {
  const withheld = withhold(
    await entries(),
    [
      detection({ granted: [{ kind: 'policy-attached', principal: 'alice', policyArn: ADMINISTRATOR_ARN }] }),
      detection({ granted: [{ kind: 'access-key-created', principal: 'alice', accessKeyId: 'AKIATWO' }] }),
    ],
    false,
  );
  expect(withheld.map(({ key, reason }) => [key, reason])).toEqual([
    ['deactivate-keys#AKIATWO', 'it was created by a call that was detected'],
    [`detach-policies#${ADMINISTRATOR_ARN}`, 'it was attached by a call that was detected'],
  ]);
});

test('a grant to somebody else says nothing of this user’s', async () => {
  const granted = [{ kind: 'policy-attached', principal: 'bob', policyArn: ADMINISTRATOR_ARN }] as const;
  expect(withhold(await entries(), [detection({ granted })], false)[0]?.reason).toBe(
    'administrator rights need a second approval',
  );
});

test('all means all', async () => {
  expect(withhold(await entries(), [detection({ accessKeyId: 'AKIAONE' })], true)).toEqual([]);
});

test('what was given back already is not withheld', async () => {
  const undone = (await entries()).map((entry) => ({ ...entry, state: 'undone' as const }));
  expect(withhold(undone, [detection({ accessKeyId: 'AKIAONE' })], false)).toEqual([]);
});
