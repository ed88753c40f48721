import { describe, expect, test } from 'vitest';
import type { PartnersOf } from '../../../shared/access/partners.ts';
import { type LineageOf, NO_LINEAGE } from '../../../shared/access/session-lineage.ts';
import type { Detection } from '../../../shared/cases/case.ts';
import { knownLineage, knownPartners } from '../../../shared/cases/known-lineage.ts';
import { detection } from '../../support/case-scene.ts';

const SESSION = {
  kind: 'session',
  key: 'session:AROADEPLOY:GitHubActions',
  account: '111122223333',
  roleId: 'AROADEPLOY',
  roleName: 'deploy',
  arn: 'arn:aws:iam::111122223333:role/deploy',
  sessionName: 'GitHubActions',
} as const;

const login = (sub: string) => ({ provider: 'id.example', sub, claims: { 'id.example:sub': sub } });
const VICTIM = detection({ ruleId: 'told', playbook: 'alert', accessKeyId: 'ASIAVICTIM', login: login('victim') });
const THIEF = detection({ ruleId: 'acts', accessKeyId: 'ASIATHIEF', login: login('thief') });

/** Whose credentials the record is asked about, and whose logins come of the detections themselves. */
async function meant(...detections: readonly Detection[]) {
  const asked: LineageOf[] = [];
  const found = await knownLineage(
    async (of) => {
      asked.push(of);
      return NO_LINEAGE;
    },
    { actions: ['revoke-session', 'deny-login'], mode: 'enforce' },
    SESSION,
    detections,
  );
  return { keys: asked.flatMap(({ keys }) => keys), logins: found?.logins.map(({ sub }) => sub) };
}

describe('somebody else’s session of the same name', () => {
  test.each([
    ['that a rule only told of', { mode: 'enforce' }],
    ['that a rule in a lower mode would have contained', { playbook: 'contain', mode: 'approve' }],
    ['that no playbook fits', { playbook: 'contain', mode: 'enforce', unfit: 'not for this' }],
  ] as const)('%s does not get its login denied', async (_, of) => {
    expect(await meant({ ...VICTIM, ...of }, { ...THIEF, mode: 'enforce' })).toEqual({
      keys: ['ASIATHIEF'],
      logins: ['thief'],
    });
  });

  test('belongs to it where a person, who saw the case, ordered the containment', async () => {
    const order = detection({ ruleId: 'hand', eventSource: 'rescind', mode: 'enforce' });
    expect((await meant({ ...VICTIM, mode: 'observe' }, order)).logins).toEqual(['victim']);
  });
});

describe('partners of a role that was opened', () => {
  const ROLE = {
    kind: 'role',
    key: 'role:AROADEPLOY',
    account: '111122223333',
    roleId: 'AROADEPLOY',
    roleName: 'deploy',
    arn: 'arn:aws:iam::111122223333:role/deploy',
  } as const;
  const opened = (eventTime: string, ...accounts: readonly string[]) =>
    detection({
      eventTime,
      playbook: 'revert',
      mode: 'enforce',
      granted: [{ kind: 'trust-opened', principal: 'deploy', accounts }],
    });

  async function askedFor(detections: readonly Detection[], subject: typeof ROLE | typeof SESSION = ROLE) {
    const asked: PartnersOf[] = [];
    const found = await knownPartners(
      async (of) => {
        asked.push(of);
        return { known: of.accounts.slice(0, 1), untold: [] };
      },
      { mode: 'enforce' },
      subject,
      detections,
    );
    return { asked, found };
  }

  test('are asked for from before the first of the calls, each account once, and everybody is none', async () => {
    const { asked, found } = await askedFor([
      opened('2026-11-21T02:00:05Z', '777788889999', '444455556666'),
      opened('2026-11-21T02:00:01Z', '444455556666', '*'),
    ]);
    expect(asked).toEqual([
      { roleId: 'AROADEPLOY', accounts: ['444455556666', '777788889999'], before: '2026-11-21T02:00:01Z' },
    ]);
    expect(found).toEqual({ known: ['444455556666'], untold: [] });
  });

  test.each([
    ['a call that is only told of', [{ ...opened('2026-11-21T02:00:01Z', '444455556666'), playbook: 'alert' }]],
    ['a call that opened it to everybody', [opened('2026-11-21T02:00:01Z', '*')]],
    [
      'a call about another role',
      [
        {
          ...opened('2026-11-21T02:00:01Z'),
          granted: [{ kind: 'trust-opened', principal: 'other', accounts: ['444455556666'] }],
        },
      ],
    ],
  ] as const)('nobody is asked for after %s', async (_, detections) => {
    expect((await askedFor(detections)).asked).toEqual([]);
  });

  test('that cannot be read are told as such, and nobody counts as new', async () => {
    const found = await knownPartners(() => Promise.reject(new Error('Throttling')), { mode: 'enforce' }, ROLE, [
      opened('2026-11-21T02:00:01Z', '444455556666'),
    ]);
    expect(found).toEqual({ known: [], untold: ['444455556666'] });
  });
});
