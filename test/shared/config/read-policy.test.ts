import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPolicyProblem } from '../../../shared/config/policy-problem.ts';
import { readPolicy } from '../../../shared/config/read-policy.ts';

const facts = { playbooks: ['alert', 'contain', 'lock', 'revoke-session', 'revoke-sessions'] };
const problemsOf = (text: string, more: Partial<Parameters<typeof readPolicy>[2]> = {}) =>
  readPolicy(text, 'rescind.yaml', { ...facts, ...more }).problems.map(formatPolicyProblem);

const head = 'version: 1\nhome-region: eu-central-1\n';

const businessHours = (zone: string) => ({
  zone,
  days: ['mon', 'tue', 'wed', 'thu', 'fri'],
  hours: [{ from: 480, to: 1080 }],
  holidays: [],
  overrides: [],
  principals: [],
  resources: [],
});

const bad = `version: 1
homeRegion: eu-central-1
mode: enforced
protected: [BreakGlass, "arn:aws:sts::123456789012:assumed-role/Ops/me"]
breaker: { subjects: 0, window: 15 }
timing:
  settle: 5 s
  hold-user: 1 h
  setle: 30 s
playbooks: {}
rules: ["../x"]
responses:
  - when: { levl: high }
    playbook: contian
    for: 4 h
  - when: {}
alerts:
  zone: Europe/Zürich
  page:
    - { protocol: sms, endpoint: +41791234567 }
    - { protocol: emial, endpoint: x }
    - { protocol: email, endpoint: nobody }
  digest: daily
accounts: [012345678901]
regions: [frankfurt]
version: 1
`;

describe('a lock in rescind.yaml', () => {
  const lock = (rest: string): string => `version: 1\nhome-region: us-east-1\nresponses:\n  - ${rest}\n`;

  it('lasts for a while, in seconds', () => {
    const { policy } = readPolicy(lock('{ when: {}, playbook: lock, for: 4 h }'), 'rescind.yaml', facts);
    expect(policy?.responses).toEqual([{ when: {}, playbook: 'lock', forSeconds: 14_400 }]);
  });

  it.each([
    [
      '{ when: {}, playbook: lock }',
      'rescind.yaml:4:27: responses[0].playbook: lock must say for how long: write e.g. for: 4 h, or use contain, which a person ends',
    ],
    ['{ when: {}, playbook: lock, for: 31 d }', 'rescind.yaml:4:38: responses[0].for: must be at most 30 d'],
    [
      '{ when: {}, playbook: lock, for: 10 s }',
      'rescind.yaml:4:38: responses[0].for: must be at least 5 m: a shorter lock would end before it was verified',
    ],
  ])('is refused as %s', (text, problem) => {
    expect(problemsOf(lock(text))).toEqual([problem]);
  });
});

describe('the lock of evidence', () => {
  it.each([
    ['36 h', 'rescind.yaml:3:19: evidence.lock: must be whole days: S3 locks for no part of one'],
    ['1 h', 'rescind.yaml:3:19: evidence.lock: must be at least 24 h: S3 locks for whole days'],
  ])('of %s is refused', (lock, problem) => {
    expect(problemsOf(`${head}evidence: { lock: ${lock} }\n`)).toEqual([problem]);
  });

  it.each([
    ['evidence: { lock: 2 d }\n', { lockDays: 2 }],
    ['evidence: {}\n', {}],
  ])('%j is read', (text, evidence) => {
    expect(readPolicy(`${head}${text}`, 'rescind.yaml', facts).policy?.evidence).toEqual(evidence);
  });
});

