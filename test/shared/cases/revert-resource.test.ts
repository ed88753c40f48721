import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../shared/json.ts';
import { accessEvent, rule, userPrincipal } from '../../support/case-scene.ts';
import { CRASHES, type Crash } from '../../support/timeline.ts';
import { createWholeWorld, type WholeWorld, type WholeWorldOptions } from '../../support/whole-world.ts';

const RULES = [rule({ id: 'undo' }), rule({ id: 'tell', subject: 'resource' })];
const ANSWERS = {
  undo: { playbook: 'revert', mode: 'enforce' },
  tell: { playbook: 'alert', mode: 'enforce' },
} as const;
const TRAIL = 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/main';

function world(options: Partial<WholeWorldOptions> = {}): WholeWorld {
  return createWholeWorld({ seed: 1, order: 'by-time', rules: RULES, answers: ANSWERS, ...options });
}

/** mallory's calls, as CloudTrail tells them. */
function call(
  service: string,
  eventName: string,
  requestParameters: JsonObject,
  more: { eventId?: string; responseElements?: JsonObject; holds?: readonly string[]; resources?: JsonObject[] } = {},
) {
  const { eventId = `${eventName}-1`, responseElements = {}, holds = ['undo'], resources = [] } = more;
  return accessEvent({
    eventId,
    eventName,
    eventSource: `${service}.amazonaws.com`,
    region: 'eu-west-1',
    principal: userPrincipal({ userId: 'AIDAMALLORY', userName: 'mallory', accessKeyId: 'ASIAMALLORY' }),
    record: { requestParameters, responseElements, holds: [...holds], resources },
  });
}

async function release(it: WholeWorld, all: boolean): Promise<void> {
  const [found] = await it.store.list();
  it.order({ kind: 'release', caseId: String(found?.caseId), all });
  await it.timeline.run();
}

