import {
  CloudTrailClient,
  GetTrailStatusCommand,
  StartLoggingCommand,
  StopLoggingCommand,
} from '@aws-sdk/client-cloudtrail';
import { parameter } from '../../containment/call.ts';
import { type MakeService, notOfThisService, type ResourceService } from './resource-service.ts';

export const makeService: MakeService = (config) => createTrails(new CloudTrailClient(config));

/** Trails, in the region in which they were made. */
export function createTrails(client: CloudTrailClient): ResourceService {
  return {
    reads: 'GetTrailStatus',
    async read({ arn }) {
      const { IsLogging } = await client.send(new GetTrailStatusCommand({ Name: arn }));
      if (IsLogging === undefined) throw new Error('CloudTrail answered without IsLogging');
      return { kind: 'trail', isLogging: IsLogging };
    },
    prepare(call) {
      const Name = parameter(call, 'Name');
      switch (call.operation) {
        case 'StartLogging':
          return () => client.send(new StartLoggingCommand({ Name }));
        case 'StopLogging':
          return () => client.send(new StopLoggingCommand({ Name }));
        default:
          return notOfThisService(call);
      }
    },
  };
}
