/** The parts of an Amazon Resource Name that are told apart here. */
export type Arn = {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** Everything after the account: `table/orders`, `function:mailer`, `bucket/key`. */
  readonly resource: string;
};

/** Longer ones are not taken: the longest that AWS documents (an S3 object with a key of 1,024 bytes) is well below. */
export const LONGEST_ARN = 1_600;

/**
 * Reads an ARN; `undefined` when the text is none. The resource may hold any character, for names come from requests.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
export function parseArn(text: string): Arn | undefined {
  if (text.length > LONGEST_ARN || !text.startsWith('arn:')) return undefined;
  const [, partition, service, region, account, ...rest] = text.split(':');
  const resource = rest.join(':');
  if (partition === undefined || !/^aws(?:-[a-z]+)*$/.test(partition)) return undefined;
  if (service === undefined || !/^[a-z0-9-]+$/.test(service)) return undefined;
  if (region === undefined || !/^[a-z0-9-]*$/.test(region)) return undefined;
  // `aws` owns managed policies; some shared documents and images are owned by nobody in particular.
  if (account === undefined || !/^(?:\d{12}|aws)?$/.test(account)) return undefined;
  return resource === '' ? undefined : { partition, service, region, account, resource };
}

const PARTITIONS: readonly (readonly [prefix: string, partition: string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-isob-', 'aws-iso-b'],
  ['us-isof-', 'aws-iso-f'],
  ['us-iso-', 'aws-iso'],
  ['eu-isoe-', 'aws-iso-e'],
  ['eusc-', 'aws-eusc'],
];

/** The partition that a region belongs to. */
export function partitionOfRegion(region: string): string {
  return PARTITIONS.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws';
}
