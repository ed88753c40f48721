import { describe, expect, test } from 'vitest';
import { federatedLogin, hostOf, isDeniable } from '../../../shared/access/federated-login.ts';
import { decodeRecord } from '../../../shared/cloudtrail/decode-record.ts';
import type { JsonObject } from '../../../shared/json.ts';
import { SAML_LOGIN, WEB_LOGIN } from '../../support/login-records.ts';

function loginOf(record: JsonObject) {
  const decoded = decodeRecord(record);
  if (decoded.kind !== 'decoded') throw new Error(decoded.reason);
  return federatedLogin(decoded.event);
}

const web = (identityProvider: string, sub: string): JsonObject => ({
  ...WEB_LOGIN,
  userIdentity: { type: 'WebIdentityUser', principalId: `${identityProvider}:${sub}`, userName: sub, identityProvider },
  responseElements: { ...WEB_LOGIN.responseElements, subjectFromWebIdentityToken: sub },
});

describe('a login at an identity provider, as a trust policy can name it', () => {
  test('of CI is its provider’s host and the subject of its token', () => {
    expect(loginOf(WEB_LOGIN)).toEqual({
      provider: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com',
      sub: 'repo:example/shop:ref:refs/heads/main',
      claims: { 'token.actions.githubusercontent.com:sub': 'repo:example/shop:ref:refs/heads/main' },
    });
  });

  test('through SAML is the subject together with its qualifier', () => {
    expect(loginOf(SAML_LOGIN)).toEqual({
      provider: 'arn:aws:iam::111122223333:saml-provider/Corp',
      sub: 'eve@example.com',
      claims: { 'saml:namequalifier': 'SampleQualifierL0bWQ=', 'saml:sub': 'eve@example.com' },
    });
  });

  test('through SAML is said to be another one next time where its subject is transient', () => {
    const record = { ...SAML_LOGIN, responseElements: { ...SAML_LOGIN.responseElements, subjectType: 'transient' } };
    expect(loginOf(record)).toMatchObject({ transient: true });
  });

  test.each([
    ['www.amazon.com', 'www.amazon.com:user_id'],
    ['graph.facebook.com', 'graph.facebook.com:id'],
    ['accounts.google.com', 'accounts.google.com:sub'],
    ['cognito-identity.amazonaws.com', 'cognito-identity.amazonaws.com:sub'],
    [
      'arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE',
      'oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE:sub',
    ],
  ])('at %s is known by the key %s', (provider, key) => {
    expect(loginOf(web(provider, 'somebody'))?.claims).toEqual({ [key]: 'somebody' });
  });

  test.each([
    ['was refused', { ...WEB_LOGIN, errorCode: 'AccessDenied', responseElements: null }],
    ['names nobody', { ...WEB_LOGIN, responseElements: { credentials: {} } }],
    ['is another call', { ...WEB_LOGIN, eventName: 'AssumeRole' }],
    ['is of another service', { ...WEB_LOGIN, eventSource: 'sso.amazonaws.com' }],
    ['has no host for a provider', web('"}]', 'somebody')],
  ])('is none where the call %s', (_, record) => {
    expect(loginOf(record)).toBeUndefined();
  });

  test.each([
    ['an ordinary subject', 'repo:example/shop:ref:refs/heads/main', true],
    ['wildcards, which are letters to StringEquals', 'repo:*/?', true],
    ['a policy variable', `\${aws:username}`, false],
    ['letters that IAM refuses in a document', '語', false],
    ['a line break', 'a\nb', false],
    ['more than any subject is long', 'x'.repeat(5_000), false],
  ])('can be denied by name, or not: %s', (_, sub, deniable) => {
    const login = loginOf(web('ci.example.com', sub));
    expect(login === undefined ? undefined : isDeniable(login)).toBe(deniable);
  });

  test('a host is one, whatever an ARN says behind it', () => {
    expect(hostOf('arn:aws:iam::111122223333:oidc-provider/ci.example.com/a-b_c')).toBe('ci.example.com/a-b_c');
    expect(hostOf('arn:aws:iam::111122223333:oidc-provider/ci.example.com"')).toBeUndefined();
    expect(hostOf('localhost')).toBeUndefined();
  });
});
