import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { schemaFiles } from '../../../cli/rules/schema-files.ts';
import { readPolicy } from '../../../shared/config/read-policy.ts';
import { policyJsonSchema } from '../../../shared/config/schema/policy-json-schema.ts';
import { PLAYBOOKS } from '../../../shared/containment/playbooks.ts';
import { compileRuleFiles } from '../../../shared/rules/compile/compile-rule-files.ts';

const project = join(import.meta.dirname, '..', '..', '..');
const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true });
const [policyIsValid, ruleIsValid] = ['schemas/rescind.schema.json', 'schemas/rule.schema.json'].map((path) =>
  ajv.compile(JSON.parse(readFileSync(join(project, path), 'utf8'))),
);

function policySchemaTakes(yaml: string): boolean {
  return policyIsValid?.(parse(yaml)) === true;
}

const ruleFiles = readdirSync(join(project, 'rules'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yml'))
  .sort();

describe('the published schemas', () => {
  test.each(schemaFiles())('$path is what `npm run schemas` writes today', ({ path, schema }) => {
    expect(JSON.parse(readFileSync(join(project, path), 'utf8'))).toEqual(JSON.parse(JSON.stringify(schema)));
  });

  test('describe every key of rescind.yaml, and none that is not there', () => {
    const { unused, undescribed } = policyJsonSchema();
    expect({ unused, undescribed }).toEqual({ unused: [], undescribed: [] });
  });

  test('take the rescind.yaml of this project, which names its schema on the first line', () => {
    const text = readFileSync(join(project, 'rescind.yaml'), 'utf8');
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=./schemas/rescind.schema.json');
    expect(policySchemaTakes(text)).toBe(true);
  });

  test.each(ruleFiles)('take rules/%s', (file) => {
    const documents = parseAllDocuments(readFileSync(join(project, 'rules', file), 'utf8'));
    const errors = documents.map((document) => (ruleIsValid?.(document.toJS()) ? [] : ruleIsValid?.errors));
    expect(errors.flat()).toEqual([]);
  });
});

const base = 'version: 1\nhome-region: us-east-1\n';
const acts = `${base}mode: enforce\nprotected: ['arn:aws:iam::*:role/BreakGlass*']\n`;

describe('the schema of rescind.yaml and its reader', () => {
  test.each([
    ['the least that there can be', base],
    ['a mode that acts, with somebody protected', acts],
    ['root protected', `${base}protected: ['arn:aws:iam::123456789012:root']\n`],
    ['every unit of time', `${acts}breaker: { subjects: 3, window: 90s }\ntiming: { settle: 45 s, hold-user: 2 d }\n`],
    ['a response', `${base}responses: [{ when: { technique: t1098.003, level: high }, playbook: contain }]\n`],
    ['a response without a condition', `${base}responses: [{ when: {}, mode: observe }]\n`],
    ['a lock', `${base}responses: [{ when: {}, playbook: lock, for: 4 h }]\n`],
    ['the time of rules that lock', `${base}responses: [{ when: { tag: attack.t1098 }, for: 30 d }]\n`],
    ['subscribers', `${base}alerts: { page: [{ protocol: sms, endpoint: '+41791234567' }] }\n`],
    ['a schedule', `${base}schedules: { s: { zone: UTC, days: [mon], hours: "22:00-06:00" } }\n`],
    [
      'a schedule with everything',
      `${base}schedules: { s: { zone: UTC, days: [mon, sun], hours: ["08:00-12:00", "13:00-24:00"], holidays: [2026-12-25], overrides: [{ from: 2026-12-26, to: 2026-12-26, principals: ['arn:aws:sts::*:assumed-role/Ops/anna'] }, { from: 2026-12-31T20:00Z, to: '2027-01-01T02:00:00+01:00' }], principals: ['arn:aws:iam::*:role/Ops*'], resources: ['arn:aws:s3:::x'] } }\n`,
    ],
    ['sensitive resources', `${base}sensitive: ['arn:aws:secretsmanager:*:*:secret:finance/*']\n`],
    ['what is sensitive by a tag', `${base}sensitive: [{ tag: data=finance }, { tag: data }]\n`],
    ['lists', `${base}lists: { offices: [203.0.113.0/24, x], none: [] }\n`],
    [
      'a change window by instants',
      `${base}change-windows: [{ name: r, from: 2026-12-05T18:00Z, to: 2026-12-05T22:00Z }]\n`,
    ],
    ['a change window by schedule', `${base}change-windows: [{ name: r, ticket: T-1, schedule: business-hours }]\n`],
    [
      'a scope of the record',
      `${base}record: { services: [kms], actions: ['s3:Get*'], resources: ['arn:aws:s3:::x'], learning: 1 d }\n`,
    ],
    ['tickets', `${base}tickets: { level: low, topic: [], link: 'https://wiki.example.com/{case}' }\n`],
    ['a lock of evidence', `${base}evidence: { lock: 90 d }\n`],
    ['an account', `${base}accounts: ['012345678901']\nregions: [eu-central-1]\n`],
  ])('both take %s', (_, yaml) => {
    expect([readPolicy(yaml, 'x', { playbooks: PLAYBOOKS }).problems, policySchemaTakes(yaml)]).toEqual([[], true]);
  });

  test.each([
    ['nothing but a version', 'version: 1\n'],
    ['another version', 'version: 2\nhome-region: us-east-1\n'],
    ['a key that is not there', `${base}moed: observe\n`],
    ['a key that is not built yet', `${base}playbooks: {}\n`],
    ['a link of tickets to no case', `${base}tickets: { link: 'https://wiki.example.com/' }\n`],
    ['a mode that is not there', `${base}mode: act\n`],
    ['acting with nobody protected', `${base}mode: enforce\n`],
    ['acting with an empty list of the protected', `${base}mode: approve\nprotected: []\n`],
    ['a name in place of an ARN', `${base}protected: [BreakGlass]\n`],
    ['a time without a unit', `${base}breaker: { window: 900 }\n`],
    ['a time in words', `${base}breaker: { window: 15 minutes }\n`],
    ['no subjects', `${base}breaker: { subjects: 0 }\n`],
    ['no folder of rules', `${base}rules: []\n`],
    ['a folder twice', `${base}rules: [rules, rules]\n`],
    ['a response that answers nothing', `${base}responses: [{ when: { level: high } }]\n`],
    ['a playbook that is not there', `${base}responses: [{ when: {}, playbook: lok }]\n`],
    ['a lock without an end', `${base}responses: [{ when: {}, playbook: lock }]\n`],
    ['an end of what a person ends', `${base}responses: [{ when: {}, playbook: contain, for: 4 h }]\n`],
    ['a lock in words', `${base}responses: [{ when: {}, playbook: lock, for: tonight }]\n`],
    ['a technique in words', `${base}responses: [{ when: { technique: persistence }, mode: observe }]\n`],
    ['an account as a number', `${base}accounts: [123456789012]\n`],
    ['a schedule without hours', `${base}schedules: { s: { zone: UTC, days: [mon] } }\n`],
    ['hours as a number', `${base}schedules: { s: { zone: UTC, days: [mon], hours: 8 } }\n`],
    ['hours that are none', `${base}schedules: { s: { zone: UTC, days: [mon], hours: "8-18" } }\n`],
    ['no hours', `${base}schedules: { s: { zone: UTC, days: [mon], hours: [] } }\n`],
    ['a day in another language', `${base}schedules: { s: { zone: UTC, days: [lun], hours: "08:00-18:00" } }\n`],
    [
      'a schedule whose name is no word',
      `${base}schedules: { 'a b': { zone: UTC, days: [mon], hours: "08:00-18:00" } }\n`,
    ],
    ['a sensitive resource that is no ARN', `${base}sensitive: [finance]\n`],
    ['a tag without a key', `${base}sensitive: [{ tag: '=finance' }]\n`],
    ['a list that is a number', `${base}lists: { a: 5 }\n`],
    ['a list that holds a number', `${base}lists: { a: [5] }\n`],
    ['a change window without a time', `${base}change-windows: [{ name: r }]\n`],
    [
      'a change window with two times',
      `${base}change-windows: [{ name: r, schedule: business-hours, from: 2026-12-05T18:00Z, to: 2026-12-05T22:00Z }]\n`,
    ],
    [
      'an instant without a zone',
      `${base}change-windows: [{ name: r, from: 2026-12-05T18:00, to: 2026-12-05T22:00Z }]\n`,
    ],
    ['an action without its service', `${base}record: { actions: [GetObject] }\n`],
    ['a region in words', `${base}regions: [Frankfurt]\n`],
  ])('both refuse %s', (_, yaml) => {
    expect(readPolicy(yaml, 'x', { playbooks: PLAYBOOKS }).problems).not.toEqual([]);
    expect(policySchemaTakes(yaml)).toBe(false);
  });
});

function rule(rescind: string): string {
  return `title: t\nid: t\nlogsource: {product: aws, service: cloudtrail}\ndetection: {a: {b: c}, condition: a}\nrescind: ${rescind}\n`;
}

describe('the schema of rules and the compiler', () => {
  const judged = (yaml: string) => ({
    compiles: compileRuleFiles([{ file: 'a.yml', text: yaml }]).problems.length === 0,
    valid: ruleIsValid?.(parse(yaml)) === true,
  });

  test.each([
    ['an empty key', '{}'],
    [
      'everything',
      '{subject: target-user, respond: contain, needs: read-events, tests: [{name: n, match: true, event: {}}]}',
    ],
    ['a playbook of the operator', '{respond: my-own}'],
    [
      'all that only asks',
      '{only: {outside: [business-hours, rota], outside-change-window: true, sensitive: true, in-list: {a.b: exits}, first-seen: [actor, resource]}}',
    ],
    ['one schedule and one part', '{only: {outside: rota, first-seen: network}}'],
    [
      'a test with all that can be given',
      '{tests: [{name: n, match: true, event: {}, given: {seen: true, sensitive: ["arn:aws:s3:::x"], lists: {a: [b]}, schedules: {s: {zone: UTC, days: [mon], hours: "08:00-18:00"}}, change-windows: [{name: r, schedule: s}]}}]}',
    ],
    ['several events', '{tests: [{name: n, match: false, events: [{}, {}]}]}'],
  ])('both take %s', (_, rescind) => {
    expect(judged(rule(rescind))).toEqual({ compiles: true, valid: true });
  });

  test.each([
    ['a text for the key', 'contain'],
    ['a key that is not there', '{subjekt: actor}'],
    ['an only that asks nothing', '{only: {}}'],
    ['an only that is a text', '{only: sensitive}'],
    ['an only with a key that is not there', '{only: {outsid: business-hours}}'],
    ['outside no schedule at all', '{only: {outside: []}}'],
    ['outside a number', '{only: {outside: 8}}'],
    ['a condition that is not asked', '{only: {sensitive: false}}'],
    ['a list for nothing', '{only: {in-list: {}}}'],
    ['a field with a modifier', '{only: {in-list: {"sourceIPAddress|cidr": offices}}}'],
    ['a country that is first seen', '{only: {first-seen: [actor, country]}}'],
    ['nothing that is first seen', '{only: {first-seen: []}}'],
    ['a test that is given what is not there', '{tests: [{name: n, match: true, event: {}, given: {mode: observe}}]}'],
    [
      'a test that is given a wrong schedule',
      '{tests: [{name: n, match: true, event: {}, given: {schedules: {s: {zone: UTC}}}}]}',
    ],
    ['a subject that is not there', '{subject: everybody}'],
    ['a playbook that is no name', '{respond: Contain it}'],
    ['another need', '{needs: everything}'],
    ['a test without a name', '{tests: [{match: true, event: {}}]}'],
    ['a test that does not say whether it fires', '{tests: [{name: n, event: {}}]}'],
    ['a test with one event and several', '{tests: [{name: n, match: true, event: {}, events: [{}]}]}'],
    ['a test with neither', '{tests: [{name: n, match: true}]}'],
    ['a test with no events', '{tests: [{name: n, match: true, events: []}]}'],
    ['an event that is a text', '{tests: [{name: n, match: true, event: x}]}'],
    ['a test with a key that is not there', '{tests: [{name: n, match: true, event: {}, skip: true}]}'],
  ])('both refuse %s', (_, rescind) => {
    expect(judged(rule(rescind))).toEqual({ compiles: false, valid: false });
  });

  test('both let a rule keep keys of Sigma and of other tools', () => {
    expect(judged(`${rule('{}')}author: somebody\nstatus: test\nsplunk: {x: 1}\n`)).toEqual({
      compiles: true,
      valid: true,
    });
  });
});