describe('tickets', () => {
  it('are there for grave cases once the key is, and not otherwise', () => {
    const ticketsOf = (text: string) => readPolicy(`${head}${text}`, 'rescind.yaml', facts).policy?.tickets;
    expect(ticketsOf('')).toBeUndefined();
    expect(ticketsOf('tickets: {}\n')).toEqual({ level: 'high', topic: [] });
  });

  it('show each mistake at its place', () => {
    const text = `${head}tickets:
  level: grave
  topic:
    - { protocol: https, endpoint: nobody }
    - { protocol: https, endpoint: "https://a.example.com/" }
    - { protocol: https, endpoint: "https://a.example.com/" }
  link: https://wiki.example.com/
`;
    expect(problemsOf(text)).toEqual([
      'rescind.yaml:4:10: tickets.level: "grave" is not known here: write one of informational, low, medium, high, critical',
      'rescind.yaml:6:36: tickets.topic[0].endpoint: is not an endpoint of https: write an address that begins with https://',
      'rescind.yaml:8:7: tickets.topic[2]: is written twice: remove one',
      'rescind.yaml:9:9: tickets.link: "https://wiki.example.com/" is not a link to a case: write https:// and {case} where the id goes',
    ]);
  });
});

describe('a rescind.yaml with many mistakes', () => {
  it('shows all of them at once, each at its place and with what to write instead', () => {
    expect(problemsOf(bad)).toEqual([
      'rescind.yaml:1:1: home-region: is missing: write a region such as eu-central-1',
      'rescind.yaml:2:1: homeRegion: unknown key: did you mean home-region?',
      'rescind.yaml:3:7: mode: "enforced" is not known here: did you mean enforce?',
      'rescind.yaml:4:13: protected[0]: "BreakGlass" is not an ARN: write arn:aws:iam::*:role/BreakGlass or arn:aws:iam::*:user/BreakGlass',
      'rescind.yaml:4:25: protected[1]: "arn:aws:sts::123456789012:assumed-role/Ops/me" is a session: protect its role, arn:aws:iam::123456789012:role/Ops',
      'rescind.yaml:5:22: breaker.subjects: must be a whole number of at least 1: write 5',
      'rescind.yaml:5:33: breaker.window: 15 has no unit: write 15 s, 15 m, 15 h or 15 d',
      'rescind.yaml:7:11: timing.settle: must be at least 30 s: an attacker undoes a change while IAM still spreads it',
      "rescind.yaml:8:14: timing.hold-user: must be at least 36 h: a token made with a user's key can live that long, and an earlier release would revive it",
      'rescind.yaml:9:3: timing.setle: unknown key: did you mean settle?',
      'rescind.yaml:10:1: playbooks: playbooks of your own are not built yet: use a built-in one in `responses`; remove the key',
      'rescind.yaml:11:9: rules[0]: "../x" leaves the project: write a folder relative to this file, with forward slashes',
      'rescind.yaml:13:13: responses[0].when.levl: unknown key: did you mean level?',
      'rescind.yaml:14:15: responses[0].playbook: "contian" is not a playbook: did you mean contain?',
      'rescind.yaml:15:5: responses[0].for: goes with playbook lock or revoke-access only: what others do, a person ends',
      'rescind.yaml:16:5: responses[1]: answers nothing: give it a playbook, a mode or both',
      'rescind.yaml:18:9: alerts.zone: "Europe/Zürich" is not a time zone: did you mean Europe/Zurich?',
      'rescind.yaml:20:34: alerts.page[0].endpoint: is a number: write the number as E.164 in quotes, e.g. "+41791234567"',
      'rescind.yaml:21:19: alerts.page[1].protocol: "emial" is not known here: did you mean email?',
      'rescind.yaml:22:36: alerts.page[2].endpoint: is not an endpoint of email: write an address such as oncall@example.com',
      'rescind.yaml:23:3: alerts.digest: the digest is not built yet: what is not a page goes to `information` at once; remove the key',
      'rescind.yaml:24:12: accounts[0]: is a number, and numbers lose their leading zeros: write it in quotes, "012345678901"',
      'rescind.yaml:25:11: regions[0]: frankfurt is not a region: write e.g. eu-central-1',
      'rescind.yaml:26:1: this key is written twice in the same map: remove one',
    ]);
  });

  it('gives no policy', () => {
    expect(readPolicy(bad, 'rescind.yaml', facts)).not.toHaveProperty('policy');
  });
});

