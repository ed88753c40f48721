import { describe, expect, it } from 'vitest';
import { formatPolicyProblem } from '../../../shared/config/policy-problem.ts';
import { readPolicy } from '../../../shared/config/read-policy.ts';

const FILES: Readonly<Record<string, string>> = {
  'lists/exits.txt':
    '\uFEFF# exits\n198.51.100.7\n203.0.113.0/24   # a whole network\n\n198.51.100.7\n2001:db8::/32\r\n',
  'lists/bad.txt': '10.0.0.0/33\n',
};
const read = (keys: string) =>
  readPolicy(`version: 1\nhome-region: eu-central-1\n${keys}`, 'rescind.yaml', {
    playbooks: ['alert'],
    readList: (path) => FILES[path],
  });
const problemsOf = (keys: string) => read(keys).problems.map(formatPolicyProblem);

describe('schedules, lists, change windows and the scope of the record', () => {
  it('are read as they are written', () => {
    const { policy, problems } = read(`
schedules:
  night:
    zone: Europe/Zurich
    days: [fri]
    hours: 22:00-06:00
    holidays: [2026-12-25]
    overrides:
      - { from: 2026-12-26, to: 2026-12-27, principals: ["arn:aws:sts::*:assumed-role/Ops/anna"] }
      - { from: 2026-12-31T20:00:00+01:00, to: 2027-01-01T02:00:00+01:00 }
    principals: ["arn:aws:iam::*:role/Ops*"]
  split: { zone: UTC, days: [mon, tue], hours: ["08:00-12:00", "13:00 - 24:00", "20:00-00:00"] }
sensitive: ["arn:aws:secretsmanager:*:*:secret:finance/*", { tag: data=finance }, { tag: team }]
lists:
  offices: [203.0.113.0/24, "2001:db8::/32", "012345678901"]
  exits: lists/exits.txt
change-windows:
  - { name: release, ticket: CHG-1, from: 2026-12-05T18:00:00+01:00, to: 2026-12-05T22:00+01:00, accounts: ["123456789012"] }
  - { name: patching, schedule: night, resources: ["arn:aws:s3:::finance-*"] }
record:
  services: [secretsmanager, kms.amazonaws.com]
  actions: ["s3:GetObject", "dynamodb:Get*"]
  learning: 7 d
`);
    expect(problems).toEqual([]);
    expect(policy?.schedules).toMatchObject({
      'business-hours': { zone: 'UTC', hours: [{ from: 480, to: 1080 }] },
      night: {
        zone: 'Europe/Zurich',
        days: ['fri'],
        hours: [{ from: 1320, to: 360 }],
        holidays: ['2026-12-25'],
        overrides: [
          {
            kind: 'dates',
            from: '2026-12-26',
            to: '2026-12-27',
            principals: ['arn:aws:sts::*:assumed-role/Ops/anna'],
          },
          { kind: 'instants', from: '2026-12-31T19:00:00.000Z', to: '2027-01-01T01:00:00.000Z', principals: [] },
        ],
        principals: ['arn:aws:iam::*:role/Ops*'],
        resources: [],
      },
      split: {
        hours: [
          { from: 480, to: 720 },
          { from: 780, to: 1440 },
          { from: 1200, to: 1440 },
        ],
      },
    });
    expect(policy?.sensitive).toEqual(['arn:aws:secretsmanager:*:*:secret:finance/*']);
    expect(policy?.sensitiveTags).toEqual(['data=finance', 'team']);
    expect(policy?.lists).toEqual({
      offices: ['203.0.113.0/24', '2001:db8::/32', '012345678901'],
      exits: ['198.51.100.7', '203.0.113.0/24', '2001:db8::/32'],
    });
    expect(policy?.changeWindows).toEqual([
      {
        name: 'release',
        ticket: 'CHG-1',
        accounts: ['123456789012'],
        principals: [],
        resources: [],
        during: { kind: 'instants', from: '2026-12-05T17:00:00.000Z', to: '2026-12-05T21:00:00.000Z' },
      },
      {
        name: 'patching',
        accounts: [],
        principals: [],
        resources: ['arn:aws:s3:::finance-*'],
        during: { kind: 'schedule', schedule: 'night' },
      },
    ]);
    expect(policy?.record).toEqual({
      services: ['secretsmanager.amazonaws.com', 'kms.amazonaws.com'],
      actions: [
        { source: 's3.amazonaws.com', name: 'GetObject' },
        { source: 'dynamodb.amazonaws.com', name: 'Get*' },
      ],
      resources: [],
      tags: [],
      learningSeconds: 604_800,
    });
  });

  it('have business hours that the operator may replace', () => {
    const own = read('schedules: { business-hours: { zone: Asia/Tokyo, days: [sat], hours: "10:00-11:00" } }\n');
    expect(own.policy?.schedules['business-hours']).toMatchObject({ zone: 'Asia/Tokyo', days: ['sat'] });
    const zoned = read('alerts: { zone: Asia/Tokyo }\n');
    expect(zoned.policy?.schedules['business-hours']).toMatchObject({ zone: 'Asia/Tokyo', days: expect.any(Array) });
  });

  it('show every mistake at its place and with what to write instead', () => {
    expect(
      problemsOf(`schedules:
  office: { zone: Zurich, days: [monday], hours: "8-18", holidays: [2026-02-30] }
  rota:
    zone: UTC
    days: [mon]
    hours: ["08:00-08:00"]
    overrides:
      - { from: 2026-12-26, to: 2026-12-25 }
      - { from: 2026-12-26, to: 2026-12-27T08:00Z }
      - { from: 2026-12-26T08:00, to: 2026-12-27T08:00Z }
      - { from: 2026-12-27T08:00Z, to: 2026-12-27T09:00+01:00, principals: [Anna] }
  none: { zone: UTC, days: [mon] }
  "a b": { zone: UTC, days: [mon], hours: "08:00-18:00" }
sensitive: [finance, "arn:aws:s3:::x", "arn:aws:s3:::x", { tag: "=x" }, { tag: data, arn: x }, 7, { tag: data }, { tag: data }]
lists:
  a: [10.0.0.0/33, 12345, true]
  b: lists/missing.txt
  c: ../up.txt
  d: lists/bad.txt
  __proto__: [x]
change-windows:
  - { name: a }
  - { name: b, from: 2026-12-05T18:00Z, to: 2026-12-05T17:00Z }
  - { name: c, schedule: nihgt }
  - { name: d, schedule: rota, from: 2026-12-05T18:00Z }
record: { services: [S3], actions: [GetObject], tables: [x], learning: 30 }
`),
    ).toEqual([
      'rescind.yaml:4:19: schedules.office.zone: "Zurich" is not a time zone: did you mean Europe/Zurich?',
      'rescind.yaml:4:34: schedules.office.days[0]: "monday" is not known here: write one of mon, tue, wed, thu, fri, sat, sun',
      'rescind.yaml:4:50: schedules.office.hours[0]: "8-18" are no hours: write e.g. "08:00-18:00", "22:00-06:00" into the next day, "00:00-24:00" for a whole one',
      'rescind.yaml:4:69: schedules.office.holidays[0]: "2026-02-30" is not a day: write e.g. 2026-12-25',
      'rescind.yaml:8:13: schedules.rota.hours[0]: "08:00-08:00" are no hours: write e.g. "08:00-18:00", "22:00-06:00" into the next day, "00:00-24:00" for a whole one',
      'rescind.yaml:10:33: schedules.rota.overrides[0].to: is before `from`',
      'rescind.yaml:11:33: schedules.rota.overrides[1].to: is not written as `from` is: write two days or two instants',
      'rescind.yaml:12:17: schedules.rota.overrides[2].from: "2026-12-26T08:00" is neither a day nor an instant with its zone: write e.g. 2026-12-24 or 2026-12-24T18:00:00+01:00',
      'rescind.yaml:13:77: schedules.rota.overrides[3].principals[0]: "Anna" is not an ARN: write arn:aws:iam::*:role/Anna, arn:aws:iam::*:user/Anna or, for a session, arn:aws:sts::*:assumed-role/*/Anna',
      'rescind.yaml:14:9: schedules.none.hours: is missing: write "08:00-18:00"',
      'rescind.yaml:15:3: schedules."a b": is not a name: write letters, digits and hyphens',
      'rescind.yaml:16:13: sensitive[0]: "finance" is not an ARN: write e.g. arn:aws:secretsmanager:*:*:secret:finance/* or arn:aws:s3:::finance-*, in which * spans any characters',
      'rescind.yaml:16:40: sensitive[2]: is written twice: remove one',
      'rescind.yaml:16:58: sensitive[3]: "=x" is no tag: write { tag: data=finance }',
      'rescind.yaml:16:73: sensitive[4]: is no tag: write { tag: data=finance }',
      'rescind.yaml:16:96: sensitive[5]: is neither an ARN nor a tag: write arn:aws:secretsmanager:*:*:secret:finance/* or { tag: data=finance }',
      'rescind.yaml:16:114: sensitive[7]: is written twice: remove one',
      'rescind.yaml:18:7: lists.a[0]: "10.0.0.0/33" is not a range of addresses: write e.g. 203.0.113.0/24 or 2001:db8::/32',
      'rescind.yaml:18:20: lists.a[1]: 12345 is not text: write it in quotes, "12345"',
      'rescind.yaml:18:27: lists.a[2]: true is not text: write it in quotes, "true"',
      'rescind.yaml:19:6: lists.b: there is no file "lists/missing.txt"',
      'rescind.yaml:20:6: lists.c: "../up.txt" leaves the project: write a path relative to this file, with forward slashes',
      'rescind.yaml:21:6: lists.d: lists/bad.txt:1: "10.0.0.0/33" is not a range of addresses: write e.g. 203.0.113.0/24 or 2001:db8::/32',
      'rescind.yaml:22:3: lists.__proto__: is not a name: write letters, digits and hyphens',
      'rescind.yaml:24:5: change-windows[0]: has no time: write from and to, or a schedule',
      'rescind.yaml:25:45: change-windows[1].to: is not after `from`',
      'rescind.yaml:26:26: change-windows[2].schedule: there is no schedule "nihgt": there are office, rota, none, a b, business-hours',
      'rescind.yaml:27:5: change-windows[3]: has a schedule and times: write one of the two',
      'rescind.yaml:28:22: record.services[0]: "S3" is not a service: write the eventSource of its records, e.g. secretsmanager or secretsmanager.amazonaws.com',
      'rescind.yaml:28:37: record.actions[0]: "GetObject" is not an action: write service:Action, e.g. s3:GetObject or dynamodb:Get*',
      'rescind.yaml:28:49: record.tables: unknown key: known here are services, actions, resources, learning',
      'rescind.yaml:28:72: record.learning: 30 has no unit: write 30 s, 30 m, 30 h or 30 d',
    ]);
  });
});
