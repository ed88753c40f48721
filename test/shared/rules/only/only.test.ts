import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../shared/json.ts';
import { compileRuleFile } from '../../../../shared/rules/compile/compile-rule-file.ts';
import { ALL_ENGINES } from '../../../../shared/rules/engines/all-engines.ts';
import { createEvaluator } from '../../../../shared/rules/evaluate/create-evaluator.ts';
import { neededEngines } from '../../../../shared/rules/needed-engines.ts';
import { NO_POLICY } from '../../../../shared/rules/only/no-policy.ts';
import type { OnlyPolicy } from '../../../../shared/rules/only/only.ts';
import type { CompiledRule } from '../../../../shared/rules/rule.ts';
import { ruleText } from '../rule-text.ts';

function ruleWith(only: string): CompiledRule {
  const { rules, problems } = compileRuleFile(
    ruleText('  a: {eventSource: secretsmanager.amazonaws.com}\n  condition: a', `rescind:\n  only: ${only}\n`),
    'r.yml',
  );
  const [rule] = rules;
  if (rule === undefined) throw new Error(JSON.stringify(problems));
  return rule;
}

const SECRET = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:finance/ledger-AbCdEf';
const read = (of: JsonObject = {}): JsonObject => ({
  eventID: 'e1',
  eventTime: '2026-11-20T02:00:00Z',
  eventSource: 'secretsmanager.amazonaws.com',
  eventName: 'GetSecretValue',
  awsRegion: 'eu-central-1',
  recipientAccountId: '111122223333',
  sourceIPAddress: '203.0.113.9',
  userAgent: 'aws-cli/2.31.0',
  userIdentity: {
    type: 'IAMUser',
    principalId: 'AIDAALICE',
    arn: 'arn:aws:iam::111122223333:user/alice',
    accountId: '111122223333',
    userName: 'alice',
  },
  requestParameters: { secretId: SECRET },
  ...of,
});
const policy: OnlyPolicy = {
  ...NO_POLICY,
  sensitive: ['arn:aws:secretsmanager:*:*:secret:finance/*'],
  lists: {
    exits: ['198.51.100.7', '203.0.113.0/24', '2001:db8::/32', '2001:0DB9:0:0::1'],
    tools: ['AWS-CLI/*'],
    none: [],
  },
  changeWindows: [
    {
      name: 'release',
      ticket: 'CHG-1',
      accounts: [],
      principals: [],
      resources: [],
      during: { kind: 'instants', from: '2026-11-20T02:30:00.000Z', to: '2026-11-20T03:00:00.000Z' },
    },
  ],
};
const judge = (only: string, record = read(), given = policy) => {
  const { hits, matches, suppressed, undecided, faults } = createEvaluator(
    [ruleWith(only)],
    ALL_ENGINES,
    given,
  ).evaluate(record);
  expect(matches.length).toBe(hits.length);
  return {
    fires: hits.length === 1,
    ...(suppressed.length === 0 ? {} : { suppressed: suppressed.map(({ by }) => by) }),
    ...(undecided.length === 0 ? {} : { keys: undecided.flatMap(({ keys }) => keys) }),
    ...(faults.length === 0 ? {} : { faults: faults.map(({ message }) => message) }),
  };
};

