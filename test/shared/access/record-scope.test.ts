import { describe, expect, test } from 'vitest';
import { recordPatterns } from '../../../shared/access/record-patterns.ts';
import { isRecorded } from '../../../shared/access/record-scope.ts';
import type { RecordScope } from '../../../shared/config/policy.ts';
import { anEvent } from './an-event.ts';

const NOTHING: RecordScope = { services: [], actions: [], resources: [], tags: [], learningSeconds: 0 };
const scope = (fields: Partial<RecordScope>): RecordScope => ({ ...NOTHING, ...fields });
const call = (source: string, eventName: string) => anEvent({ eventSource: `${source}.amazonaws.com`, eventName });

describe('what is recorded', () => {
  test.each([
    ['signin', 'ConsoleLogin', true],
    ['signin', 'SwitchRole', true],
    ['sts', 'AssumeRole', true],
    ['sts', 'AssumeRoleWithSAML', true],
    ['sts', 'GetSessionToken', true],
    ['sso', 'UserAuthentication', true],
    ['sts', 'GetCallerIdentity', false],
    ['sso', 'ListInstances', false],
    ['secretsmanager', 'GetSecretValue', false],
  ])('without a word in the policy: %s %s is %s', (source, name, expected) => {
    expect(isRecorded(NOTHING, call(source, name))).toBe(expected);
  });

  test.each([
    ['a service, whole', { services: ['secretsmanager.amazonaws.com'] }, true],
    ['another service', { services: ['s3.amazonaws.com'] }, false],
    ['an action', { actions: [{ source: 'secretsmanager.amazonaws.com', name: 'GetSecretValue' }] }, true],
    ['actions by how they begin', { actions: [{ source: 'secretsmanager.amazonaws.com', name: 'get*' }] }, true],
    ['an action of another service', { actions: [{ source: 's3.amazonaws.com', name: 'GetSecretValue' }] }, false],
    ['a resource by its pattern', { resources: ['arn:*:secretsmanager:*:*:secret:prod/*'] }, true],
    [
      'a secret by its ARN, read by its name',
      { resources: ['arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/db-AbC123'] },
      true,
    ],
    ['another resource', { resources: ['arn:aws:secretsmanager:*:*:secret:test/*'] }, false],
  ])('%s', (_, fields, expected) => {
    expect(isRecorded(scope(fields), anEvent())).toBe(expected);
  });
});

describe('what is recorded for a tag on what it touches', () => {
  const tagged = {
    bears: (tags: readonly string[], arn: string) => tags.includes('data=pay') && arn.includes('prod/db'),
  };

  test.each([
    ['the tag', ['data=pay'], tagged, true],
    ['another tag', ['data=menu'], tagged, false],
    ['a tag of which nobody knows what bears it', ['data=pay'], undefined, false],
  ])('%s', (_, tags, known, expected) => {
    expect(isRecorded(scope({ tags }), anEvent(), known)).toBe(expected);
  });
});

describe('the patterns of the record lane', () => {
  const detailsOf = (fields: Partial<RecordScope>) =>
    Object.fromEntries(recordPatterns(scope(fields)).map(({ name, pattern }) => [name, pattern.detail]));

  test('without a word in the policy are those of sessions', () => {
    expect(Object.keys(detailsOf({}))).toEqual(['record-services-1', 'record-sts-1', 'record-sso-1']);
  });

  test('deliver the services that reach a resource, each another way', () => {
    expect(detailsOf({ resources: ['arn:aws:rds:*:*:cluster:pay'] })['record-services-1']).toEqual({
      eventSource: ['rds.amazonaws.com', 'rdsdata.amazonaws.com', 'signin.amazonaws.com'],
    });
  });

  test.each([
    ['a resource of any service', { resources: ['arn:aws:*:*:*:prod*'] }],
    ['a tag, which no record tells', { tags: ['data=pay'] }],
  ])('deliver everything for %s', (_, fields) => {
    expect(recordPatterns(scope(fields))).toEqual([
      { name: 'record-any', pattern: expect.not.objectContaining({ detail: expect.anything() }) },
    ]);
  });

  test('ask once for an action of a service that is recorded whole', () => {
    const both = detailsOf({
      services: ['sts.amazonaws.com'],
      actions: [{ source: 'sts.amazonaws.com', name: 'Get*' }],
    });
    expect(both).not.toHaveProperty('record-sts-1');
  });

  test('are split before they are longer than EventBridge takes', () => {
    const services = Array.from({ length: 120 }, (_, i) => `a-service-with-a-rather-long-name-${i}.amazonaws.com`);
    const actions = services
      .slice(0, 60)
      .map((_, i) => ({ source: 's3.amazonaws.com', name: `AVeryLongActionName${i}*` }));
    const patterns = recordPatterns(scope({ services, actions }));
    for (const { pattern } of patterns) expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(2_048);
    expect(new Set(patterns.map(({ name }) => name)).size).toBe(patterns.length);
  });
});
