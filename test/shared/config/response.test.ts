import { describe, expect, it } from 'vitest';
import type { Mode, Response } from '../../../shared/config/policy.ts';
import { answerFor } from '../../../shared/config/response.ts';
import type { RuleHeader } from '../../../shared/rules/rule.ts';

const rule: RuleHeader = {
  id: '5a0b8f3e-0000-4000-8000-000000000001',
  title: 'Administrator policy attached to a user',
  level: 'high',
  description: '',
  falsePositives: [],
  tags: ['attack.privilege-escalation', 'attack.t1098.003'],
  file: 'rules/identity/admin-policy.yml',
  subject: 'actor',
  needsReadEvents: false,
};

const answer = (mode: Mode, responses: readonly Response[], respond?: string) =>
  answerFor({ mode, responses }, respond === undefined ? rule : { ...rule, respond });

describe('the mode of an answer', () => {
  it.each<[Mode, Mode | undefined, Mode]>([
    ['observe', 'enforce', 'observe'],
    ['approve', 'enforce', 'approve'],
    ['enforce', 'enforce', 'enforce'],
    ['enforce', 'observe', 'observe'],
    ['enforce', 'approve', 'approve'],
    ['enforce', undefined, 'enforce'],
  ])('policy %s, response %s: %s', (policy, response, expected) => {
    const responses = response === undefined ? [] : [{ when: {}, mode: response }];
    expect(answer(policy, responses).mode).toBe(expected);
  });
});

describe('the playbook of an answer', () => {
  it('is the one that the rule names, even where a response names another', () => {
    expect(answer('enforce', [{ when: {}, playbook: 'contain', mode: 'approve' }], 'revoke-session')).toEqual({
      playbook: 'revoke-session',
      mode: 'approve',
    });
  });
  it('is that of the response where the rule names none', () => {
    expect(answer('enforce', [{ when: { level: 'high' }, playbook: 'contain' }])).toEqual({
      playbook: 'contain',
      mode: 'enforce',
    });
  });
  it("lasts as long as the response says where it is a lock, the rule's own as well", () => {
    const locks = { when: {}, playbook: 'lock', forSeconds: 14_400 } as const;
    expect(answer('enforce', [locks])).toEqual({ playbook: 'lock', mode: 'enforce', forSeconds: 14_400 });
    const timed = { when: {}, forSeconds: 600 } as const;
    expect(answer('enforce', [timed], 'lock')).toEqual({ playbook: 'lock', mode: 'enforce', forSeconds: 600 });
    expect(answer('enforce', [locks], 'contain')).toEqual({ playbook: 'contain', mode: 'enforce' });
  });
  it('is alert where neither does', () => {
    expect(answer('enforce', [{ when: {}, mode: 'observe' }])).toEqual({ playbook: 'alert', mode: 'observe' });
    expect(answer('enforce', [])).toEqual({ playbook: 'alert', mode: 'enforce' });
  });
  it('comes from the first response that matches', () => {
    const responses = [
      { when: { level: 'critical' }, playbook: 'contain' },
      { when: { level: 'high' }, playbook: 'revoke-session' },
      { when: {}, playbook: 'contain' },
    ] as const;
    expect(answer('enforce', responses).playbook).toBe('revoke-session');
  });
});

describe('a response matches', () => {
  it.each<[string, Response['when'], boolean]>([
    ['the id, whatever its case', { id: '5A0B8F3E-0000-4000-8000-000000000001' }, true],
    ['another id', { id: '5a0b8f3e-0000-4000-8000-000000000002' }, false],
    ['a tag', { tag: 'attack.privilege-escalation' }, true],
    ['a tag in the older spelling', { tag: 'attack.privilege_escalation' }, true],
    ['part of a tag', { tag: 'attack.privilege' }, false],
    ['the technique of a sub-technique', { technique: 'T1098' }, true],
    ['the sub-technique', { technique: 'T1098.003' }, true],
    ['another sub-technique', { technique: 'T1098.001' }, false],
    ['a technique that only begins alike', { technique: 'T109' }, false],
    ['a folder', { path: 'rules/identity' }, true],
    ['a folder written another way', { path: './rules/identity/' }, true],
    ['the file', { path: 'rules/identity/admin-policy.yml' }, true],
    ['a folder that only begins alike', { path: 'rules/ident' }, false],
    ['all keys hold', { level: 'high', path: 'rules', technique: 'T1098' }, true],
    ['one of the keys does not hold', { level: 'low', path: 'rules', technique: 'T1098' }, false],
  ])('%s', (_, when, expected) => {
    expect(answer('enforce', [{ when, playbook: 'contain' }]).playbook).toBe(expected ? 'contain' : 'alert');
  });
});
