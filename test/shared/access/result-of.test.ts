import { describe, expect, test } from 'vitest';
import { usedMultiFactor } from '../../../shared/access/multi-factor.ts';
import { resultOf } from '../../../shared/access/result-of.ts';
import { anEvent, SESSION } from './an-event.ts';

describe('the result of a call', () => {
  test.each([
    [{}, 'success'],
    [{ errorCode: 'AccessDenied' }, 'denied'],
    [{ errorCode: 'AccessDeniedException' }, 'denied'],
    [{ errorCode: 'AccessDeniedForDependencyException' }, 'denied'],
    [{ errorCode: 'Client.UnauthorizedOperation' }, 'denied'],
    [{ errorCode: 'NotAuthorizedException' }, 'denied'],
    [{ errorCode: 'AuthFailure' }, 'denied'],
    [{ errorCode: 'ResourceNotFoundException' }, 'failed'],
    [{ errorCode: 'Client.OperationNotPermitted' }, 'failed'],
    [{ errorCode: 'NoSuchBucket' }, 'failed'],
    [{ eventName: 'ConsoleLogin', responseElements: { ConsoleLogin: 'Failure' } }, 'denied'],
    [{ eventName: 'ConsoleLogin', responseElements: { ConsoleLogin: 'Success' } }, 'success'],
    [{ eventName: 'SwitchRole', responseElements: { SwitchRole: 'Failure' } }, 'denied'],
    [{ eventName: 'CredentialVerification', serviceEventDetails: { CredentialVerification: 'Failure' } }, 'denied'],
    // Another word of the answer than the call's own is somebody's data.
    [{ eventName: 'GetSecretValue', responseElements: { name: 'Failure' } }, 'success'],
    [{ eventName: 'ConsoleLogin', responseElements: null }, 'success'],
  ])('%j is %s', (fields, expected) => {
    expect(resultOf(anEvent(fields))).toBe(expected);
  });
});

describe('a second factor', () => {
  const withoutFactor = { ...SESSION, sessionContext: { attributes: { mfaAuthenticated: 'false' } } };
  test.each([
    [{ userIdentity: SESSION }, true],
    [{ userIdentity: withoutFactor }, false],
    [{ additionalEventData: { MFAUsed: 'Yes' } }, true],
    [{ additionalEventData: { MFAUsed: 'No' } }, false],
    [{}, undefined],
    [{ userIdentity: null }, undefined],
  ])('of case %#: %s', (fields, expected) => {
    expect(usedMultiFactor(anEvent(fields))).toBe(expected);
  });
});
