import {
  DeletePublicAccessBlockCommand,
  GetPublicAccessBlockCommand,
  PutPublicAccessBlockCommand,
  S3ControlClient,
} from '@aws-sdk/client-s3-control';
import { readAccessBlock } from '../../containment/access-block.ts';
import { parameter } from '../../containment/call.ts';
import { accessBlockIn, orNoBlock } from './access-block-calls.ts';
import { type MakeService, notOfThisService, type ResourceService } from './resource-service.ts';

export const makeService: MakeService = (config) => createAccounts(new S3ControlClient(config));

/** Whole accounts, by the block of public access that is above those of their buckets. */
export function createAccounts(client: S3ControlClient): ResourceService {
  return {
    reads: 'GetAccountPublicAccessBlock',
    async read({ account: AccountId }) {
      const answer = await orNoBlock(reachable(client.send(new GetPublicAccessBlockCommand({ AccountId }))));
      const found = answer?.PublicAccessBlockConfiguration;
      return { kind: 'access-block', block: found === undefined ? null : readAccessBlock({ ...found }) };
    },
    prepare(call) {
      const AccountId = parameter(call, 'AccountId');
      switch (call.operation) {
        case 'PutPublicAccessBlock': {
          const PublicAccessBlockConfiguration = accessBlockIn(call);
          return () =>
            reachable(client.send(new PutPublicAccessBlockCommand({ AccountId, PublicAccessBlockConfiguration })));
        }
        case 'DeletePublicAccessBlock':
          return () => reachable(client.send(new DeletePublicAccessBlockCommand({ AccountId })));
        default:
          return notOfThisService(call);
      }
    },
  };
}

/** The client puts the account before the name of the host: an endpoint that is an address cannot be asked at all. */
async function reachable<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof TypeError && 'code' in error && error.code === 'ERR_INVALID_URL')) throw error;
    throw Object.assign(new Error('an endpoint given as an address has no S3 Control'), { name: 'NotImplemented' });
  }
}
