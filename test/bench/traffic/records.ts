import type { JsonObject } from '../../../shared/json.ts';
import { ACCOUNT, CALLS, type Call } from './calls.ts';
import type { Random } from './random.ts';

export type RecordMaker = (index: number) => JsonObject;

export type Traffic = {
  /** Records that fire, one of which stands in for every 500th: the rules' own examples. */
  readonly examples: readonly JsonObject[];
  /** Ids that count up and so compress to nothing, where it is their number that matters and not the disk. */
  readonly countedIds?: boolean;
};

const ONE_EXAMPLE_IN = 500;
const DENIED_SHARE = 0.04;
const START = Date.parse('2026-11-01T00:00:00Z');
/** About what an account of a hundred machines makes. */
const RECORDS_A_SECOND = 4;

const AGENTS = [
  'aws-sdk-go-v2/1.36.3 ua/2.1 os/linux lang/go#1.24.2 md/GOOS#linux md/GOARCH#arm64 api/ec2#1.210.1 m/C,e',
  'Boto3/1.38.2 md/Botocore#1.38.2 ua/2.1 os/linux#6.1.132 md/arch#aarch64 lang/python#3.12.9 md/pyimpl#CPython cfg/retry-mode#legacy',
  'APN/1.0 HashiCorp/1.0 Terraform/1.11.4 (+https://www.terraform.io) terraform-provider-aws/5.94.1 aws-sdk-go-v2/1.36.3',
  'aws-cli/2.26.1 md/awscrt#0.25.4 ua/2.1 os/macos#24.4.0 md/arch#arm64 lang/python#3.13.3 md/command#ec2.describe-instances',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/135.0.0.0 Safari/537.36',
] as const;

/** Makes the records of one account, the next a quarter of a second after the one before. */
export function createTraffic(random: Random, { examples, countedIds = false }: Traffic): RecordMaker {
  const actors = Array.from({ length: 60 }, (_, number) => actorOf(random, number));
  const wheel = CALLS.flatMap((call) => Array.from({ length: call.weight }, () => call));
  const [firstCall] = wheel;
  const [firstActor] = actors;
  if (firstCall === undefined || firstActor === undefined) throw new Error('There is nothing to make traffic of.');
  const uuid = (index: number): string =>
    countedIds ? `6a1f3c52-9f0e-4d8f-8d65-${index.toString(16).padStart(12, '0')}` : random.uuid();

  return (index) => {
    const eventTime = new Date(START + Math.floor(index / RECORDS_A_SECOND) * 1000).toISOString().replace('.000Z', 'Z');
    const ids = { requestID: uuid(index), eventID: uuid(index) };
    const example = examples[Math.floor(index / ONE_EXAMPLE_IN) % examples.length];
    if (example !== undefined && index % ONE_EXAMPLE_IN === ONE_EXAMPLE_IN - 1)
      return { ...example, eventTime, ...ids };
    // Squared, so that few actors make most of the calls.
    const actor = actors[Math.floor(random.below(actors.length) ** 2 / actors.length)] ?? firstActor;
    return recordOf(random, wheel[random.below(wheel.length)] ?? firstCall, actor, eventTime, ids);
  };
}

function recordOf(random: Random, call: Call, actor: Actor, eventTime: string, ids: JsonObject): JsonObject {
  const { service, name } = call;
  const readOnly = /^(Get|List|Describe|Lookup|Batch|Decrypt|Generate|AssumeRole)/.test(name);
  const denied = random.chance(DENIED_SHARE);
  return {
    eventVersion: '1.11',
    userIdentity: actor.identity,
    eventTime,
    eventSource: `${service}.amazonaws.com`,
    eventName: name,
    awsRegion: 'eu-west-1',
    sourceIPAddress: actor.address,
    userAgent: actor.agent,
    ...(denied
      ? {
          errorCode: random.pick(['AccessDenied', 'Client.UnauthorizedOperation', 'ThrottlingException']),
          errorMessage: `User is not authorized to perform: ${service}:${name} because no identity-based policy allows the action`,
        }
      : {}),
    requestParameters: call.request(random),
    responseElements: denied ? null : (call.response?.(random) ?? null),
    ...ids,
    readOnly,
    ...(service === 'kms' || service === 's3'
      ? {
          resources: [
            {
              accountId: ACCOUNT,
              type: 'AWS::KMS::Key',
              ARN: `arn:aws:kms:eu-west-1:${ACCOUNT}:key/${random.hex(32)}`,
            },
          ],
        }
      : {}),
    eventType: name === 'ConsoleLogin' ? 'AwsConsoleSignIn' : 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: 'Management',
    tlsDetails: {
      tlsVersion: 'TLSv1.3',
      cipherSuite: 'TLS_AES_128_GCM_SHA256',
      clientProvidedHostHeader: `${service}.eu-west-1.amazonaws.com`,
    },
  };
}

type Actor = { readonly identity: JsonObject; readonly address: string; readonly agent: string };

/** Of sixty, eight are people, six are services of AWS, the others roles. */
function actorOf(random: Random, number: number): Actor {
  const address = `198.51.100.${random.below(256)}`;
  const agent = random.pick(AGENTS);
  if (number % 10 === 7) {
    const invokedBy = random.pick(['config.amazonaws.com', 'autoscaling.amazonaws.com', 'ec2.amazonaws.com']);
    return { identity: { type: 'AWSService', invokedBy }, address: invokedBy, agent: invokedBy };
  }
  if (number % 8 === 3) {
    const userName = `person-${number}`;
    const identity = {
      type: 'IAMUser',
      principalId: `AIDA${random.token(17)}`,
      arn: `arn:aws:iam::${ACCOUNT}:user/${userName}`,
      accountId: ACCOUNT,
      accessKeyId: `AKIA${random.token(16)}`,
      userName,
    };
    return { identity, address, agent };
  }
  const roleName = `service-${number}`;
  const roleId = `AROA${random.token(17)}`;
  const session = `i-0${random.hex(16)}`;
  const identity = {
    type: 'AssumedRole',
    principalId: `${roleId}:${session}`,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${roleName}/${session}`,
    accountId: ACCOUNT,
    accessKeyId: `ASIA${random.token(16)}`,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: roleId,
        arn: `arn:aws:iam::${ACCOUNT}:role/${roleName}`,
        accountId: ACCOUNT,
        userName: roleName,
      },
      attributes: { creationDate: '2026-11-01T00:00:00Z', mfaAuthenticated: 'false' },
      ec2RoleDelivery: '2.0',
    },
  };
  return { identity, address, agent };
}
