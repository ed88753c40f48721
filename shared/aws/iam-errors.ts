import type { CallResult } from '../containment/call.ts';

/** Names, never texts: AWS changes the wording of a message and never the code (IAM API reference, common errors). */
const MISSING = [
  'NoSuchEntity',
  'NoSuchEntityException',
  'TrailNotFoundException',
  'InvalidGroup.NotFound',
  'InvalidPermission.NotFound',
  'NoSuchBucket',
  'ResourceNotFoundException',
];
const QUOTA = [
  'LimitExceeded',
  'LimitExceededException',
  'RulesPerSecurityGroupLimitExceeded',
  'ServiceQuotaExceededException',
];
const UNKNOWN_OPERATION = ['InvalidAction', 'UnknownOperationException', 'NotImplemented', 'NotImplementedException'];
const THROTTLING = [
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  // S3, where two calls change the settings of one bucket at the same time.
  'OperationAborted',
  // IAM Identity Center, where an earlier write has not reached the host that is asked now.
  'ConflictException',
];
/** Asking again may mend these; every write of ours may be sent twice. */
const PASSING = [
  'ConcurrentModification',
  'ConcurrentModificationException',
  'EntityTemporarilyUnmodifiable',
  'EntityTemporarilyUnmodifiableException',
  'ServiceFailure',
  'ServiceFailureException',
  'ServiceUnavailable',
  'InternalFailure',
  'InternalError',
  'RequestTimeout',
  'RequestTimeoutException',
  'TimeoutError',
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
];

export function errorNameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UnknownError';
  // Node names a connection error only in its code.
  return error.name === 'Error' && 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function isMissing(error: unknown): boolean {
  return MISSING.includes(errorNameOf(error));
}

export function isUnavailable(error: unknown): boolean {
  return UNKNOWN_OPERATION.includes(errorNameOf(error)) || statusOf(error) === 501;
}

export function isWorthRepeating(error: unknown): boolean {
  if (isUnavailable(error)) return false;
  const name = errorNameOf(error);
  const status = statusOf(error);
  return THROTTLING.includes(name) || PASSING.includes(name) || (status !== undefined && status >= 500);
}

export function callResultOf(error: unknown): CallResult {
  const detail = messageOf(error);
  if (isMissing(error)) return { kind: 'missing', detail };
  if (QUOTA.includes(errorNameOf(error))) return { kind: 'quota', detail };
  if (isUnavailable(error)) return { kind: 'unavailable', detail };
  return { kind: 'failed', error: errorNameOf(error), detail };
}

/** The SDK puts the status of the answer on the error. */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}
