import {
  DeletePublicAccessBlockCommand,
  GetPublicAccessBlockCommand,
  PutPublicAccessBlockCommand,
  type S3ControlClient,
} from '@aws-sdk/client-s3-control';
import { readAccessBlock } from '../../containment/access-block.ts';
import { parameter } from '../../containment/call.ts';
import { accessBlockIn, orNoBlock } from './access-block-calls.ts';
import { notOfThisService, type ResourceService } from './resource-service.ts';

/** Whole accounts, by the block of public access that is above those of their buckets. */
export function createAccounts(client: S3ControlClient): ResourceService {
  return {
    reads: 'GetAccountPublicAccessBlock',
    async read({ account: AccountId }) {
      const answer = await orNoBlock(client.send(new GetPublicAccessBlockCommand({ AccountId })));
      const found = answer?.PublicAccessBlockConfiguration;
      return { kind: 'access-block', block: found === undefined ? null : readAccessBlock({ ...found }) };
    },
    send(call) {
      const AccountId = parameter(call, 'AccountId');
      switch (call.operation) {
        case 'PutPublicAccessBlock':
          return client.send(
            new PutPublicAccessBlockCommand({ AccountId, PublicAccessBlockConfiguration: accessBlockIn(call) }),
          );
        case 'DeletePublicAccessBlock':
          return client.send(new DeletePublicAccessBlockCommand({ AccountId }));
        default:
          return notOfThisService(call);
      }
    },
  };
}
