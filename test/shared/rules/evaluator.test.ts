import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../shared/json.ts';
import { compileRuleFile } from '../../../shared/rules/compile/compile-rule-file.ts';
import { ipaddrCidr } from '../../../shared/rules/engines/ipaddr-cidr.ts';
import { re2Regex } from '../../../shared/rules/engines/re2-regex.ts';
import { createEvaluator } from '../../../shared/rules/evaluate/create-evaluator.ts';
import type { CompiledRule } from '../../../shared/rules/rule.ts';
import { ruleText } from './rule-text.ts';

function ruleOf(id: string, detection: string): CompiledRule {
  const text = ruleText(detection).replace('00000000-0000-4000-8000-000000000001', id);
  const [rule] = compileRuleFile(text, `${id}.yml`).rules;
  if (rule === undefined) throw new Error(`the rule ${id} of this test does not compile`);
  return rule;
}

const plain = ruleOf('plain', '  a: {eventName: CreateUser}\n  condition: a');
const record = { eventSource: 'iam.amazonaws.com', eventName: 'CreateUser' };

describe('the evaluator', () => {
  test('gives the header of each rule that fires, in the order of the rules', () => {
    const other = ruleOf('other', '  a: {eventSource: iam.amazonaws.com}\n  condition: a');
    const silent = ruleOf('silent', '  a: {eventName: DeleteUser}\n  condition: a');
    const { evaluate } = createEvaluator([other, silent, plain]);
    expect(evaluate(record).hits.map((hit) => hit.id)).toEqual(['other', 'plain']);
  });

  test.each([
    [
      'a kind of test that it does not know',
      {
        condition: { kind: 'search', name: 'a' },
        searches: { a: { kind: 'item', field: 'x', quantifier: 'any', tests: [{ kind: 'moon' }] } },
      },
    ],
    ['a condition without its selection', { condition: { kind: 'search', name: 'gone' }, searches: {} }],
    ['nothing at all', {}],
  ])('loads the other rules when one holds %s, and names that one', (_, detection) => {
    const broken = { header: { ...plain.header, id: 'broken', file: 'broken.yml' }, detection };
    const { evaluate, faults } = createEvaluator([broken, plain]);
    expect(faults).toMatchObject([{ ruleId: 'broken', file: 'broken.yml' }]);
    expect(evaluate(record).hits.map((hit) => hit.id)).toEqual(['plain']);
  });

  test('names a rule whose engine is not loaded, and loads the rest', () => {
    const regex = ruleOf('regex', "  a: {eventName|re: '^Create'}\n  condition: a");
    const cidr = ruleOf('cidr', '  a: {sourceIPAddress|cidr: 10.0.0.0/8}\n  condition: a');
    const bare = createEvaluator([regex, cidr, plain]);
    expect(bare.faults.map((fault) => fault.ruleId)).toEqual(['regex', 'cidr']);
    expect(bare.evaluate(record).hits.map((hit) => hit.id)).toEqual(['plain']);
    const full = createEvaluator([regex, cidr, plain], { regex: re2Regex, cidr: ipaddrCidr });
    expect(full.evaluate(record).hits.map((hit) => hit.id)).toEqual(['regex', 'plain']);
  });

  test('reports a rule that throws on a record as a fault of that record, and runs the others', () => {
    const regex = ruleOf('regex', "  a: {eventName|re: '^Create'}\n  condition: a");
    const throwing = createEvaluator([regex, plain], {
      regex: () => () => {
        throw new Error('out of memory');
      },
    });
    const { hits, faults } = throwing.evaluate(record);
    expect(hits.map((hit) => hit.id)).toEqual(['plain']);
    expect(faults).toEqual([{ ruleId: 'regex', file: 'regex.yml', message: 'out of memory' }]);
  });

  test('takes records without a source or name, or with lists in their place', () => {
    const { evaluate } = createEvaluator([plain, ruleOf('no-name', '  a: {eventName: null}\n  condition: a')]);
    expect(evaluate({}).hits.map((hit) => hit.id)).toEqual(['no-name']);
    expect(evaluate({ eventName: ['DeleteUser', 'CreateUser'] }).hits.map((hit) => hit.id)).toEqual(['plain']);
  });

  test('is not deceived by own keys that shadow what objects inherit', () => {
    const proto = ruleOf('proto', '  a: {__proto__.admin: true}\n  condition: a');
    const { evaluate } = createEvaluator([proto]);
    const own: JsonObject = JSON.parse('{"__proto__":{"admin":true}}');
    expect(evaluate(own).hits).toHaveLength(1);
    expect(evaluate({ a: 1 }).hits).toHaveLength(0);
  });

  const wide = [
    ruleOf('w1', "  a: {'|contains': x}\n  b: {requestParameters|contains: y}\n  condition: a or b"),
    ruleOf('w2', '  a: {a.b.c|exists: false}\n  b: {a.b|fieldref: a.c}\n  condition: a and not b'),
    ruleOf('w3', '  a: {eventName: null}\n  b: {a|neq: 1}\n  condition: a or b'),
    ruleOf('w4', "  a: {a|re: '(x+x+)+y'}\n  b: {a|cidr: 10.0.0.0/8}\n  condition: a or b"),
  ];

  test('never throws, whatever the record', () => {
    const { evaluate } = createEvaluator([...wide, plain], { regex: re2Regex, cidr: ipaddrCidr });
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('a', 'eventName', 'eventSource', 'requestParameters', '__proto__'),
          fc.jsonValue({ maxDepth: 6 }),
        ),
        (json) => {
          const parsed: JsonObject = JSON.parse(JSON.stringify(json));
          expect(evaluate(parsed).faults).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('survives a record nested 200,000 levels deep: rules that must write it out are faults, the others answer', () => {
    const deep: JsonObject = JSON.parse(
      `{"eventName":"CreateUser","requestParameters":${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}}`,
    );
    const { evaluate } = createEvaluator([...wide, plain], { regex: re2Regex, cidr: ipaddrCidr });
    expect(evaluate(deep).hits.map((hit) => hit.id)).toContain('plain');
  });

  test('looks into lists nested 100,000 deep, and finds what is in there', () => {
    const deep = (inner: string): JsonObject =>
      JSON.parse(`{"eventName":"X","tags":${'['.repeat(100_000)}${inner}${']'.repeat(100_000)}}`);
    const text = ruleText('  a: {tags.key: secret}\n  b: {tags.other|exists: true}\n  condition: a or b');
    const { evaluate } = createEvaluator(compileRuleFile(text, 'r.yml').rules);
    expect(evaluate(deep('{"key":"secret"}'))).toMatchObject({ hits: [{ title: 'A rule' }], faults: [] });
    expect(evaluate(deep('{"other":null}'))).toMatchObject({ hits: [{ title: 'A rule' }], faults: [] });
    expect(evaluate(deep('{"key":"public"}'))).toMatchObject({ hits: [], faults: [] });
  });

  test('gives the same hits for the same records in any order', () => {
    const records = ['CreateUser', 'createuser', 'DeleteUser', ''].map((eventName) => ({ ...record, eventName }));
    const expected = new Map([
      ['CreateUser', 1],
      ['createuser', 1],
      ['DeleteUser', 0],
      ['', 0],
    ]);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...records)), (stream) => {
        const { evaluate } = createEvaluator([plain]);
        for (const each of stream) expect(evaluate(each).hits).toHaveLength(expected.get(each.eventName) ?? -1);
      }),
    );
  });
});

describe('placeholders', () => {
  const text = ruleText("  a:\n    userIdentity.userName|expand|startswith: '%Administrators%-'\n  condition: a");

  test('stand for each value of their list', () => {
    const { rules, problems } = compileRuleFile(text, 'r.yml', { lists: { Administrators: ['root', 'adm*n'] } });
    expect(problems).toEqual([]);
    const { evaluate } = createEvaluator(rules);
    const hits = (userName: string) => evaluate({ userIdentity: { userName } }).hits.length;
    expect(['root-1', 'admin-x', 'adm-n', 'alice-1', '%Administrators%-'].map(hits)).toEqual([1, 1, 0, 0, 0]);
  });
});
