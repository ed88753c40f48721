import { describe, expect, test } from 'vitest';
import type { Partners } from '../../../shared/access/partners.ts';
import { NO_LINEAGE } from '../../../shared/access/session-lineage.ts';
import { createScene, ran, roleSubject } from './scene.ts';

const PARTNER = '444455556666';
const STRANGER = '777788889999';
const trusting = (...accounts: readonly string[]) =>
  `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":${JSON.stringify(accounts)}},"Action":"sts:AssumeRole"}]}`;

async function reverted(accounts: readonly string[], partners?: Partners) {
  const { fake, contain } = createScene();
  const role = fake.createRole('builder', { trust: trusting(...accounts) });
  const report = await contain({
    subject: roleSubject(role),
    actions: ['revert-trust'],
    part: 'revert',
    granted: [{ kind: 'trust-opened', principal: 'builder', accounts }],
    ...(partners === undefined ? {} : { lineage: { ...NO_LINEAGE, partners } }),
  });
  const denied = JSON.parse(role.trust).Statement.flatMap(
    ({ Effect, Condition }: { Effect: string; Condition?: object }) => (Effect === 'Deny' ? [Condition] : []),
  );
  return { denied, reasons: ran(report).shortfalls.map(({ reason }) => reason) };
}

describe('a role that a detected call opened', () => {
  test('stays open to an account that used it before, and is closed to one that did not', async () => {
    const { denied, reasons } = await reverted([PARTNER, STRANGER], { known: [PARTNER], untold: [] });
    expect(denied).toEqual([{ StringEquals: { 'aws:PrincipalAccount': [STRANGER] } }]);
    expect(reasons).toContain(
      `account ${PARTNER} is let in and not denied: it opened sessions of the role before the detected call`,
    );
  });

  test('is not touched where the call opened it to nobody new, and a person is told', async () => {
    const { denied, reasons } = await reverted([PARTNER], { known: [PARTNER], untold: [] });
    expect(denied).toEqual([]);
    expect(reasons).toHaveLength(2);
  });

  test('is left to a person where the record cannot tell who used it before', async () => {
    const { denied, reasons } = await reverted([STRANGER], { known: [], untold: [STRANGER] });
    expect(denied).toEqual([]);
    expect(reasons[0]).toContain('could not be read from the access record');
  });

  test('is closed to every account where nobody keeps a record', async () => {
    const { denied } = await reverted([PARTNER, STRANGER]);
    expect(denied).toEqual([{ StringEquals: { 'aws:PrincipalAccount': [PARTNER, STRANGER] } }]);
  });
});