describe('a trail that a detected call stopped', () => {
  const stopped = (name = TRAIL, more: Parameters<typeof call>[3] = {}) =>
    call('cloudtrail', 'StopLogging', { name }, more);
  const withTrail = (options: Partial<WholeWorldOptions> = {}): WholeWorld => {
    const it = world(options);
    it.resources.trails.set(TRAIL, false);
    return it;
  };

  test.each([TRAIL, 'main'])('named %s logs again, by one call of revert, and the case is about it', async (name) => {
    const it = withTrail();
    it.send(stopped(name));
    await it.timeline.run();

    expect(it.failures).toEqual([]);
    expect(it.resources.trails.get(TRAIL)).toBe(true);
    expect(it.writes.map(({ operation, function: by }) => [operation, by.split(' ').at(-1)])).toEqual([
      ['StartLogging', 'revert'],
    ]);
    expect(it.unrecorded).toEqual([]);
    expect(await it.store.list()).toMatchObject([
      {
        subject: { kind: 'resource', key: `resource:${TRAIL}` },
        state: 'contained',
        outcome: {
          kind: 'contained',
          residual: [{ what: 'mallory made the change that was undone, and can make it again' }],
        },
      },
    ]);
    expect(it.sent.map(({ state }) => state)).toEqual(['containing', 'contained']);
  });

  test('is not stopped by a release, and is by a release of everything', async () => {
    const it = withTrail();
    it.send(stopped());
    await it.timeline.run();
    await release(it, false);
    expect(it.resources.trails.get(TRAIL)).toBe(true);
    expect(await it.store.list()).toMatchObject([
      { state: 'released', release: { withheld: [{ reason: 'it was changed by a call that was detected' }] } },
    ]);
    await release(it, true);
    expect(it.resources.trails.get(TRAIL)).toBe(false);
    expect(it.failures).toEqual([]);
  });

  test('that somebody started before Rescind is not stopped by any release', async () => {
    const it = withTrail();
    it.resources.trails.set(TRAIL, true);
    it.send(stopped());
    await it.timeline.run();
    expect(await it.store.list()).toMatchObject([{ state: 'contained' }]);
    await release(it, true);
    expect(it.resources.trails.get(TRAIL)).toBe(true);
  });

  test('is started once more by the same case when it is stopped while it is watched', async () => {
    const it = withTrail();
    it.background(it.clock.sleep(6_000).then(() => void it.resources.trails.set(TRAIL, false)));
    it.send(stopped());
    await it.timeline.run();
    expect(it.resources.trails.get(TRAIL)).toBe(true);
    expect(await it.store.ledger('C-1')).toMatchObject([{ reasserted: 1 }]);
    expect(await it.store.list()).toMatchObject([{ state: 'contained' }]);
  });

  test('and was deleted since is gone', async () => {
    const it = world();
    it.send(stopped());
    await it.timeline.run();
    expect(it.writes).toEqual([]);
    expect(await it.store.list()).toMatchObject([{ state: 'released', outcome: { kind: 'gone' } }]);
  });

  test('in mode observe is planned and left alone', async () => {
    const it = withTrail({ answers: { undo: { playbook: 'revert', mode: 'observe' } } });
    it.send(stopped());
    await it.timeline.run();
    expect(it.resources.trails.get(TRAIL)).toBe(false);
    expect((await it.store.plan('C-1', 1))?.steps.map(({ title }) => title)).toEqual([
      'start trail main again, which a detected call stopped',
    ]);
  });

  test('that a rule told of before is started by the case that told of it', async () => {
    const it = withTrail();
    it.send(stopped(TRAIL, { eventId: 'told', holds: ['tell'], resources: [{ ARN: TRAIL }] }));
    await it.timeline.run();
    it.send(stopped(TRAIL, { eventId: 'undone' }));
    await it.timeline.run();
    expect(it.resources.trails.get(TRAIL)).toBe(true);
    expect(await it.store.list()).toMatchObject([{ caseId: 'C-1', state: 'contained' }]);
  });

  test.each([
    ['that was refused', { ...stopped(), errorCode: 'AccessDenied' }],
    ['about a trail of another account', stopped('arn:aws:cloudtrail:eu-west-1:444455556666:trail/main')],
    ['about what is no name of a trail', stopped('x;reboot')],
  ])('is left alone after a call %s, and a person is told', async (_, event) => {
    const it = withTrail();
    it.send(event);
    await it.timeline.run();
    expect(it.writes).toEqual([]);
    expect(await it.store.list()).toMatchObject([{ state: 'needs-human', outcome: { kind: 'not-containable' } }]);
  });

  test.each([
    ['denied', 'AccessDenied'],
    ['unavailable', 'is not available'],
  ] as const)('whose state is %s to read is left alone, and a person is told how', async (fault, why) => {
    const it = withTrail();
    it.resources.failOn('GetTrailStatus', 1, fault, 1_000);
    it.send(stopped());
    await it.timeline.run();
    expect(it.writes).toEqual([]);
    const [found] = await it.store.list();
    expect(found).toMatchObject({ state: 'needs-human', outcome: { kind: 'partial' } });
    expect(JSON.stringify(found?.outcome)).toContain(why);
    expect(JSON.stringify(found?.outcome)).toContain(`aws cloudtrail start-logging --name ${TRAIL}`);
  });

  test('logs again whichever call of a function is its last, and is stopped again by a release of everything', async () => {
    const straight = withTrail();
    straight.send(stopped());
    await straight.timeline.run();
    const calls = straight.timeline.calls();
    expect(calls).toBeGreaterThan(20);
    for (let at = 1; at <= calls; at += 1) {
      const how = CRASHES[at % CRASHES.length] ?? 'before';
      const it = withTrail({ crashes: new Map<number, Crash>([[at, how]]) });
      it.send(stopped());
      await it.timeline.run();
      const what = `${how} call ${at}`;
      expect([what, it.resources.trails.get(TRAIL), it.unrecorded]).toEqual([what, true, []]);
      expect([what, (await it.store.list()).map(({ state }) => state)]).toEqual([what, ['contained']]);
      await release(it, true);
      expect([what, it.resources.trails.get(TRAIL)]).toEqual([what, false]);
    }
  });
});

