import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AccessEvent } from '../../../shared/access/access-event.ts';
import { parseArn } from '../../../shared/access/arn.ts';
import { SERVICE_NAMINGS } from '../../../shared/access/resources/service-namings.ts';
import { typeOfArn } from '../../../shared/access/resources/type-of-arn.ts';
import { readResources, resourcesOf } from '../../../shared/access/resources-of.ts';
import { decodeRecord } from '../../../shared/cloudtrail/decode-record.ts';
import { resourceCases } from './resource-cases.ts';

function eventOf(fields: object): AccessEvent {
  const decoded = decodeRecord({
    userIdentity: { type: 'Root', accountId: '111122223333' },
    eventTime: '2026-11-20T02:14:07Z',
    eventSource: 's3.amazonaws.com',
    eventName: 'GetObject',
    awsRegion: 'eu-central-1',
    eventID: '6a1f3c52-9f0e-4d8f-8d65-111111111101',
    recipientAccountId: '111122223333',
    ...fields,
  });
  if (decoded.kind === 'undecodable') throw new Error(decoded.reason);
  return decoded.event;
}

const call = (service: string, eventName: string, record: object): AccessEvent =>
  eventOf({ eventSource: `${service}.amazonaws.com`, eventName, ...record });

const arnsOf = (event: AccessEvent): readonly string[] => resourcesOf(event).map(({ arn }) => arn);

