/**
 * The services whose calls can be staged, by the name of their SDK client. A service has habits of its own in CloudTrail
 * (Lambda's event names carry a date, S3's parameters a Host), so one is added here only after looking at real records.
 */
const services = {
  IAMClient: { prefix: 'iam', region: 'us-east-1', host: () => 'iam.amazonaws.com' },
  STSClient: { prefix: 'sts', region: 'own', host: (region: string) => `sts.${region}.amazonaws.com` },
  CloudTrailClient: {
    prefix: 'cloudtrail',
    region: 'own',
    host: (region: string) => `cloudtrail.${region}.amazonaws.com`,
  },
  SecretsManagerClient: {
    prefix: 'secretsmanager',
    region: 'own',
    host: (region: string) => `secretsmanager.${region}.amazonaws.com`,
  },
  SSMClient: { prefix: 'ssm', region: 'own', host: (region: string) => `ssm.${region}.amazonaws.com` },
} as const satisfies Record<string, { prefix: string; region: 'own' | 'us-east-1'; host: (region: string) => string }>;

export type RecordedService = {
  eventSource: string;
  /** IAM is global: CloudTrail and EventBridge know its calls in us-east-1 only, wherever the client is. */
  awsRegion: string;
  host: string;
};

export function recordedService(clientName: string, clientRegion: string): RecordedService {
  const known = Object.entries(services).find(([name]) => name === clientName);
  if (known === undefined) {
    const names = Object.keys(services).join(', ');
    throw new Error(`Calls of ${clientName} cannot be recorded yet; known are ${names}.`);
  }
  const [, service] = known;
  const awsRegion = service.region === 'own' ? clientRegion : service.region;
  return { eventSource: `${service.prefix}.amazonaws.com`, awsRegion, host: service.host(awsRegion) };
}

/**
 * CloudTrail's `readOnly`. AssumeRole counts as read-only there, although it hands out credentials; it is also the one
 * read-only call that is recorded with its response.
 */
export function isReadOnly(eventName: string): boolean {
  return /^(Get|List|Describe|Lookup|Simulate|AssumeRole)/.test(eventName);
}

export function recordsResponse(eventName: string): boolean {
  return !isReadOnly(eventName) || /^(AssumeRole|GetSessionToken|GetFederationToken)/.test(eventName);
}
