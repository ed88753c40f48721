import { describe, expect, it } from 'vitest';
import { compilePolicy, loadCompiledPolicy, loadPolicy, policyAlone } from '../../../shared/config/compiled-policy.ts';
import type { Policy } from '../../../shared/config/policy.ts';
import { canonicalJson } from '../../../shared/containment/canonical-json.ts';
import type { CompiledRule } from '../../../shared/rules/rule.ts';

const policy: Policy = {
  version: 1,
  homeRegion: 'eu-central-1',
  mode: 'enforce',
  protected: ['arn:aws:iam::*:role/BreakGlass*'],
  breaker: { subjects: 5, windowSeconds: 900 },
  timing: { settleSeconds: 30, sessionMarginSeconds: 60, holdUserSeconds: 129_600, holdSessionSeconds: 43_200 },
  rules: ['rules'],
  responses: [{ when: { level: 'high' }, mode: 'approve' }],
  schedules: {
    night: {
      zone: 'Europe/Zurich',
      days: ['fri'],
      hours: [{ from: 0, to: 360 }],
      holidays: ['2026-12-25'],
      overrides: [{ kind: 'dates', from: '2026-12-26', to: '2026-12-27', principals: [] }],
      principals: [],
      resources: ['arn:aws:s3:::finance-*'],
    },
  },
  sensitive: ['arn:aws:s3:::finance-*'],
  sensitiveTags: ['data'],
  lists: { offices: ['203.0.113.0/24'] },
  changeWindows: [
    {
      name: 'release',
      ticket: 'CHG-1',
      accounts: [],
      principals: [],
      resources: [],
      during: { kind: 'schedule', schedule: 'night' },
    },
  ],
  record: {
    services: ['kms.amazonaws.com'],
    actions: [{ source: 's3.amazonaws.com', name: 'Get*' }],
    resources: [],
    tags: ['data=finance'],
    learningSeconds: 60,
  },
  approval: { timeoutSeconds: 3600 },
  evidence: { lockDays: 90 },
  tickets: { level: 'high', topic: [], link: 'https://wiki.example.com/{case}' },
  alerts: { zone: 'UTC', page: [{ protocol: 'sms', endpoint: '+41791234567' }], information: [] },
  accounts: [],
  regions: [],
};
const rules: readonly CompiledRule[] = [
  {
    header: {
      id: 'r1',
      title: 'A rule',
      level: 'high',
      description: '',
      falsePositives: [],
      tags: ['attack.t1098'],
      file: 'rules/r1.yml',
      subject: 'actor',
      respond: 'contain',
      needsReadEvents: false,
    },
    detection: { condition: 'x', x: { eventName: 'AttachUserPolicy' } },
  },
];

/** As it arrives in a function: through a file. */
const travelled = (): Record<string, unknown> => JSON.parse(canonicalJson(compilePolicy(policy, rules)));
const travelledAlone = (of = policy): Record<string, unknown> =>
  JSON.parse(canonicalJson(policyAlone(compilePolicy(of, rules))));

describe('the compiled policy', () => {
  it('arrives as it was compiled', () => {
    expect(loadCompiledPolicy(travelled())).toEqual({
      version: expect.stringMatching(/^[0-9a-f]{64}$/),
      policy,
      rules,
    });
  });

  it('arrives in any order of keys, and with names that are numbers, which Node puts before all others', () => {
    const numbered = compilePolicy({ ...policy, lists: { ports: ['22'], '10': ['a'], '9': ['b'] } }, rules);
    expect(loadCompiledPolicy(JSON.parse(canonicalJson(numbered)))).toEqual(numbered);
    const turned = Object.fromEntries(Object.entries(travelled()).reverse());
    expect(loadCompiledPolicy(turned).rules).toEqual(rules);
  });

  it('arrives without its rules where nobody asks them', () => {
    expect(loadPolicy(travelledAlone())).toEqual(policy);
    expect(travelledAlone()).not.toHaveProperty('rules');
  });

  it('has the same version for the same content, whatever the order of keys', () => {
    const turned = { ...Object.fromEntries(Object.entries(policy).reverse()), ...policy };
    expect(compilePolicy(turned, rules).version).toBe(compilePolicy(policy, rules).version);
    const reversed: Policy = { ...policy, breaker: { windowSeconds: 900, subjects: 5 } };
    expect(compilePolicy(reversed, rules).version).toBe(compilePolicy(policy, rules).version);
  });

  it('has another version for any other content', () => {
    const other = compilePolicy({ ...policy, mode: 'approve' }, rules).version;
    expect(other).not.toBe(compilePolicy(policy, rules).version);
    expect(compilePolicy(policy, []).version).not.toBe(compilePolicy(policy, rules).version);
  });
});

