import { describe, expect, test } from 'vitest';
import { ENFORCE, OBSERVE } from '../../../../cli/demo/stolen-key/policies.ts';
import { readPolicy } from '../../../../shared/config/read-policy.ts';

const facts = { playbooks: ['alert', 'contain'], ruleFolders: { has: () => true }, local: true };

describe('the policies of the demo', () => {
  test.each([OBSERVE, ENFORCE])('$name is a policy without a problem, on an embedded AWS', ({ name, text }) => {
    const { policy, problems } = readPolicy(text('http://127.0.0.1:40000/', ''), 'demo.yaml', facts);
    expect(problems).toEqual([]);
    expect(policy?.mode).toBe(name);
    expect(policy?.timing.settleSeconds).toBe(4);
    expect(policy?.protected).toEqual(['arn:aws:iam::*:role/BreakGlass*']);
  });

  test('on AWS its settle time is refused', () => {
    const { problems } = readPolicy(ENFORCE.text('http://127.0.0.1:40000/', ''), 'demo.yaml', {
      ...facts,
      local: false,
    });
    expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('settle')]);
  });

  test('they differ in one word', () => {
    const [observe, enforce] = [OBSERVE, ENFORCE].map(({ text }) => text('http://127.0.0.1:1/', ''));
    expect(observe?.replace('mode: observe', 'mode: enforce')).toBe(enforce);
  });
});