describe('single mistakes', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['an empty file', '', ['rescind.yaml:1:1: the file is empty: write at least version: 1 and home-region: <region>']],
    [
      'a list',
      '- a\n',
      ['rescind.yaml:1:1: the file is not a map of keys: write version: 1, home-region: <region> and so on'],
    ],
    ['an alias', `${head}mode: *x\n`, ['rescind.yaml:3:7: *x is an alias: write the value itself']],
    ['a key that is no text', '? [a]\n: 1\n', ['rescind.yaml:1:3: a key is not text: write plain words as keys']],
    [
      'an open bracket, and nothing about values that were guessed behind it',
      `${head}mode: [nonsense\n`,
      ['rescind.yaml:4:1: Flow sequence in block collection must be sufficiently indented and end with a ]'],
    ],
    [
      'enforce without protected principals',
      `${head}mode: enforce\n`,
      [
        'rescind.yaml:3:7: mode: enforce needs at least one entry in protected, or everybody could be locked out: write e.g. - arn:aws:iam::*:role/BreakGlass*',
      ],
    ],
    [
      'approve with an empty protected list',
      `${head}mode: approve\nprotected: []\n`,
      [
        'rescind.yaml:4:12: protected: needs at least one entry in mode approve, or everybody could be locked out: write e.g. - arn:aws:iam::*:role/BreakGlass*',
      ],
    ],
    ['an empty key', `${head}mode:\n`, ['rescind.yaml:3:1: mode: is empty: write observe']],
    [
      'an empty list',
      `${head}alerts:\n  page:\n`,
      ['rescind.yaml:4:3: alerts.page: is empty: write [], or remove the line'],
    ],
    [
      'another version',
      'version: 2\nhome-region: eu-central-1\n',
      ['rescind.yaml:1:10: version: must be 1, without quotes'],
    ],
    [
      'no rules at all',
      `${head}rules: []\n`,
      ['rescind.yaml:3:8: rules: names no folder, so nothing would ever be detected: write e.g. - rules'],
    ],
    [
      'the same subscriber twice',
      `${head}alerts:\n  page:\n    - { protocol: email, endpoint: a@example.com }\n    - { protocol: email, endpoint: a@example.com }\n`,
      ['rescind.yaml:6:7: alerts.page[1]: is written twice: remove one'],
    ],
    [
      'a key of the prototype',
      `${head}__proto__: 1\n`,
      [expect.stringContaining('rescind.yaml:3:1: __proto__: unknown key')],
    ],
  ];
  it.each(cases)('%s', (_, text, expected) => {
    expect(problemsOf(text)).toEqual(expected);
  });

  it.each([
    'playbooks: {}',
    'approval: { default: reject }',
    'approval: { second: admin }',
    'alerts: { digest: 08:00 }',
    'alerts: { chat: [] }',
  ])('refuses what is not built yet: %s', (line) => {
    const problems = problemsOf(`${head}${line}\n`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/not built yet.*remove the key$/);
  });

  it('looks for the folders of rules when it is told which exist', () => {
    const text = `${head}rules: [rules, more]\n`;
    expect(problemsOf(text, { ruleFolders: new Set(['rules']) })).toEqual([
      'rescind.yaml:3:16: rules[1]: there is no folder "more"',
    ]);
    expect(problemsOf(text, { ruleFolders: new Set(['rules', 'more']) })).toEqual([]);
  });

  it('allows short times on an embedded AWS only', () => {
    const text = `${head}timing: { settle: 1 s, hold-user: 1 m, hold-session: 1 m }\n`;
    expect(problemsOf(text)).toHaveLength(3);
    expect(problemsOf(text, { local: true })).toEqual([]);
  });

  it.each([
    ['email', 'oncall@example.com', 'oncall'],
    ['email-json', 'oncall@example.com', 'on call@example.com'],
    ['sms', '"+41791234567"', '"0791234567"'],
    ['sqs', 'arn:aws:sqs:eu-central-1:123456789012:alerts', 'https://sqs.eu-central-1.amazonaws.com/1/alerts'],
    ['lambda', 'arn:aws:lambda:eu-central-1:123456789012:function:alerts', 'alerts'],
    ['http', 'http://127.0.0.1:4000/alerts', 'https://127.0.0.1:4000/alerts'],
    ['https', 'https://events.example.com/x?y=1', 'http://events.example.com'],
  ])('an endpoint of %s has the shape of the protocol', (protocol, good, wrong) => {
    const file = (endpoint: string) =>
      `${head}alerts:\n  page:\n    - protocol: ${protocol}\n      endpoint: ${endpoint}\n`;
    expect(problemsOf(file(good))).toEqual([]);
    expect(problemsOf(file(wrong))).toEqual([
      expect.stringContaining(`rescind.yaml:6:17: alerts.page[0].endpoint: is not an endpoint of ${protocol}`),
    ]);
  });
});

