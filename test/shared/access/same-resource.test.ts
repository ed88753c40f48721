import { describe, expect, test } from 'vitest';
import { matchesResource, resourceKey } from '../../../shared/access/same-resource.ts';

const secret = (name: string): string => `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${name}`;

describe('one key for a resource', () => {
  test.each([
    [secret('prod/db-AbC123'), secret('prod/db-??????')],
    [secret('prod/db-??????'), secret('prod/db-??????')],
    ['arn:aws:s3:::pay-AbC123', 'arn:aws:s3:::pay-AbC123'],
    ['no ARN at all', 'no ARN at all'],
  ])('%s is kept under %s', (arn, key) => {
    expect(resourceKey(arn)).toBe(key);
  });
});

describe('a pattern', () => {
  test.each([
    [secret('prod/*'), secret('prod/db-AbC123'), true],
    [secret('prod/*'), secret('prod/db-??????'), true],
    [secret('prod/db-AbC123'), secret('prod/db-AbC123'), true],
    [secret('prod/db-AbC123'), secret('prod/db-??????'), true],
    [secret('prod/db-AbC123'), secret('prod/db-XyZ789'), false],
    [secret('prod/db-AbC123'), secret('prod/other-??????'), false],
    ['arn:aws:s3:::pay', 'arn:aws:s3:::pay/key', false],
    ['arn:aws:s3:::pay*', 'arn:aws:s3:::pay/key', true],
  ])('%s names %s: %s', (pattern, arn, expected) => {
    expect(matchesResource(pattern, arn)).toBe(expected);
  });
});
