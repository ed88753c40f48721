import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeRecord } from '../../../shared/cloudtrail/decode-record.ts';
import { identityCases } from './identity-cases.ts';

const record = {
  eventVersion: '1.08',
  userIdentity: { type: 'Root', accountId: '111122223333' },
  eventTime: '2026-11-20T02:14:07Z',
  eventSource: 'iam.amazonaws.com',
  eventName: 'CreateUser',
  awsRegion: 'us-east-1',
  sourceIPAddress: '198.51.100.24',
  userAgent: 'aws-cli/2.31.0',
  errorCode: 'AccessDenied',
  eventID: '6a1f3c52-9f0e-4d8f-8d65-111111111101',
  recipientAccountId: '111122223333',
};

describe('a CloudTrail record', () => {
  test('is decoded into who, what, when, where and how it ended', () => {
    expect(decodeRecord(record)).toEqual({
      kind: 'decoded',
      event: {
        eventId: '6a1f3c52-9f0e-4d8f-8d65-111111111101',
        eventTime: '2026-11-20T02:14:07Z',
        eventSource: 'iam.amazonaws.com',
        eventName: 'CreateUser',
        region: 'us-east-1',
        account: '111122223333',
        principal: { kind: 'root', account: '111122223333' },
        readOnly: false,
        errorCode: 'AccessDenied',
        sourceIp: '198.51.100.24',
        userAgent: 'aws-cli/2.31.0',
        record,
      },
    });
  });

  test.each([
    ['DescribeInstances', undefined, true],
    ['GetFederationToken', undefined, false],
    ['DeleteTrail', undefined, false],
    ['DescribeInstances', false, false],
    ['Decrypt', true, true],
  ])('%s with readOnly %s is a read: %s', (eventName, readOnly, expected) => {
    const decoded = decodeRecord({ ...record, eventName, ...(readOnly === undefined ? {} : { readOnly }) });
    expect(decoded).toMatchObject({ kind: 'decoded', event: { readOnly: expected } });
  });

  test('without an identity is decoded, by an unknown principal', () => {
    const { userIdentity: _, ...anonymous } = record;
    expect(decodeRecord(anonymous)).toMatchObject({
      kind: 'decoded',
      event: { principal: { kind: 'unknown', reason: 'the record has no userIdentity' } },
    });
  });

  test.each([{ accountId: '111122223333' }, { type: 'AWSService' }, { type: 'Unknown' }, undefined])(
    'that a service logs of itself is of that service: %j',
    (userIdentity) => {
      const event = { ...record, userIdentity, eventType: 'AwsServiceEvent', eventSource: 'kms.amazonaws.com' };
      expect(decodeRecord(event)).toMatchObject({
        event: { principal: { kind: 'service', invokedBy: 'kms.amazonaws.com' } },
      });
    },
  );

  test.each(['1.01', '1.02', '1.03', '1.04', '1.05', '1.06', '1.07', '1.08', '1.09', '1.10', '1.11'])(
    'of version %s is decoded, by the account that it names in its way',
    (eventVersion) => {
      const { recipientAccountId: _, ...old } = record;
      const json = eventVersion === '1.01' ? old : record;
      expect(decodeRecord({ ...json, eventVersion })).toMatchObject({
        kind: 'decoded',
        event: { account: '111122223333', eventId: '6a1f3c52-9f0e-4d8f-8d65-111111111101' },
      });
    },
  );

  test('of version 1.0, which had no ids, is told apart by when, what and from where', () => {
    const { recipientAccountId: _, eventID: __, ...old } = { ...record, eventVersion: '1.0' };
    const idOf = (json: object) => {
      const decoded = decodeRecord(json);
      return decoded.kind === 'decoded' ? decoded.event.eventId : decoded.reason;
    };
    expect(idOf(old)).toBe('1.0/2026-11-20T02:14:07Z/iam.amazonaws.com/CreateUser/198.51.100.24');
    expect(idOf({ ...old, eventTime: '2026-11-20T02:14:08Z' })).not.toBe(idOf(old));
  });

  test.each([
    [{ ...record, eventID: undefined }, 'the record has no eventID'],
    [{ ...record, eventID: '', eventName: 7 }, 'the record has no eventID, eventName'],
    [{ ...record, recipientAccountId: 111122223333 }, 'the record has no recipientAccountId'],
    [{ ...record, eventTime: 'yesterday' }, 'eventTime is not an ISO 8601 instant in UTC'],
    [{ ...record, eventTime: '2026-13-45T00:00:00Z' }, 'eventTime is not an ISO 8601 instant in UTC'],
    [{ ...record, eventTime: '2026-11-20T02:14:07+02:00' }, 'eventTime is not an ISO 8601 instant in UTC'],
    [[record], 'a record is an object, this is a list'],
    [null, 'a record is an object, this is null'],
    ['text', 'a record is an object, this is a string'],
  ])('that lacks what a case is built on is undecodable: %#', (json, reason) => {
    expect(decodeRecord(json)).toEqual({ kind: 'undecodable', reason });
  });

  test('whose fields stand on the prototype lacks them', () => {
    expect(decodeRecord(Object.create(record))).toMatchObject({ kind: 'undecodable' });
    const hostile: unknown = JSON.parse('{"__proto__":{"eventID":"x","eventTime":"2026-11-20T02:14:07Z"}}');
    expect(decodeRecord(hostile)).toMatchObject({ kind: 'undecodable' });
  });

  test('never makes the decoder throw, whatever it holds', () => {
    const field = fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue(), fc.bigInt(), fc.constant(undefined));
    const identity = fc.oneof(
      fc.jsonValue(),
      fc.record(
        {
          type: fc.constantFrom(
            'IAMUser',
            'AssumedRole',
            'FederatedUser',
            'Root',
            'AWSAccount',
            '__proto__',
            'constructor',
          ),
          principalId: field,
          arn: field,
          accountId: field,
          sessionContext: fc.jsonValue(),
          onBehalfOf: fc.jsonValue(),
        },
        { requiredKeys: [] },
      ),
    );
    fc.assert(
      fc.property(
        fc.record({ ...Object.fromEntries(Object.keys(record).map((key) => [key, field])), userIdentity: identity }),
        (json) => {
          expect(['decoded', 'undecodable']).toContain(decodeRecord({ ...record, ...json }).kind);
          expect(decodeRecord({ ...record, userIdentity: json.userIdentity }).kind).toBe('decoded');
        },
      ),
      { numRuns: 500 },
    );
  });

  test('nested 100,000 levels deep is decoded', () => {
    const deep: unknown = JSON.parse(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`);
    expect(decodeRecord({ ...record, requestParameters: deep, userIdentity: deep }).kind).toBe('decoded');
  });
});

describe('the identity of a record', () => {
  test.each(identityCases)('$name', ({ identity, principal }) => {
    expect(decodeRecord({ ...record, userIdentity: identity })).toMatchObject({
      kind: 'decoded',
      event: { principal },
    });
  });
});