describe('a sound rescind.yaml', () => {
  it('gets the documented defaults', () => {
    expect(readPolicy(head, 'rescind.yaml', facts)).toEqual({
      problems: [],
      policy: {
        version: 1,
        homeRegion: 'eu-central-1',
        mode: 'observe',
        protected: [],
        breaker: { subjects: 5, windowSeconds: 900 },
        timing: { settleSeconds: 30, sessionMarginSeconds: 60, holdUserSeconds: 129_600, holdSessionSeconds: 43_200 },
        rules: ['rules'],
        responses: [],
        schedules: { 'business-hours': businessHours('UTC') },
        sensitive: [],
        sensitiveTags: [],
        lists: {},
        changeWindows: [],
        record: { services: [], actions: [], resources: [], tags: [], learningSeconds: 2_592_000 },
        approval: { timeoutSeconds: 3600 },
        evidence: {},
        alerts: { zone: 'UTC', page: [], information: [] },
        accounts: [],
        regions: [],
      },
    });
  });

  it('is read as it is written', () => {
    const text = `
version: 1
home-region: us-gov-west-1
mode: enforce
protected: ["arn:aws-us-gov:iam::*:role/BreakGlass*", "arn:aws-us-gov:iam::123456789012:root"]
breaker: { subjects: 2, window: 1 h }
timing: { settle: 45 s, session-margin: 2m, hold-user: 2 d, hold-session: 12 h }
rules: [rules, more/rules]
responses:
  - { when: { id: 0-1, level: high, tag: attack.persistence, technique: t1098.003, path: rules/a }, playbook: contain, mode: approve }
  - { when: {}, mode: observe }
approval: { timeout: 30 m }
evidence: { lock: 90 d }
tickets: { topic: [{ protocol: https, endpoint: "https://bridge.example.com/" }], link: "https://wiki.example.com/{case}" }
alerts: { zone: Europe/Zurich, page: [{ protocol: sms, endpoint: "+41791234567" }], information: [] }
accounts: ["000000000001"]
regions: [us-gov-west-1, us-gov-east-1]
`;
    expect(readPolicy(text, 'rescind.yaml', facts)).toEqual({
      problems: [],
      policy: {
        version: 1,
        homeRegion: 'us-gov-west-1',
        mode: 'enforce',
        protected: ['arn:aws-us-gov:iam::*:role/BreakGlass*', 'arn:aws-us-gov:iam::123456789012:root'],
        breaker: { subjects: 2, windowSeconds: 3600 },
        timing: { settleSeconds: 45, sessionMarginSeconds: 120, holdUserSeconds: 172_800, holdSessionSeconds: 43_200 },
        rules: ['rules', 'more/rules'],
        responses: [
          {
            when: { id: '0-1', level: 'high', tag: 'attack.persistence', technique: 't1098.003', path: 'rules/a' },
            playbook: 'contain',
            mode: 'approve',
          },
          { when: {}, mode: 'observe' },
        ],
        schedules: { 'business-hours': businessHours('Europe/Zurich') },
        sensitive: [],
        sensitiveTags: [],
        lists: {},
        changeWindows: [],
        record: { services: [], actions: [], resources: [], tags: [], learningSeconds: 2_592_000 },
        approval: { timeoutSeconds: 1800 },
        evidence: { lockDays: 90 },
        tickets: {
          level: 'high',
          topic: [{ protocol: 'https', endpoint: 'https://bridge.example.com/' }],
          link: 'https://wiki.example.com/{case}',
        },
        alerts: { zone: 'Europe/Zurich', page: [{ protocol: 'sms', endpoint: '+41791234567' }], information: [] },
        accounts: ['000000000001'],
        regions: ['us-gov-west-1', 'us-gov-east-1'],
      },
    });
  });

  it("is what the project's own file is: observing, with a break-glass role, telling nobody yet", () => {
    const { policy, problems } = readPolicy(readFileSync('rescind.yaml', 'utf8'), 'rescind.yaml', facts);
    expect(problems).toEqual([]);
    expect(policy).toMatchObject({
      mode: 'observe',
      protected: ['arn:aws:iam::*:role/BreakGlass*'],
      alerts: { zone: 'UTC', page: [], information: [] },
    });
  });
});

