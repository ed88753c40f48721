import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readEnvelope } from '../../../shared/cloudtrail/read-envelope.ts';

const record = { eventID: 'e-1', recipientAccountId: '111122223333' };
const event = {
  version: '0',
  id: 'b-1',
  'detail-type': 'AWS API Call via CloudTrail',
  source: 'aws.iam',
  account: '111122223333',
  time: '2026-11-20T02:14:07Z',
  region: 'us-east-1',
  resources: [],
  detail: record,
};
const expected = { account: '111122223333' };

describe('an EventBridge event', () => {
  test.each([
    'AWS API Call via CloudTrail',
    'AWS Console Sign In via CloudTrail',
    'AWS Service Event via CloudTrail',
    'AWS Console Action via CloudTrail',
  ])('%s of the expected account is believed', (detailType) => {
    expect(readEnvelope({ ...event, 'detail-type': detailType }, expected)).toEqual({ kind: 'believed', record });
  });

  test.each([
    [{ ...event, source: 'my.app' }, 'the source does not begin with aws.'],
    [{ ...event, source: 'AWS.iam' }, 'the source does not begin with aws.'],
    [{ ...event, source: 'awsome.iam' }, 'the source does not begin with aws.'],
    [{ ...event, source: undefined }, 'the source does not begin with aws.'],
    [{ ...event, 'detail-type': 'GuardDuty Finding' }, 'the detail-type is not one of CloudTrail'],
    [{ ...event, account: '444455556666' }, 'the event comes from an account not expected here'],
    [
      { ...event, detail: { ...record, recipientAccountId: '444455556666' } },
      'the record names another account than its envelope',
    ],
    [{ ...event, detail: { eventID: 'e-1' } }, 'the record names another account than its envelope'],
    [{ ...event, detail: [record] }, 'the detail is not a record'],
    ['text', 'the event is not an object'],
    [null, 'the event is not an object'],
  ])('that cannot have come from CloudTrail is parked: %#', (forged, reason) => {
    expect(readEnvelope(forged, expected)).toEqual({ kind: 'parked', reason });
  });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.anything(), (anything) => {
        expect(readEnvelope(anything, expected).kind).toBe('parked');
      }),
    );
  });
});
