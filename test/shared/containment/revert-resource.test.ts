import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ResourceGrant } from '../../../shared/cases/case.ts';
import { ACTION_IDS } from '../../../shared/containment/action.ts';
import { contain } from '../../../shared/containment/contain.ts';
import { restore } from '../../../shared/containment/restore.ts';
import { createFakeIam, QUARANTINE_ARN } from '../../support/fake-iam.ts';
import { createFakeResources } from '../../support/fake-resources.ts';
import { createMemoryLedger } from '../../support/memory-ledger.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const place = { account: '111122223333', region: 'eu-west-1' } as const;
const TRAIL = { ...place, arn: 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/main' };
const GROUP = { ...place, arn: 'arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0123456789abcdef0' };
const BUCKET = { ...place, arn: 'arn:aws:s3:::acme-finance' };

const block = fc.record({
  BlockPublicAcls: fc.boolean(),
  IgnorePublicAcls: fc.boolean(),
  BlockPublicPolicy: fc.boolean(),
  RestrictPublicBuckets: fc.boolean(),
});
const rule = fc.record({
  protocol: fc.constantFrom('tcp', 'udp', '-1', '50'),
  fromPort: fc.constantFrom(22, 443, 0),
  toPort: fc.constantFrom(443, 65_535),
  source: fc.constantFrom('0.0.0.0/0', '::/0', 'pl-0aa', 'sg-0bb', '203.0.113.0/24'),
});
/** As EC2 keeps them: no two that let in the same, and no ports where all protocols are meant. */
const rules = fc
  .array(rule, { maxLength: 8 })
  .map((all) => all.map((one) => (one.protocol === '-1' ? { ...one, fromPort: -1, toPort: -1 } : one)))
  .map((all) => [...new Map(all.map((one) => [JSON.stringify(one), one])).values()])
  .map((all) =>
    all.map((one, n) => ({ ...one, ruleId: `sgr-${n}`, ...(n % 2 === 0 ? { description: `nr ${n}` } : {}) })),
  );

/** What stood before, what the detected call did to it, and which of the standing rules it had let in. */
const cases = fc.record({
  which: fc.constantFrom('trail' as const, 'group' as const, 'bucket' as const),
  logging: fc.boolean(),
  left: fc.option(block, { nil: null }),
  standing: rules,
  opened: fc.array(fc.nat(7), { maxLength: 4 }),
});

describe('a change of another service that is undone and given back', () => {
  test('is as it was, byte for byte, and whatever no detected call changed was never touched', () =>
    fc.assert(
      fc.asyncProperty(cases, async ({ which, logging, left, standing, opened }) => {
        const clock = createVirtualClock('2026-11-21T02:00:00.250Z');
        const fake = createFakeResources();
        fake.trails.set(TRAIL.arn, logging);
        fake.groups.set(GROUP.arn, standing);
        fake.blocks.set(BUCKET.arn, left);
        const theirs = standing.filter((_, n) => opened.includes(n));
        const grants: Readonly<Record<typeof which, ResourceGrant>> = {
          trail: { kind: 'trail-stopped', resource: TRAIL },
          group: { kind: 'ingress-opened', resource: GROUP, rules: theirs, leftOut: 0 },
          bucket: { kind: 'access-block-removed', resource: BUCKET, left },
        };
        const grant = grants[which];
        const subject = { kind: 'resource', key: `resource:${grant.resource.arn}`, ...grant.resource } as const;
        const before = [...fake.things()].sort();
        const ledger = createMemoryLedger(clock);
        const deps = { iam: createFakeIam().iam, resources: fake.resourcesWith(clock, () => 0.5), clock };

        for (const pass of ['first', 'reassert'] as const) {
          await contain(
            { ...deps, ledger: ledger.takeLease(), mayWrite: async () => ({ ok: true }) },
            {
              subject,
              actions: ACTION_IDS,
              part: 'revert',
              pass,
              granted: [grant],
              quarantinePolicyArn: QUARANTINE_ARN,
              sessionMarginSeconds: 60,
            },
          );
        }
        const lost = before.filter((thing) => ![...fake.things()].some((now) => String(now) === String(thing)));
        expect(fake.open(grant.resource.arn)).toEqual([]);
        expect(lost.length).toBeLessThanOrEqual(which === 'group' ? theirs.length : 1);
        if (which === 'group')
          expect(fake.groups.get(GROUP.arn)).toEqual(standing.filter((one) => !theirs.includes(one)));

        const report = await restore({ ...deps, ledger: ledger.takeLease() }, { subject, withheld: [] });
        expect(report).toMatchObject({ kind: 'ran', conflicts: [], failed: [] });
        expect([...fake.things()].sort()).toEqual(before);
      }),
      { numRuns: 200 },
    ));
});
