import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readRuleFolders } from '../../cli/rules/read-rule-folders.ts';
import { runRuleTests, untestedRules } from '../../cli/rules/run-rule-tests.ts';
import { compileRuleFiles } from '../../shared/rules/compile/compile-rule-files.ts';
import { compileEventPatterns } from '../../shared/rules/event-patterns.ts';

const files = readRuleFolders(['rules']);
const { rules, tests, problems, warnings } = compileRuleFiles(files);

describe('the rule pack', () => {
  const raising = rules.filter((rule) => rule.detection.silent !== true);

  test('compiles without a problem or warning, one rule that raises a file', () => {
    expect([...problems, ...warnings]).toEqual([]);
    expect(raising.map((rule) => rule.header.file)).toEqual(files.map((file) => file.file));
    expect(raising.length).toBeGreaterThanOrEqual(40);
  });

  test('answers in some way that an operator can look up', () => {
    expect([...new Set(raising.map((rule) => rule.header.respond))].sort()).toEqual([
      'alert',
      'contain',
      'require-mfa',
      'revert',
      'revoke-access',
    ]);
  });

  test('passes the tests inside its rules, each of which fires and stays silent', () => {
    expect(runRuleTests(rules, tests).filter((result) => !result.passed)).toEqual([]);
    expect(untestedRules(rules, tests)).toEqual([]);
  });

  test.each(
    rules.filter((rule) => rule.detection.silent !== true).map((rule) => [rule.header.file, rule.header] as const),
  )('%s says what an operator needs', (_, header) => {
    expect(header.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(header.description.length).toBeGreaterThan(40);
    expect(header.falsePositives).not.toEqual([]);
    expect(header.tags.some((tag) => /^attack\.t\d{4}/.test(tag))).toBe(true);
    expect(header.respond).toBeDefined();
    expect(readFileSync(header.file, 'utf8')).toMatch(/^author: Rescind$/m);
  });

  test('needs neither engine, so that the evaluate function ships without them', () => {
    expect(JSON.stringify(rules)).not.toMatch(/"kind":"(regex|cidr)"/);
  });

  test('asks for hours, sensitive resources and what is new where an event alone says too little', () => {
    const asking = rules.flatMap(({ header, only }) => (only === undefined ? [] : [header.file]));
    expect(asking).toContain('rules/data-access/sensitive-secret-outside-hours.yml');
    expect(asking).toContain('rules/data-access/sensitive-secret-first-seen.yml');
    expect(asking).toContain('rules/network/ingress-opened-after-hours.yml');
  });

  test('lets no service through whole', () => {
    expect(compileEventPatterns(rules).filter((pattern) => !pattern.narrowed)).toEqual([]);
  });
});