describe('the resources of a record', () => {
  test.each(resourceCases)('%s %s names them: %#', (service, eventName, record, arns) => {
    expect(arnsOf(call(service, eventName, record))).toEqual(arns);
  });

  test('are shown for each service that has a table', () => {
    const shown = new Set(resourceCases.map(([service]) => `${service}.amazonaws.com`));
    expect([...SERVICE_NAMINGS.keys()].filter((source) => !shown.has(source))).toEqual([]);
    expect(SERVICE_NAMINGS.size).toBeGreaterThanOrEqual(40);
  });

  test.each([
    ['us-east-1', 'aws'],
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['us-iso-east-1', 'aws-iso'],
    ['us-isob-east-1', 'aws-iso-b'],
    ['eusc-de-east-1', 'aws-eusc'],
  ])('of %s lie in the partition %s', (awsRegion, partition) => {
    const event = call('dynamodb', 'Scan', { awsRegion, requestParameters: { tableName: 'orders' } });
    expect(arnsOf(event)).toEqual([`arn:${partition}:dynamodb:${awsRegion}:111122223333:table/orders`]);
  });

  test('have the type that the record says, or that their ARN tells, or that their parameter stands for', () => {
    expect(
      resourcesOf(
        call('ssm', 'GetParameter', {
          resources: [
            { type: 'AWS::Made::Up', ARN: 'arn:aws:made-up:::x' },
            { ARN: 'arn:aws:ssm:eu-central-1:111122223333:parameter/a' },
            { ARN: 'arn:aws:made-up:::y' },
          ],
          requestParameters: { target: 'i-1' },
        }),
      ),
    ).toEqual([
      { arn: 'arn:aws:made-up:::x', type: 'AWS::Made::Up' },
      { arn: 'arn:aws:ssm:eu-central-1:111122223333:parameter/a', type: 'AWS::SSM::Parameter' },
      { arn: 'arn:aws:made-up:::y', type: 'unknown' },
      { arn: 'arn:aws:ec2:eu-central-1:111122223333:instance/i-1', type: 'AWS::EC2::Instance' },
    ]);
    expect(typeOfArn('arn:aws:rds:eu-central-1:111122223333:cluster-snapshot:night')).toBe(
      'AWS::RDS::DBClusterSnapshot',
    );
  });

  test('are told once each', () => {
    const arn = 'arn:aws:s3:::pay';
    expect(
      arnsOf(call('s3', 'GetBucketAcl', { resources: [{ ARN: arn }, { ARN: arn }], requestParameters: { arn } })),
    ).toEqual([arn]);
  });

  test('are at most fifty, and the rest is counted', () => {
    const names = (count: number) => ({
      requestParameters: { names: Array.from({ length: count }, (_, i) => `p${i}`) },
    });
    const fifty = readResources(call('ssm', 'GetParameters', names(50)));
    expect([fifty.resources.length, fifty.leftOut]).toEqual([50, 0]);
    const more = readResources(call('ssm', 'GetParameters', names(53)));
    expect([more.resources.length, more.leftOut]).toEqual([50, 3]);
  });

  test('whose names are longer than any ARN are counted and not told', () => {
    const event = call('s3', 'GetObject', { requestParameters: { bucketName: 'pay', key: 'k'.repeat(2_000) } });
    expect(readResources(event)).toEqual({
      resources: [{ arn: 'arn:aws:s3:::pay', type: 'AWS::S3::Bucket' }],
      leftOut: 1,
    });
  });

  test.each([
    ['numbers where text is expected', { requestParameters: { bucketName: 7, key: true } }],
    ['parameters that are a text', { requestParameters: 'bucketName=pay' }],
    ['resources that are an object', { resources: { ARN: 'arn:aws:s3:::pay' } }],
    ['resources that are no ARN', { resources: [{ ARN: 'pay' }, { ARN: 'arn:aws:s3' }, 'arn:aws:s3:::pay', null, 7] }],
    ['an ARN of no partition', { requestParameters: { resourceArn: 'arn:evil:s3:::pay' } }],
    ['an inherited name', { requestParameters: JSON.parse('{"__proto__":{"bucketName":"pay"}}') as object }],
    [
      'an event source that is a member of every object',
      { eventSource: '__proto__', requestParameters: { bucketName: 'b' } },
    ],
    ['a copy source without a bucket', { eventName: 'CopyObject', requestParameters: { 'x-amz-copy-source': 'x' } }],
  ])('are none for %s', (_, fields) => {
    expect(resourcesOf(eventOf(fields))).toEqual([]);
  });

  test('keep a percent sign that escapes nothing', () => {
    const event = call('s3', 'CopyObject', { requestParameters: { 'x-amz-copy-source': 'pay/100%' } });
    expect(arnsOf(event)).toEqual(['arn:aws:s3:::pay/100%']);
  });

  test('are read from any record without a throw, distinct, as ARNs, and never more than fifty', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('arn:aws:s3:::pay', 'arn:aws:', '%', '%ff', 'alias/', '/', ':', '__proto__', 'a'.repeat(3_000)),
    );
    const value = fc.oneof(text, fc.array(text), fc.jsonValue(), fc.integer());
    const names = [...new Set([...SERVICE_NAMINGS.values()].flat().flatMap(({ request = [] }) => request))];
    const parameters = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), value);
    fc.assert(
      fc.property(
        fc.constantFrom(...SERVICE_NAMINGS.keys()),
        fc.constantFrom('GetObject', 'CreateSecret', 'CreateTable', 'GetParameters', 'CopyObject', 'DescribeDomain'),
        fc.oneof(parameters, fc.jsonValue()),
        fc.oneof(parameters, fc.jsonValue()),
        fc.oneof(fc.array(fc.dictionary(fc.constantFrom('ARN', 'ARNPrefix', 'type'), value)), fc.jsonValue()),
        (eventSource, eventName, requestParameters, responseElements, resources) => {
          const read = readResources(
            eventOf({ eventSource, eventName, requestParameters, responseElements, resources }),
          );
          const arns = read.resources.map(({ arn }) => arn);
          expect(arns.length).toBeLessThanOrEqual(50);
          expect(new Set(arns).size).toBe(arns.length);
          for (const arn of arns) expect(parseArn(arn)).toBeDefined();
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('of a list of 100,000 names take no more time for each than those of 10,000', () => {
    const timeEach = (length: number): number => {
      const names = Array.from({ length }, (_, i) => `p${i}`);
      const wide = Object.fromEntries(names.map((name) => [name, 'x']));
      const started = process.cpuUsage();
      resourcesOf(call('ec2', 'RunInstances', { requestParameters: wide, responseElements: wide, resources: names }));
      resourcesOf(call('ssm', 'GetParameters', { requestParameters: { names } }));
      return process.cpuUsage(started).user / length;
    };
    timeEach(10_000);
    // Looking each up among the others would take ten times as long.
    expect(timeEach(100_000)).toBeLessThan(5 * Math.max(timeEach(10_000), timeEach(10_000), timeEach(10_000)));
  });
});