describe('rules that a detected call let into a security group', () => {
  const GROUP = 'arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0123456789abcdef0';
  const SSH = { protocol: 'tcp', fromPort: 22, toPort: 22, source: '0.0.0.0/0' };
  const WEB = { protocol: 'tcp', fromPort: 443, toPort: 443, source: '0.0.0.0/0' };
  /** As EC2 answers, in CloudTrail's spelling. */
  const answer = (...ids: string[]): JsonObject => ({
    securityGroupRuleSet: {
      items: ids.map((securityGroupRuleId) => ({
        groupOwnerId: '111122223333',
        groupId: 'sg-0123456789abcdef0',
        securityGroupRuleId,
        isEgress: false,
        ipProtocol: 'tcp',
        fromPort: 22,
        toPort: 22,
        cidrIpv4: '0.0.0.0/0',
      })),
    },
  });
  const opened = (more: Parameters<typeof call>[3] = { responseElements: answer('sgr-0aaa') }) =>
    call(
      'ec2',
      'AuthorizeSecurityGroupIngress',
      {
        groupId: 'sg-0123456789abcdef0',
        ipPermissions: {
          items: [{ ipProtocol: 'tcp', fromPort: 22, toPort: 22, ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } }],
        },
      },
      more,
    );
  const withGroup = (options: Partial<WholeWorldOptions> = {}): WholeWorld => {
    const it = world(options);
    it.resources.groups.set(GROUP, [
      { ...WEB, ruleId: 'sgr-0fff', description: 'the shop' },
      { ...SSH, ruleId: 'sgr-0aaa', description: 'just for a moment' },
    ]);
    return it;
  };
  const sourcesOf = (it: WholeWorld) =>
    (it.resources.groups.get(GROUP) ?? []).map(({ toPort, description }) => `${toPort} ${description}`);

  test.each([
    ['by the answer of EC2', opened()],
    ['by what was asked for, where a record has no answer', opened({})],
  ])('are taken out, and no other, %s', async (_, event) => {
    const it = withGroup();
    it.send(event);
    await it.timeline.run();
    expect(it.failures).toEqual([]);
    expect(sourcesOf(it)).toEqual(['443 the shop']);
    expect(it.resources.calls().map(({ operation, input }) => [operation, input])).toEqual([
      [
        'RevokeSecurityGroupIngress',
        {
          GroupId: 'sg-0123456789abcdef0',
          IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
        },
      ],
    ]);
    expect(await it.store.list()).toMatchObject([{ subject: { key: `resource:${GROUP}` }, state: 'contained' }]);

    await release(it, false);
    expect(sourcesOf(it)).toEqual(['443 the shop']);
    await release(it, true);
    expect(sourcesOf(it)).toEqual(['443 the shop', '22 just for a moment']);
  });

  test('are asked to go although they are not seen, and then no release lets them in', async () => {
    const it = withGroup();
    it.resources.groups.set(GROUP, [{ ...WEB, ruleId: 'sgr-0fff', description: 'the shop' }]);
    it.send(opened());
    await it.timeline.run();
    expect(await it.store.list()).toMatchObject([{ state: 'contained' }]);
    await release(it, true);
    expect(sourcesOf(it)).toEqual(['443 the shop']);
  });

  test('and that somebody let in anew since under another id are left, and a person is told', async () => {
    const it = withGroup();
    it.send(opened({ responseElements: answer('sgr-0bbb') }));
    await it.timeline.run();
    expect(sourcesOf(it)).toHaveLength(2);
    expect(it.writes).toEqual([]);
    const [found] = await it.store.list();
    expect(found).toMatchObject({ state: 'needs-human', outcome: { kind: 'partial' } });
    expect(JSON.stringify(found?.outcome)).toContain('was let in anew since, as sgr-0aaa');
    expect(JSON.stringify(found?.outcome)).toContain('--security-group-rule-ids sgr-0bbb --region eu-west-1');
  });

  test('and are let in again while it is watched are taken out again', async () => {
    const it = withGroup();
    it.background(
      it.clock.sleep(6_000).then(() => {
        it.resources.groups.set(GROUP, [...(it.resources.groups.get(GROUP) ?? []), { ...SSH, ruleId: 'sgr-0ccc' }]);
      }),
    );
    it.send(opened());
    await it.timeline.run();
    expect(sourcesOf(it)).toEqual(['443 the shop']);
    expect(await it.store.ledger('C-1')).toMatchObject([{ reasserted: 1 }]);
  });

  test('and were let in anew after the revert are not let in a second time by a release', async () => {
    const it = withGroup();
    it.send(opened());
    await it.timeline.run();
    it.resources.groups.set(GROUP, [{ ...SSH, ruleId: 'sgr-0ddd', description: 'by the team' }]);
    await release(it, true);
    expect(sourcesOf(it)).toEqual(['22 by the team']);
    expect(await it.store.ledger('C-1')).toMatchObject([{ state: 'conflict' }]);
  });

  test('are taken out whichever call of a function is the last, and come back with all', async () => {
    const straight = withGroup();
    straight.send(opened());
    await straight.timeline.run();
    for (let at = 1; at <= straight.timeline.calls(); at += 1) {
      const it = withGroup({ crashes: new Map<number, Crash>([[at, CRASHES[at % CRASHES.length] ?? 'before']]) });
      it.send(opened());
      await it.timeline.run();
      expect([at, sourcesOf(it), it.unrecorded]).toEqual([at, ['443 the shop'], []]);
      await release(it, true);
      expect([at, sourcesOf(it)]).toEqual([at, ['443 the shop', '22 just for a moment']]);
    }
  });
});

