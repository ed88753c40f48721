import type { JsonObject } from '../../../shared/json.ts';
import type { Random } from './random.ts';

/** A call as accounts make it: how often against the others, and what it is asked with. */
export type Call = {
  readonly weight: number;
  readonly service: string;
  readonly name: string;
  readonly request: (random: Random) => JsonObject | null;
  readonly response?: (random: Random) => JsonObject;
};

export const ACCOUNT = '111122223333';

const nothing = (): null => null;
const instance = (random: Random): JsonObject => ({
  instancesSet: { items: [{ instanceId: `i-0${random.hex(16)}` }, { instanceId: `i-0${random.hex(16)}` }] },
  filterSet: {},
});
const filters = (random: Random): JsonObject => ({
  maxResults: 100,
  filterSet: { items: [{ name: 'vpc-id', valueSet: { items: [{ value: `vpc-0${random.hex(16)}` }] } }] },
});
const bucket = (random: Random): JsonObject => {
  const bucketName = `acme-${random.pick(['logs', 'finance', 'media', 'build'])}-${random.below(40)}`;
  return { bucketName, Host: `${bucketName}.s3.eu-west-1.amazonaws.com`, acl: '' };
};
const key = (random: Random): JsonObject => ({
  encryptionAlgorithm: 'SYMMETRIC_DEFAULT',
  encryptionContext: { 'aws:s3:arn': `arn:aws:s3:::acme-logs-${random.below(40)}`, PARAMETER: `/app/${random.hex(6)}` },
});
const user = (random: Random): JsonObject => ({ userName: `person-${random.below(60)}` });
const role = (random: Random): JsonObject => ({ roleName: `service-${random.below(60)}`, maxItems: 100 });
const secret = (random: Random): JsonObject => ({
  secretId: `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:app/${random.below(90)}-${random.token(6)}`,
  versionStage: 'AWSCURRENT',
});
const parameter = (random: Random): JsonObject => ({
  name: `/app/service-${random.below(60)}/url`,
  withDecryption: true,
});
const stream = (random: Random): JsonObject => ({
  logGroupName: `/aws/lambda/service-${random.below(60)}`,
  logStreamName: `2026/11/20/[$LATEST]${random.hex(32)}`,
});
const functionName = (random: Random): JsonObject => ({
  functionName: `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:service-${random.below(60)}`,
});
const table = (random: Random): JsonObject => ({ tableName: `orders-${random.below(20)}` });
const assumed = (random: Random): JsonObject => ({
  roleArn: `arn:aws:iam::${ACCOUNT}:role/service-${random.below(60)}`,
  roleSessionName: `i-0${random.hex(16)}`,
  durationSeconds: 3600,
});
const credentials = (random: Random): JsonObject => ({
  credentials: {
    accessKeyId: `ASIA${random.token(16)}`,
    sessionToken: random.token(300),
    expiration: 'Nov 20, 2026, 4:00:00 AM',
  },
  assumedRoleUser: {
    assumedRoleId: `AROA${random.token(17)}:session`,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/service`,
  },
});
const database = (random: Random): JsonObject => ({ dBInstanceIdentifier: `db-${random.below(20)}`, maxRecords: 100 });

function call(
  weight: number,
  service: string,
  name: string,
  request: Call['request'],
  response?: Call['response'],
): Call {
  return { weight, service, name, request, ...(response === undefined ? {} : { response }) };
}

/** Reads and the hand-out of credentials are most of what an account does; changes are a tenth. */
export const CALLS: readonly Call[] = [
  call(160, 'kms', 'Decrypt', key),
  call(60, 'kms', 'GenerateDataKey', key),
  call(120, 'sts', 'AssumeRole', assumed, credentials),
  call(30, 'sts', 'GetCallerIdentity', nothing),
  call(60, 'ec2', 'DescribeInstances', instance),
  call(40, 'ec2', 'DescribeRouteTables', filters),
  call(30, 'ec2', 'DescribeSecurityGroups', filters),
  call(25, 'ec2', 'DescribeNetworkInterfaces', filters),
  call(25, 'ec2', 'DescribeSubnets', filters),
  call(20, 'ec2', 'DescribeVolumes', filters),
  call(20, 'ec2', 'DescribeVpcs', filters),
  call(15, 'ec2', 'DescribeTags', filters),
  call(60, 's3', 'GetBucketAcl', bucket),
  call(25, 's3', 'ListBuckets', nothing),
  call(20, 's3', 'GetBucketPolicy', bucket),
  call(15, 's3', 'GetBucketLocation', bucket),
  call(35, 'ssm', 'GetParameter', parameter),
  call(30, 'ssm', 'DescribeParameters', nothing),
  call(40, 'ssm', 'UpdateInstanceInformation', instance),
  call(25, 'secretsmanager', 'GetSecretValue', secret),
  call(15, 'secretsmanager', 'DescribeSecret', secret),
  call(25, 'iam', 'GetUser', user),
  call(20, 'iam', 'GetRole', role),
  call(15, 'iam', 'ListAttachedRolePolicies', role),
  call(12, 'iam', 'ListUsers', nothing),
  call(30, 'logs', 'DescribeLogGroups', nothing),
  call(45, 'logs', 'CreateLogStream', stream),
  call(25, 'monitoring', 'DescribeAlarms', nothing),
  call(20, 'monitoring', 'GetMetricData', nothing),
  call(25, 'lambda', 'GetFunction20150331v2', functionName),
  call(15, 'lambda', 'ListFunctions20150331', nothing),
  call(20, 'dynamodb', 'DescribeTable', table),
  call(20, 'rds', 'DescribeDBInstances', database),
  call(10, 'rds', 'DescribeDBClusters', database),
  call(15, 'ecr', 'GetAuthorizationToken', nothing),
  call(12, 'ecr', 'BatchGetImage', nothing),
  call(15, 'ecs', 'DescribeServices', functionName),
  call(12, 'elasticloadbalancing', 'DescribeTargetHealth', nothing),
  call(12, 'autoscaling', 'DescribeAutoScalingGroups', nothing),
  call(10, 'health', 'DescribeEventAggregates', nothing),
  call(10, 'config', 'PutEvaluations', nothing),
  call(8, 'cloudtrail', 'LookupEvents', nothing),
  call(8, 'cloudtrail', 'DescribeTrails', nothing),
  call(6, 'guardduty', 'ListFindings', nothing),
  call(6, 'organizations', 'DescribeOrganization', nothing),
  call(10, 'ec2', 'CreateTags', instance),
  call(8, 'ec2', 'RunInstances', instance),
  call(8, 'ec2', 'TerminateInstances', instance),
  call(8, 'ec2', 'CreateNetworkInterface', filters),
  call(3, 'ec2', 'ModifyInstanceAttribute', instance),
  call(6, 's3', 'PutBucketTagging', bucket),
  call(2, 's3', 'PutBucketPolicy', bucket),
  call(4, 'lambda', 'UpdateFunctionConfiguration20150331v2', functionName),
  call(3, 'lambda', 'UpdateFunctionCode20150331v2', functionName),
  call(3, 'rds', 'ModifyDBInstance', database),
  call(3, 'iam', 'CreatePolicyVersion', role),
  call(3, 'iam', 'AttachRolePolicy', role),
  call(2, 'iam', 'CreateRole', role),
  call(2, 'iam', 'CreateAccessKey', user),
  call(2, 'events', 'DisableRule', nothing),
  call(2, 'signin', 'ConsoleLogin', nothing),
];
