import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Principal } from '../../../../shared/access/principal.ts';
import { compileRuleFile } from '../../../../shared/rules/compile/compile-rule-file.ts';
import { firstSeenKeys, outermost } from '../../../../shared/rules/first-seen/first-seen-keys.ts';
import { keysToNote } from '../../../../shared/rules/first-seen/keys-to-note.ts';
import { networkOf } from '../../../../shared/rules/first-seen/network-of.ts';
import { userAgentFamily } from '../../../../shared/rules/first-seen/user-agent-family.ts';
import { accessEvent, userPrincipal } from '../../../support/case-scene.ts';
import { ruleText } from '../rule-text.ts';

const session = (of: Partial<Extract<Principal, { kind: 'role-session' }>> = {}): Principal => ({
  kind: 'role-session',
  account: '111122223333',
  roleId: 'AROAOPS',
  roleName: 'Operations',
  roleArn: 'arn:aws:iam::111122223333:role/Operations',
  sessionName: 'i-0123456789',
  serviceLinked: false,
  ...of,
});
const actorOf = (principal: Principal) => firstSeenKeys(['actor'], accessEvent({ principal }), []);

describe('the actor of a key', () => {
  it.each<[string, Principal, string]>([
    ['a user, by the id that a user of the same name would not have', userPrincipal(), 'user:AIDAMALLORY'],
    ['a role, whatever its sessions are named', session(), 'role:AROAOPS'],
    [
      'a person of Identity Center, after whom the session is named',
      session({
        roleArn: 'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123',
        sessionName: 'anna@example.com',
      }),
      'role:AROAOPS:anna@example.com',
    ],
    ['the source identity, which lasts', session({ sourceIdentity: 'anna' }), 'role:AROAOPS:anna'],
    ['root', { kind: 'root', account: '111122223333' }, 'root:111122223333'],
    ['a service', { kind: 'service', invokedBy: 'backup.amazonaws.com' }, 'service:backup.amazonaws.com'],
  ])('is %s', (_, principal, actor) => {
    expect(actorOf(principal)).toEqual([JSON.stringify([['actor', actor]])]);
  });

  it('is none for somebody unknown, so that the key is none', () => {
    expect(actorOf({ kind: 'unknown', reason: 'no identity' })).toEqual([]);
  });
});

it.each([
  ['203.0.113.77', '203.0.113.0/24'],
  ['2001:db8:42:7::1', '2001:db8:42::/48'],
  ['2001:DB8:0042:0007:0:0:0:1', '2001:db8:42::/48'],
  ['::1', '0:0:0::/48'],
  ['ec2.amazonaws.com', undefined],
  ['AWS Internal', undefined],
  ['', undefined],
])('the network of %s is %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

it.each([
  ['aws-cli/2.31.0 md/awscrt#0.27 ua/2.1', 'aws-cli'],
  ['[aws-cli/2.31.0 md/awscrt#0.27]', 'aws-cli'],
  ['Boto3/1.40.1 md/Botocore#1.40', 'boto3'],
  ['Mozilla/5.0 (X11; Linux x86_64)', 'browser'],
  ['APN/1.0 HashiCorp/1.0 Terraform/1.5.7 (+https://www.terraform.io)', 'terraform'],
  ['cloudformation.amazonaws.com', 'cloudformation'],
  ['console.amazonaws.com', 'console.amazonaws.com'],
  ['', undefined],
])('the family of the user agent %j is %s', (userAgent, family) => {
  expect(userAgentFamily(userAgent)).toBe(family);
});

it('a bucket stands for the objects in it, a secret for itself', () => {
  expect(outermost(['arn:aws:s3:::b/k', 'arn:aws:s3:::b', 'arn:aws:s3:::bb/k'])).toEqual([
    'arn:aws:s3:::b',
    'arn:aws:s3:::bb/k',
  ]);
});

it('what a rule asks for is among what is noted, whichever way the event names its resource', () => {
  const text = (parts: string) =>
    ruleText('  a: {eventSource: s3.amazonaws.com}\n  condition: a', `rescind:\n  only: {first-seen: ${parts}}\n`);
  const rules = ['[resource, actor]', '[actor, network]'].flatMap(
    (parts) => compileRuleFile(text(parts), 'r.yml').rules,
  );
  const note = keysToNote(rules);
  const arn = fc.constantFrom('arn:aws:s3:::b', 'arn:aws:s3:::b/k', 'arn:aws:s3:::c/x/y');
  fc.assert(
    fc.property(fc.array(arn, { maxLength: 4 }), (arns) => {
      const event = accessEvent({ record: { resources: arns.map((ARN) => ({ ARN })) } });
      const noted = note(event);
      for (const parts of [
        ['actor', 'resource'],
        ['actor', 'network'],
      ] as const) {
        for (const key of firstSeenKeys(parts, event, outermost(arns))) expect(noted).toContain(key);
      }
      expect(new Set(noted).size).toBe(noted.length);
    }),
  );
  expect(keysToNote([])(accessEvent())).toEqual([]);
});
