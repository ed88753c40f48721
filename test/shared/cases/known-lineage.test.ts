import { describe, expect, test } from 'vitest';
import { type LineageOf, NO_LINEAGE } from '../../../shared/access/session-lineage.ts';
import type { Detection } from '../../../shared/cases/case.ts';
import { knownLineage } from '../../../shared/cases/known-lineage.ts';
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
