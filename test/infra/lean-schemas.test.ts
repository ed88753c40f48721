import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { withPlainKeys } from '../../infra/bundling/lean-schemas.ts';

const SDK = join(import.meta.dirname, '..', '..', 'node_modules', '@aws-sdk');
const clients = readdirSync(SDK)
  .filter((name) => name.startsWith('client-'))
  .map((name) => [name, join(SDK, name, 'dist-es', 'schemas', 'schemas_0.js')] as const)
  .filter(([, file]) => existsSync(file));

/** Stands in for what the modules import: classes of errors, and where they are registered. */
const absent: unknown = new Proxy(() => absent, { get: () => absent });

/** Every schema of a module by its name, as text. */
function schemasIn(module: string): ReadonlyMap<string, string> {
  const { code } = transformSync(module.replace(/^var /gm, 'export var '), { format: 'cjs' });
  const holder: { exports: Record<string, unknown> } = { exports: {} };
  new Function('require', 'module', code)(() => absent, holder);
  return new Map(Object.entries(holder.exports).map(([name, schema]) => [name, JSON.stringify(schema, asText)]));
}

/** A schema names others by functions, for they may name one another in a circle. */
function asText(_: string, member: unknown): unknown {
  if (member === absent) return 'absent';
  return typeof member === 'function' ? member.toString() : member;
}

describe('the schemas of a client with plain keys', () => {
  test.each(clients)('are those of %s, all of them', (_, file) => {
    const original = readFileSync(file, 'utf8');
    const plain = withPlainKeys(original);
    const schemas = schemasIn(original);
    expect(schemas.size).toBeGreaterThan(20);
    expect(schemasIn(plain)).toEqual(schemas);
    expect(plain).not.toMatch(/\[_\w+\]:/);
  });
});

describe('a key', () => {
  test('stays as it is where it is no constant of the file', () => {
    const module = 'const _a = "left";\nvar X = { [_a]: 1, [_b]: 2 };';
    expect(withPlainKeys(module)).toBe('const _a = "left";\nvar X = { "left": 1, [_b]: 2 };');
  });
});
