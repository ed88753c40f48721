import { describe, expect, it } from 'vitest';
import { changedOn } from '../../../shared/cases/changed-on.ts';
import type { Json } from '../../../shared/json.ts';
import { accessEvent } from '../../support/case-scene.ts';

const called = (source: string, eventName: string, requestParameters: Json) =>
  changedOn(accessEvent({ eventSource: `${source}.amazonaws.com`, eventName, record: { requestParameters } }));

describe('what a call changed on a thing of another service', () => {
  it.each([
    ['cloudtrail', 'StopLogging'],
    ['ec2', 'AuthorizeSecurityGroupIngress'],
    ['s3', 'DeleteBucketPublicAccessBlock'],
    ['s3', 'PutBucketPublicAccessBlock'],
  ])('is not known where %s left the parameters of %s out, and is nothing that bears such a name', (source, name) => {
    for (const parameters of [null, {}, { name: 1, bucketName: null, groupId: [] }]) {
      expect(called(source, name, parameters)).toBeUndefined();
    }
  });

  it('is a bucket of whatever name it has', () => {
    expect(called('s3', 'DeleteBucketPublicAccessBlock', { bucketName: 'undefined' })).toMatchObject({
      resource: { arn: 'arn:aws:s3:::undefined' },
    });
  });
});
