import type { AccessEvent } from '../access/access-event.ts';
import { LONGEST_ARN } from '../access/arn.ts';
import { readResources } from '../access/resources-of.ts';
import type { Touched } from './case.ts';
import { storable } from './storable.ts';

/** Calls that hand out a secret's value (https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets.html). */
const READS_SECRET = /^(?:Batch)?GetSecretValue$/;

/** What a call touched, each resource once, as far as a detection keeps it. */
export function touchedBy(event: AccessEvent): Touched {
  const { resources, leftOut } = readResources(event);
  const wasRead =
    event.errorCode === undefined &&
    event.eventSource === 'secretsmanager.amazonaws.com' &&
    READS_SECRET.test(event.eventName);
  return {
    resources: resources.map(({ arn }) => ({ arn: storable(arn, LONGEST_ARN), ...(wasRead ? { wasRead } : {}) })),
    leftOut,
  };
}
