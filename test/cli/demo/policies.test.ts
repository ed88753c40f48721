import { describe, expect, test } from 'vitest';
import { policyText } from '../../../cli/demo/policies.ts';
import { readPolicy } from '../../../shared/config/read-policy.ts';

const facts = { playbooks: ['alert', 'contain'], ruleFolders: { has: () => true }, local: true };

describe('the policies of the demo', () => {
  test.each(['observe', 'enforce'] as const)('%s is a policy without a problem, on an embedded AWS', (mode) => {
    const { policy, problems } = readPolicy(policyText(mode, 'http://127.0.0.1:40000/'), 'demo.yaml', facts);
    expect(problems).toEqual([]);
    expect(policy?.mode).toBe(mode);
    expect(policy?.timing.settleSeconds).toBe(4);
    expect(policy?.protected).toEqual(['arn:aws:iam::*:role/BreakGlass*']);
  });

  test('on AWS its settle time is refused', () => {
    const { problems } = readPolicy(policyText('enforce', 'http://127.0.0.1:40000/'), 'demo.yaml', {
      ...facts,
      local: false,
    });
    expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('settle')]);
  });

  test('they differ in one word', () => {
    const [observe, enforce] = (['observe', 'enforce'] as const).map((mode) => policyText(mode, 'http://127.0.0.1:1/'));
    expect(observe?.replace('mode: observe', 'mode: enforce')).toBe(enforce);
  });
});