it('never throws, and gives a policy exactly when there is no problem', () => {
  const lines = bad.split('\n');
  const file = fc.array(fc.oneof(fc.constantFrom(...lines, ...head.split('\n')), fc.string({ maxLength: 12 })), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(file, (parts) => {
      const { policy, problems } = readPolicy(parts.join('\n'), 'rescind.yaml', facts);
      expect(policy === undefined).toBe(problems.length > 0);
      for (const { line, column, message } of problems) {
        expect(line).toBeGreaterThanOrEqual(1);
        expect(column).toBeGreaterThanOrEqual(1);
        expect(message).not.toBe('');
      }
    }),
    { numRuns: 300 },
  );
});

describe('the organisation’s guard', () => {
  it('is taken as written, and is none where nobody says so', () => {
    const { policy } = readPolicy(`${head}guard:\n  management-account: "123456789012"\n`, 'rescind.yaml', facts);
    expect(policy?.guard).toEqual({ managementAccount: '123456789012' });
    expect(readPolicy(head, 'rescind.yaml', facts).policy?.guard).toBeUndefined();
  });

  it.each([
    ['no account', 'guard: {}\n', 'guard.management-account'],
    ['a number', 'guard:\n  management-account: 123456789012\n', 'write it in quotes'],
    ['a mere yes', 'guard: true\n', 'guard'],
  ])('is refused with a sentence: %s', (_, lines, sentence) => {
    expect(problemsOf(`${head}${lines}`).join('\n')).toContain(sentence);
  });
});

describe('the instance of Identity Center', () => {
  const key = (lines: string) => `${head}identity-center:\n${lines}`;
  const whole =
    '  instance: arn:aws:sso:::instance/ssoins-1234567890abcdef\n  store: d-1234567890\n  region: eu-west-1\n';

  it('is taken as written', () => {
    const { policy } = readPolicy(key(whole), 'rescind.yaml', facts);
    expect(policy?.identityCenter).toEqual({
      instanceArn: 'arn:aws:sso:::instance/ssoins-1234567890abcdef',
      identityStoreId: 'd-1234567890',
      region: 'eu-west-1',
    });
  });

  it.each([
    ['true', true],
    ['false', undefined],
  ])('is one in which Rescind acts only where it says so: contain: %s', (text, contain) => {
    const { policy } = readPolicy(key(`${whole}  contain: ${text}\n`), 'rescind.yaml', facts);
    expect(policy?.identityCenter?.contain).toBe(contain);
  });

  it.each([
    ['an ARN that is none', whole.replace('ssoins-1234567890abcdef', 'mine'), 'is no ARN of an instance'],
    ['a store that is none', whole.replace('d-1234567890', 'mine'), 'is no id of an identity store'],
    ['no region', whole.replace(/ {2}region.*\n/, ''), 'identity-center.region'],
    ['another account', `${whole}  account: "444455556666"\n`, 'an instance of another account is not reached yet'],
    ['an order to contain that is none', `${whole}  contain: yes please\n`, 'must be true or false'],
  ])('is refused with a sentence: %s', (_, lines, sentence) => {
    expect(problemsOf(key(lines)).join('\n')).toContain(sentence);
  });
});