describe('only', () => {
  it.each<[string, string, JsonObject, boolean]>([
    ['outside a schedule, at night', '{outside: business-hours}', {}, true],
    ['outside a schedule, at noon', '{outside: business-hours}', { eventTime: '2026-11-20T12:00:00Z' }, false],
    ['on a sensitive resource', '{sensitive: true}', {}, true],
    [
      'on a sensitive resource that the request names by its name alone',
      '{sensitive: true}',
      { requestParameters: { secretId: 'finance/ledger' } },
      true,
    ],
    ['on another resource', '{sensitive: true}', { requestParameters: { secretId: 'marketing/mail' } }, false],
    ['on no resource', '{sensitive: true}', { requestParameters: null }, false],
    ['from an address in a range', '{in-list: {sourceIPAddress: exits}}', {}, true],
    [
      'from an address that is listed',
      '{in-list: {sourceIPAddress: exits}}',
      { sourceIPAddress: '198.51.100.7' },
      true,
    ],
    ['from a range of IPv6', '{in-list: {sourceIPAddress: exits}}', { sourceIPAddress: '2001:db8:0:1::5' }, true],
    [
      'from an address of IPv6 that the list writes in another way',
      '{in-list: {sourceIPAddress: exits}}',
      { sourceIPAddress: '2001:db9::1' },
      true,
    ],
    ['from another address of IPv6', '{in-list: {sourceIPAddress: exits}}', { sourceIPAddress: '2001:db9::11' }, false],
    ['from elsewhere', '{in-list: {sourceIPAddress: exits}}', { sourceIPAddress: '192.0.2.1' }, false],
    ['from a service', '{in-list: {sourceIPAddress: exits}}', { sourceIPAddress: 'ec2.amazonaws.com' }, false],
    ['with a text that fits a wildcard, in any case', '{in-list: {userAgent: tools}}', {}, true],
    ['with a field that is not there', '{in-list: {userAgent: tools}}', { userAgent: null }, false],
    [
      'with any element of a list in the record',
      '{in-list: {requestParameters.cidrs.cidrIp: exits}}',
      { requestParameters: { cidrs: [{ cidrIp: '10.0.0.1' }, { cidrIp: '203.0.113.77' }] } },
      true,
    ],
    ['with all of several conditions', '{outside: business-hours, sensitive: true}', {}, true],
    [
      'with one of several conditions',
      '{outside: business-hours, sensitive: true}',
      { requestParameters: { secretId: 'marketing/mail' } },
      false,
    ],
    ['outside change windows, before one', '{outside-change-window: true}', {}, true],
  ])('fires or not: %s', (_, only, of, fires) => {
    expect(judge(only, read(of))).toEqual({ fires });
  });

  describe('on what is sensitive by a tag', () => {
    const byTag = { ...policy, sensitive: [], sensitiveTags: ['data=finance'] };
    const asked: string[] = [];
    const knowing = (bearers: readonly string[]): OnlyPolicy => ({
      ...byTag,
      tagged: {
        bears: (tags, of) => {
          asked.push(of);
          return tags.includes('data=finance') && bearers.includes(of);
        },
      },
    });

    it('fires where the resource bears it, and not where another does', () => {
      expect(judge('{sensitive: true}', read(), knowing([SECRET]))).toEqual({ fires: true });
      expect(judge('{sensitive: true}', read(), knowing(['arn:aws:s3:::finance']))).toEqual({ fires: false });
    });

    it('does not fire where nobody knows what bears it', () => {
      expect(judge('{sensitive: true}', read(), byTag)).toEqual({ fires: false });
    });

    it('asks only when all else holds that can be told from the record', () => {
      asked.length = 0;
      const noon = read({ eventTime: '2026-11-20T12:00:00Z' });
      judge('{outside: business-hours, sensitive: true}', noon, knowing([SECRET]));
      expect(asked).toEqual([]);
      judge('{outside: business-hours, sensitive: true}', read(), knowing([SECRET]));
      expect(asked).toEqual([SECRET]);
    });

    it('is first seen for those alone that bear it', () => {
      const { keys = [] } = judge('{sensitive: true, first-seen: [resource]}', read(), knowing([SECRET]));
      expect(keys).toEqual([JSON.stringify([['resource', SECRET.replace('AbCdEf', '??????')]])]);
      expect(judge('{sensitive: true, first-seen: [resource]}', read(), knowing([]))).toEqual({ fires: false });
    });
  });

  it('is suppressed by a change window, which it names, when everything else holds', () => {
    const during = { eventTime: '2026-11-20T02:45:00Z' };
    expect(judge('{outside-change-window: true}', read(during))).toEqual({
      fires: false,
      suppressed: ['change window release (CHG-1)'],
    });
    expect(
      judge('{outside-change-window: true, sensitive: true}', read({ ...during, requestParameters: null })),
    ).toEqual({ fires: false });
  });

  it('does not ask about change windows of which the rule says nothing', () => {
    expect(judge('{sensitive: true}', read({ eventTime: '2026-11-20T02:45:00Z' }))).toEqual({ fires: true });
  });

  it('asks about each of the resources of a call that names many, however late in the call they stand', () => {
    const names = Array.from({ length: 20 }, (_, index) => `finance/${index}`);
    const batch = read({ eventName: 'BatchGetSecretValue', requestParameters: { secretIdList: names } });
    const { keys = [] } = judge('{sensitive: true, first-seen: [actor, resource]}', batch);
    expect(keys).toHaveLength(20);
    expect(keys.at(-1)).toContain('secret:finance/19-');
  });

  it('comes down to what was seen before, by one key for each of the sensitive resources', () => {
    const actor = ['actor', 'user:AIDAALICE'];
    expect(judge('{sensitive: true, first-seen: [resource, actor]}')).toEqual({
      fires: false,
      keys: [
        JSON.stringify([
          actor,
          ['resource', 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:finance/ledger-??????'],
        ]),
      ],
    });
    expect(judge('{first-seen: [network, service, actor, user-agent]}').keys).toEqual([
      JSON.stringify([
        actor,
        ['service', 'secretsmanager.amazonaws.com'],
        ['network', '203.0.113.0/24'],
        ['user-agent', 'aws-cli'],
      ]),
    ]);
  });

  it('asks nothing about what was seen before unless the rest holds', () => {
    const noon = read({ eventTime: '2026-11-20T12:00:00Z' });
    expect(judge('{outside: business-hours, first-seen: [actor]}', noon)).toEqual({ fires: false });
  });

  it('fails where the event lacks a part of what is to be seen first', () => {
    expect(judge('{first-seen: [actor, resource]}', read({ requestParameters: null }))).toEqual({ fires: false });
    expect(judge('{first-seen: [network]}', read({ sourceIPAddress: 'ec2.amazonaws.com' }))).toEqual({ fires: false });
  });

  it('names a record that cannot be judged, instead of taking it for silent', () => {
    expect(judge('{outside: business-hours}', { eventSource: 'secretsmanager.amazonaws.com', eventName: 'X' })).toEqual(
      {
        fires: false,
        faults: ['`only` cannot be judged: the record has no eventID, eventTime, awsRegion, recipientAccountId'],
      },
    );
  });

  it.each([
    ['nothing is sensitive', '{sensitive: true}', { ...policy, sensitive: [] }],
    ['the list is empty', '{in-list: {sourceIPAddress: none}}', policy],
  ])('never fires while %s', (_, only, given) => {
    expect(judge(only, read(), given)).toEqual({ fires: false });
  });

  it.each([
    ['schedule', '{outside: gone}', 'there is no schedule gone in the policy'],
    ['list', '{in-list: {sourceIPAddress: gone}}', 'there is no list gone in the policy'],
  ])('that names an unknown %s keeps its rule from being loaded, by name', (_, only, message) => {
    expect(createEvaluator([ruleWith(only)], {}, policy).faults).toEqual([
      { ruleId: '00000000-0000-4000-8000-000000000001', file: 'r.yml', message },
    ]);
  });

  it('holds for rules that only feed a correlation, too', () => {
    const rule = ruleWith('{outside: business-hours}');
    const part = { ...rule, detection: { ...rule.detection, silent: true } };
    const { evaluate } = createEvaluator([part], {}, policy);
    expect(evaluate(read()).matches).toHaveLength(1);
    expect(evaluate(read({ eventTime: '2026-11-20T12:00:00Z' })).matches).toEqual([]);
  });

  it('has the engine for ranges bundled when a list of its own holds one', () => {
    const rules = [ruleWith('{in-list: {sourceIPAddress: exits}}')];
    expect(neededEngines(rules, policy).cidr).toBe(true);
    expect(neededEngines(rules, { ...policy, lists: { exits: ['198.51.100.7'] } }).cidr).toBe(false);
  });

  it.each<[string, string, OnlyPolicy, boolean]>([
    ['sensitive resources', '{sensitive: true}', policy, true],
    ['resources that are seen first', '{first-seen: [actor, resource]}', policy, true],
    ['hours', '{outside: business-hours, outside-change-window: true, first-seen: [actor]}', policy, false],
    [
      'changes of some resources',
      '{outside-change-window: true}',
      { ...policy, changeWindows: policy.changeWindows.map((each) => ({ ...each, resources: ['arn:aws:s3:::x'] })) },
      true,
    ],
  ])(
    'has the tables of resources bundled when it asks about %s, and is not loaded without them',
    (_, only, given, needed) => {
      const rules = [ruleWith(only)];
      expect(neededEngines(rules, given).resources).toBe(needed);
      expect(createEvaluator(rules, {}, given).faults.map(({ message }) => message)).toEqual(
        needed ? ['the rule asks what an event touches, and no reader of resources is loaded'] : [],
      );
    },
  );
});
