import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleFunctions } from '../../infra/bundling/bundle-functions.ts';
import { readDeployment } from '../../infra/configuration/read-deployment.ts';
import { JOBS } from '../../shared/cases/own-roles.ts';
import type { CompiledPolicy } from '../../shared/config/compiled-policy.ts';
import { loadCompiledPolicy, loadPolicy } from '../../shared/config/compiled-policy.ts';
import { KB_AT_START } from '../support/bundle-limits.ts';
import { folder, POLICY, RULE } from './synthesised.ts';

const source = join(import.meta.dirname, '..', '..', 'functions');
const KB = 1000;
const LEFT = 'common-OFBEFORE.mjs';

let first = '';
let second = '';
let compiled: CompiledPolicy;

beforeAll(async () => {
  first = folder({}, afterAll);
  second = folder({}, afterAll);
  compiled = compiledPolicy();
  await bundleFunctions({ jobs: JOBS, source, outputFolder: first, compiled });
  mkdirSync(join(second, 'revert'));
  writeFileSync(join(second, 'revert', LEFT), '');
  await bundleFunctions({ jobs: JOBS, source, outputFolder: second, compiled });
});

function compiledPolicy(): CompiledPolicy {
  const deployment = readDeployment(
    join(folder({ 'rescind.yaml': POLICY, 'rules/a.yml': RULE }, afterAll), 'rescind.yaml'),
    {
      local: false,
    },
  );
  if (deployment.kind === 'problems') throw new Error('the policy of this test has problems');
  return deployment.compiled;
}

function textOf(job: string, file: string): string {
  return readFileSync(join(first, job, file), 'utf8');
}

type When = 'at start' | 'on demand';

/** Names of the files beside it that a file imports: as it is loaded (`from"./x.mjs"`), or when it asks (`import("./x.mjs")`). */
function importsOf(job: string, file: string, when: When): readonly string[] {
  const imports = when === 'at start' ? /\b(?:from|import)\s*"\.\/([\w.-]+)"/g : /\bimport\(\s*"\.\/([\w.-]+)"\s*\)/g;
  return [...new Set([...textOf(job, file).matchAll(imports)].flatMap(([, name = '']) => name))].sort();
}

/** The files that come with a file, itself included. */
function loadedWith(job: string, file: string, ...when: readonly When[]): readonly string[] {
  const found = new Set<string>();
  const follow = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    for (const each of when) importsOf(job, name, each).forEach(follow);
  };
  follow(file);
  return [...found].sort();
}

function bytesAtStart(job: string): number {
  const sizes = loadedWith(job, 'handler.mjs', 'at start').map((file) => statSync(join(first, job, file)).size);
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** What its handler loads when a case is about such a thing. */
function modulesOf(job: string): readonly string[] {
  return importsOf(job, 'handler.mjs', 'on demand');
}

describe('the bundles', () => {
  test.each(JOBS)(
    'of %s is a handler, what that may load, and the compiled policy, the same bytes each time',
    (job) => {
      const files = readdirSync(join(first, job)).sort();
      const code = loadedWith(job, 'handler.mjs', 'at start', 'on demand');
      expect(files).toEqual(['compiled.json', 'policy.json', ...code].sort());
      expect(readdirSync(join(second, job)).sort()).toEqual(files);
      for (const file of files) {
        expect(readFileSync(join(first, job, file)).equals(readFileSync(join(second, job, file)))).toBe(true);
      }
      expect(loadCompiledPolicy(JSON.parse(textOf(job, 'compiled.json'))).rules).toHaveLength(1);
      expect(loadPolicy(JSON.parse(textOf(job, 'policy.json')))).toEqual(compiled.policy);
    },
  );

  test('hold nothing that an earlier call left in their folders', () => {
    expect(readdirSync(join(second, 'revert'))).not.toContain(LEFT);
  });

  test('leave out what a function in Lambda never needs: other sources of credentials, YAML, zod', () => {
    const foreign = ['credential_process', 'sso_start_url', 'YAMLParseError', 'ZodError'];
    for (const job of JOBS) {
      const code = loadedWith(job, 'handler.mjs', 'at start', 'on demand').map((file) => textOf(job, file));
      expect(foreign.filter((word) => code.some((text) => text.includes(word)))).toEqual([]);
      expect(code.some((text) => text.includes('NoCredentialsError'))).toBe(true);
    }
  });

  test('are small enough to start fast', () => {
    const tooLarge = Object.entries(KB_AT_START).filter(([job, most]) => bytesAtStart(job) > most * KB);
    expect(tooLarge.map(([job, most]) => `${job} has ${bytesAtStart(job)} bytes of ${most} KB`)).toEqual([]);
  });

  test('leave the clients of what few cases are about to files of their own', () => {
    const files = ['accounts', 'buckets', 'identity-center', 'permission-sets', 'secrets', 'security-groups', 'trails'];
    expect(modulesOf('revert')).toEqual(files.map((name) => `${name}.mjs`));
    expect(modulesOf('plan')).toEqual(modulesOf('revert'));
    expect(modulesOf('restore')).toEqual(modulesOf('revert').filter((name) => name !== 'identity-center.mjs'));
    expect(modulesOf('verify')).toEqual([...modulesOf('restore'), 'trail-history.mjs'].sort());
    expect(modulesOf('contain')).toEqual([]);
  });

  test.each([
    ['revert', ['makeService', 'makeIdentityCenter']],
    ['verify', ['makeService', 'makeTrailHistory']],
  ])('of %s load these files as Node does, each with what makes its service', (job, makers) => {
    const names = modulesOf(job);
    const script = `for (const name of process.argv.slice(1)) console.log(Object.keys(await import('./' + name)).join())`;
    const args = ['--input-type=module', '--eval', script, ...names];
    const printed = execFileSync(process.execPath, args, { cwd: join(first, job), encoding: 'utf8' });
    const exported = printed
      .trim()
      .split('\n')
      .map((line) => line.split(','));
    expect(exported).toHaveLength(names.length);
    expect(exported.filter((each) => !makers.some((maker) => each.includes(maker)))).toEqual([]);
  });
});
