import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleFunctions } from '../../infra/bundling/bundle-functions.ts';
import { readDeployment } from '../../infra/configuration/read-deployment.ts';
import { JOBS } from '../../shared/cases/own-roles.ts';
import type { CompiledPolicy } from '../../shared/config/compiled-policy.ts';
import { loadCompiledPolicy } from '../../shared/config/compiled-policy.ts';
import { folder, POLICY, RULE } from './synthesised.ts';

const source = join(import.meta.dirname, '..', '..', 'functions');
const KB = 1000;

let first = '';
let second = '';

beforeAll(async () => {
  first = folder({}, afterAll);
  second = folder({}, afterAll);
  const compiled = compiledPolicy();
  await bundleFunctions({ jobs: JOBS, source, outputFolder: first, compiled });
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

describe('the bundles', () => {
  test.each(JOBS)('of %s is a handler and the compiled policy, the same bytes each time', (job) => {
    expect(readdirSync(join(first, job)).sort()).toEqual(['handler.mjs', 'policy.json']);
    for (const file of ['handler.mjs', 'policy.json']) {
      expect(readFileSync(join(first, job, file)).equals(readFileSync(join(second, job, file)))).toBe(true);
    }
    const asset: unknown = JSON.parse(readFileSync(join(first, job, 'policy.json'), 'utf8'));
    expect(loadCompiledPolicy(asset).rules).toHaveLength(1);
  });

  test('leave out what a function in Lambda never needs: other sources of credentials, YAML, zod', () => {
    for (const job of JOBS) {
      const text = readFileSync(join(first, job, 'handler.mjs'), 'utf8');
      const foreign = ['credential_process', 'sso_start_url', 'YAMLParseError', 'ZodError'];
      expect(['NoCredentialsError', ...foreign].filter((word) => text.includes(word))).toEqual(['NoCredentialsError']);
    }
  });

  test('are small enough to start fast', () => {
    const size = (job: string) => statSync(join(first, job, 'handler.mjs')).size;
    expect(size('evaluate')).toBeLessThanOrEqual(400 * KB);
    expect(size('contain')).toBeLessThanOrEqual(450 * KB);
  });
});