describe('a compiled policy is refused', () => {
  it('when it was changed after synth', () => {
    const changed = { ...travelled(), policy: { ...policy, protected: ['arn:aws:iam::*:role/Nobody'] } };
    expect(() => loadCompiledPolicy(changed)).toThrow('the asset was changed after synth');
  });

  it.each<[string, unknown, string]>([
    ['that is no object', 'x', 'is not an object'],
    ['of no content', null, 'is not an object'],
    ['without rules', { ...travelled(), rules: undefined }, 'rules is not a list'],
    [
      'with a mode that nobody knows',
      { ...travelled(), policy: { ...policy, mode: 'rage' } },
      'policy.mode is not one of',
    ],
    [
      'with half a policy, naming each part',
      { ...travelled(), policy: { ...policy, breaker: {}, timing: { ...policy.timing, settleSeconds: '30' } } },
      'policy.breaker.subjects is not a whole number of at least 1; policy.breaker.windowSeconds is not a whole number of at least 1; policy.timing.settleSeconds is not',
    ],
    [
      'with half a rule',
      { ...travelled(), rules: [{ header: { id: 'r1' }, detection: 1 }] },
      'rules[0].header.title is not text',
    ],
    [
      'with a schedule in a zone that this runtime does not know',
      { ...travelled(), policy: { ...policy, schedules: { night: { ...policy.schedules.night, zone: 'Mars/Base' } } } },
      'policy.schedules.night.zone is not a time zone that this runtime knows',
    ],
    [
      'with a change window of a kind that nobody knows',
      { ...travelled(), policy: { ...policy, changeWindows: [{ ...policy.changeWindows[0], during: { kind: 'x' } }] } },
      'policy.changeWindows[0].during is not an object of kind instants, schedule',
    ],
    [
      'with a list that holds a number',
      { ...travelled(), policy: { ...policy, lists: { offices: [1] } } },
      'policy.lists.offices[0] is not text',
    ],
    [
      'with a response that is not one',
      { ...travelled(), policy: { ...policy, responses: [{ when: { level: 'loud' } }] } },
      'policy.responses[0].when.level is not one of',
    ],
  ])('%s', (_, asset, message) => {
    expect(() => loadCompiledPolicy(asset)).toThrow(message);
  });

  it('alone, for what it is refused for with its rules', () => {
    const changed = { ...travelledAlone(), policy: { ...policy, protected: ['arn:aws:iam::*:role/Nobody'] } };
    expect(() => loadPolicy(changed)).toThrow('the asset was changed after synth');
    expect(() => loadPolicy({ ...travelledAlone(), policy: { ...policy, mode: 'rage' } })).toThrow(
      'policy.mode is not one of',
    );
    expect(() => loadPolicy(travelledAlone({ ...policy, protected: [] }))).toThrow(
      'policy.protected is empty in mode enforce',
    );
  });

  it('when it would act with nobody protected', () => {
    expect(() => loadCompiledPolicy(compilePolicy({ ...policy, protected: [] }, rules))).toThrow(
      'policy.protected is empty in mode enforce',
    );
    expect(loadCompiledPolicy(compilePolicy({ ...policy, protected: [], mode: 'observe' }, rules)).policy.mode).toBe(
      'observe',
    );
  });
});