describe('a public access block that a detected call took away or loosened', () => {
  const BUCKET = 'arn:aws:s3:::acme-finance';
  const ACCOUNT = 'arn:aws:iam::111122223333:root';
  const ON = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
  const LOOSE = { ...ON, BlockPublicPolicy: false };
  const removed = () => call('s3', 'DeleteBucketPublicAccessBlock', { bucketName: 'acme-finance' });
  const loosened = () =>
    call('s3', 'PutBucketPublicAccessBlock', { bucketName: 'acme-finance', PublicAccessBlockConfiguration: LOOSE });
  const ofAccount = () => call('s3', 'DeleteAccountPublicAccessBlock', {});

  test.each([
    ['from a bucket', removed(), BUCKET, null],
    ['of a bucket', loosened(), BUCKET, LOOSE],
    ['from the account', ofAccount(), ACCOUNT, null],
  ])('%s is put up whole, said to be partial, and as it was left after a release of everything', async (...of) => {
    const [, event, arn, left] = of;
    const it = world();
    it.resources.blocks.set(arn, left);
    it.send(event);
    await it.timeline.run();
    expect(it.failures).toEqual([]);
    expect(it.resources.blocks.get(arn)).toEqual(ON);
    const [found] = await it.store.list();
    expect(found).toMatchObject({
      subject: { key: `resource:${arn}` },
      state: 'needs-human',
      outcome: { kind: 'partial', missing: [{ reason: expect.stringContaining('is not in the record') }] },
    });
    await release(it, false);
    expect(it.resources.blocks.get(arn)).toEqual(ON);
    await release(it, true);
    expect(it.resources.blocks.get(arn)).toEqual(left);
  });

  test('of a bucket is asked for with its owner, so that no bucket of the same name elsewhere is meant', async () => {
    const it = world();
    it.resources.blocks.set(BUCKET, null);
    it.send(removed());
    await it.timeline.run();
    expect(it.resources.calls().map(({ input }) => input)).toEqual([
      { Bucket: 'acme-finance', ExpectedBucketOwner: '111122223333', PublicAccessBlockConfiguration: ON },
    ]);
  });

  test('and that somebody set otherwise since is left, and a person is told', async () => {
    const it = world();
    const theirs = { ...ON, RestrictPublicBuckets: false };
    it.resources.blocks.set(BUCKET, theirs);
    it.send(loosened());
    await it.timeline.run();
    expect(it.resources.blocks.get(BUCKET)).toEqual(theirs);
    expect(it.writes).toEqual([]);
    const [found] = await it.store.list();
    expect(JSON.stringify(found?.outcome)).toContain('somebody changed it since');
    expect(JSON.stringify(found?.outcome)).toContain('aws s3api put-public-access-block --bucket acme-finance');
  });

  test('is not loosened by a release where somebody changed it after the revert', async () => {
    const it = world();
    it.resources.blocks.set(BUCKET, null);
    it.send(removed());
    await it.timeline.run();
    it.resources.blocks.set(BUCKET, LOOSE);
    await release(it, true);
    expect(it.resources.blocks.get(BUCKET)).toEqual(LOOSE);
    expect(await it.store.ledger('C-1')).toMatchObject([{ state: 'conflict' }]);
  });

  test('with every switch on opens nothing, so nothing is undone', async () => {
    const it = world();
    it.resources.blocks.set(BUCKET, ON);
    it.send(
      call('s3', 'PutBucketPublicAccessBlock', { bucketName: 'acme-finance', PublicAccessBlockConfiguration: ON }),
    );
    await it.timeline.run();
    expect(it.writes).toEqual([]);
    expect(await it.store.list()).toMatchObject([{ outcome: { kind: 'not-containable' } }]);
  });
});
