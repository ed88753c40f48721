import {
  DeletePublicAccessBlockCommand,
  GetPublicAccessBlockCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { readAccessBlock } from '../../containment/access-block.ts';
import { parameter } from '../../containment/call.ts';
import { resourceName } from '../../containment/resource.ts';
import { accessBlockIn, orNoBlock } from './access-block-calls.ts';
import { type MakeService, notOfThisService, type ResourceService } from './resource-service.ts';

export const makeService: MakeService = (config) => createBuckets(new S3Client(config));

/** Buckets, by their block of public access. Each call names the owner: a name may be given up and taken by another account. */
export function createBuckets(client: S3Client): ResourceService {
  return {
    reads: 'GetPublicAccessBlock',
    async read(of) {
      const Bucket = resourceName(of);
      const answer = await orNoBlock(
        client.send(new GetPublicAccessBlockCommand({ Bucket, ExpectedBucketOwner: of.account })),
      );
      const found = answer?.PublicAccessBlockConfiguration;
      return { kind: 'access-block', block: found === undefined ? null : readAccessBlock({ ...found }) };
    },
    prepare(call) {
      const bucket = { Bucket: parameter(call, 'Bucket'), ExpectedBucketOwner: parameter(call, 'ExpectedBucketOwner') };
      switch (call.operation) {
        case 'PutPublicAccessBlock': {
          const PublicAccessBlockConfiguration = accessBlockIn(call);
          return () => client.send(new PutPublicAccessBlockCommand({ ...bucket, PublicAccessBlockConfiguration }));
        }
        case 'DeletePublicAccessBlock':
          return () => client.send(new DeletePublicAccessBlockCommand(bucket));
        default:
          return notOfThisService(call);
      }
    },
  };
}
