/** A call of a service, the part of its record that names resources, and the ARNs behind the partition. */
export type ResourceCase = readonly [service: string, call: string, record: object, arns: readonly string[]];

const asked = (requestParameters: object) => ({ requestParameters });
const given = (responseElements: object, requestParameters: object = {}) => ({ requestParameters, responseElements });

const A = '111122223333';
const R = 'eu-central-1';

/**
 * Parameters as CloudTrail writes them, in made-up records; ARN formats from the Service Authorization Reference.
 * At least one for each service that has a table.
 */
export const resourceCases: readonly ResourceCase[] = [
  ['s3', 'PutBucketPolicy', asked({ bucketName: 'pay', Host: 'pay.s3.amazonaws.com' }), ['arn:aws:s3:::pay']],
  [
    's3',
    'GetObject',
    asked({ bucketName: 'pay', key: '2026/11 run.csv' }),
    ['arn:aws:s3:::pay', 'arn:aws:s3:::pay/2026/11 run.csv'],
  ],
  [
    's3',
    'CopyObject',
    {
      ...asked({ bucketName: 'away', key: 'x', 'x-amz-copy-source': '/pay/2026/11%20run.csv?versionId=v1' }),
      resources: [
        { type: 'AWS::S3::Object', ARN: 'arn:aws:s3:::away/x' },
        { accountId: A, type: 'AWS::S3::Bucket', ARN: 'arn:aws:s3:::away' },
      ],
    },
    ['arn:aws:s3:::away/x', 'arn:aws:s3:::away', 'arn:aws:s3:::pay/2026/11 run.csv'],
  ],
  [
    's3',
    'ListObjects',
    {
      ...asked({ bucketName: 'pay' }),
      resources: [
        { type: 'AWS::S3::Object', ARNPrefix: 'arn:aws:s3:::pay/' },
        { accountId: A, type: 'AWS::S3::Bucket', ARN: 'arn:aws:s3:::pay' },
      ],
    },
    ['arn:aws:s3:::pay/*', 'arn:aws:s3:::pay'],
  ],
  ['dynamodb', 'Scan', asked({ tableName: 'orders' }), [`arn:aws:dynamodb:${R}:${A}:table/orders`]],
  [
    'dynamodb',
    'CreateTable',
    given({ tableDescription: { tableArn: `arn:aws:dynamodb:${R}:${A}:table/orders` } }, { tableName: 'orders' }),
    [`arn:aws:dynamodb:${R}:${A}:table/orders`],
  ],
  ['dax', 'DeleteCluster', asked({ clusterName: 'hot' }), [`arn:aws:dax:${R}:${A}:cache/hot`]],
  [
    'secretsmanager',
    'GetSecretValue',
    asked({ secretId: 'prod/db' }),
    [`arn:aws:secretsmanager:${R}:${A}:secret:prod/db-??????`],
  ],
  [
    'secretsmanager',
    'GetSecretValue',
    asked({ secretId: `arn:aws:secretsmanager:${R}:${A}:secret:prod/db-AbC123` }),
    [`arn:aws:secretsmanager:${R}:${A}:secret:prod/db-AbC123`],
  ],
  [
    'secretsmanager',
    'CreateSecret',
    given({ aRN: `arn:aws:secretsmanager:${R}:${A}:secret:new-AbC123` }, { name: 'new' }),
    [`arn:aws:secretsmanager:${R}:${A}:secret:new-AbC123`],
  ],
  ['kms', 'Decrypt', asked({ keyId: '1234abcd-12ab' }), [`arn:aws:kms:${R}:${A}:key/1234abcd-12ab`]],
  [
    'kms',
    'CreateAlias',
    asked({ aliasName: 'alias/pay', targetKeyId: '1234abcd-12ab' }),
    [`arn:aws:kms:${R}:${A}:key/1234abcd-12ab`, `arn:aws:kms:${R}:${A}:alias/pay`],
  ],
  [
    'kms',
    'GenerateDataKey',
    {
      ...asked({ keyId: 'alias/pay' }),
      resources: [{ accountId: A, type: 'AWS::KMS::Key', ARN: `arn:aws:kms:${R}:${A}:key/1` }],
    },
    [`arn:aws:kms:${R}:${A}:key/1`],
  ],
  ['rds', 'DeleteDBInstance', asked({ dBInstanceIdentifier: 'pay' }), [`arn:aws:rds:${R}:${A}:db:pay`]],
  [
    'rds',
    'CopyDBSnapshot',
    given(
      { dBSnapshotArn: `arn:aws:rds:${R}:${A}:snapshot:copy` },
      { sourceDBSnapshotIdentifier: 'night', targetDBSnapshotIdentifier: 'copy' },
    ),
    [`arn:aws:rds:${R}:${A}:snapshot:copy`, `arn:aws:rds:${R}:${A}:snapshot:night`],
  ],
  [
    'rdsdata',
    'ExecuteStatement',
    asked({
      resourceArn: `arn:aws:rds:${R}:${A}:cluster:pay`,
      secretArn: `arn:aws:secretsmanager:${R}:${A}:secret:pay-AbC123`,
    }),
    [`arn:aws:rds:${R}:${A}:cluster:pay`, `arn:aws:secretsmanager:${R}:${A}:secret:pay-AbC123`],
  ],
  [
    'redshift',
    'GetClusterCredentials',
    asked({ clusterIdentifier: 'facts' }),
    [`arn:aws:redshift:${R}:${A}:cluster:facts`],
  ],
  [
    'redshift-data',
    'ExecuteStatement',
    asked({ workgroupName: 'facts' }),
    [`arn:aws:redshift-serverless:${R}:${A}:workgroup/facts`],
  ],
  [
    'elasticache',
    'CopySnapshot',
    asked({ sourceSnapshotName: 'night', targetSnapshotName: 'copy' }),
    [`arn:aws:elasticache:${R}:${A}:snapshot:night`, `arn:aws:elasticache:${R}:${A}:snapshot:copy`],
  ],
  ['memorydb', 'DeleteCluster', asked({ clusterName: 'hot' }), [`arn:aws:memorydb:${R}:${A}:cluster/hot`]],
  [
    'elasticfilesystem',
    'DeleteFileSystem',
    asked({ fileSystemId: 'fs-1' }),
    [`arn:aws:elasticfilesystem:${R}:${A}:file-system/fs-1`],
  ],
  ['fsx', 'DeleteBackup', asked({ backupId: 'backup-1' }), [`arn:aws:fsx:${R}:${A}:backup/backup-1`]],
  ['backup', 'DeleteBackupVault', asked({ backupVaultName: 'safe' }), [`arn:aws:backup:${R}:${A}:backup-vault:safe`]],
  [
    'timestream',
    'DescribeTable',
    asked({ databaseName: 'meters', tableName: 'day' }),
    [`arn:aws:timestream:${R}:${A}:database/meters/table/day`, `arn:aws:timestream:${R}:${A}:database/meters`],
  ],
  [
    'athena',
    'StartQueryExecution',
    asked({ workGroup: 'primary', queryExecutionContext: { database: 'sales' } }),
    [`arn:aws:athena:${R}:${A}:workgroup/primary`, `arn:aws:glue:${R}:${A}:database/sales`],
  ],
  [
    'glue',
    'GetTable',
    asked({ catalogId: '444455556666', databaseName: 'sales', name: 'day' }),
    [`arn:aws:glue:${R}:444455556666:table/sales/day`, `arn:aws:glue:${R}:444455556666:database/sales`],
  ],
  ['es', 'DescribeDomain', asked({ domainName: 'logs' }), [`arn:aws:es:${R}:${A}:domain/logs`]],
  ['kinesis', 'GetRecords', asked({ streamName: 'taps' }), [`arn:aws:kinesis:${R}:${A}:stream/taps`]],
  [
    'firehose',
    'DeleteDeliveryStream',
    asked({ deliveryStreamName: 'taps' }),
    [`arn:aws:firehose:${R}:${A}:deliverystream/taps`],
  ],
  [
    'elasticmapreduce',
    'TerminateJobFlows',
    asked({ jobFlowIds: ['j-1', 'j-2'] }),
    [`arn:aws:elasticmapreduce:${R}:${A}:cluster/j-1`, `arn:aws:elasticmapreduce:${R}:${A}:cluster/j-2`],
  ],
  [
    'kafka',
    'DeleteCluster',
    asked({ clusterArn: `arn:aws:kafka:${R}:${A}:cluster/taps/1-2` }),
    [`arn:aws:kafka:${R}:${A}:cluster/taps/1-2`],
  ],
  [
    'dms',
    'StartReplicationTask',
    asked({ replicationTaskArn: `arn:aws:dms:${R}:${A}:task:T1` }),
    [`arn:aws:dms:${R}:${A}:task:T1`],
  ],
  [
    'sagemaker',
    'CreatePresignedNotebookInstanceUrl',
    asked({ notebookInstanceName: 'lab' }),
    [`arn:aws:sagemaker:${R}:${A}:notebook-instance/lab`],
  ],
  [
    'bedrock',
    'InvokeModel',
    asked({ modelId: 'vendor.model-v1:0' }),
    [`arn:aws:bedrock:${R}::foundation-model/vendor.model-v1:0`],
  ],
  [
    'iam',
    'AttachUserPolicy',
    asked({ userName: 'alice', policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }),
    [`arn:aws:iam::${A}:user/alice`, 'arn:aws:iam::aws:policy/AdministratorAccess'],
  ],
  [
    'iam',
    'CreateRole',
    given({ role: { arn: `arn:aws:iam::${A}:role/team/ops` } }, { roleName: 'ops', path: '/team/' }),
    [`arn:aws:iam::${A}:role/team/ops`],
  ],
  [
    'sts',
    'AssumeRole',
    asked({ roleArn: 'arn:aws:iam::444455556666:role/admin', roleSessionName: 'x' }),
    ['arn:aws:iam::444455556666:role/admin'],
  ],
  ['rolesanywhere', 'DeleteProfile', asked({ profileId: 'p-1' }), [`arn:aws:rolesanywhere:${R}:${A}:profile/p-1`]],
  [
    'sso',
    'CreateAccountAssignment',
    asked({
      instanceArn: 'arn:aws:sso:::instance/ssoins-1',
      permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1',
    }),
    ['arn:aws:sso:::instance/ssoins-1', 'arn:aws:sso:::permissionSet/ssoins-1/ps-1'],
  ],
  [
    'identitystore',
    'DeleteUser',
    asked({ identityStoreId: 'd-1', userId: 'u-1' }),
    [`arn:aws:identitystore::${A}:identitystore/d-1`, 'arn:aws:identitystore:::user/u-1'],
  ],
  [
    'cognito-idp',
    'AdminSetUserPassword',
    asked({ userPoolId: `${R}_abc`, username: 'bob' }),
    [`arn:aws:cognito-idp:${R}:${A}:userpool/${R}_abc`],
  ],
  [
    'cognito-identity',
    'SetIdentityPoolRoles',
    asked({ identityPoolId: `${R}:1-2` }),
    [`arn:aws:cognito-identity:${R}:${A}:identitypool/${R}:1-2`],
  ],
  ['ds', 'ResetUserPassword', asked({ directoryId: 'd-1' }), [`arn:aws:ds:${R}:${A}:directory/d-1`]],
  [
    'access-analyzer',
    'DeleteAnalyzer',
    asked({ analyzerName: 'main' }),
    [`arn:aws:access-analyzer:${R}:${A}:analyzer/main`],
  ],
  [
    'lambda',
    'UpdateFunctionCode20150331v2',
    asked({ functionName: `${A}:function:mailer:live` }),
    [`arn:aws:lambda:${R}:${A}:function:mailer`],
  ],
  [
    'lambda',
    'Invoke',
    {
      ...asked({ functionName: `arn:aws:lambda:${R}:${A}:function:mailer:live` }),
      resources: [{ type: 'AWS::Lambda::Function', ARN: `arn:aws:lambda:${R}:${A}:function:mailer:live` }],
    },
    [`arn:aws:lambda:${R}:${A}:function:mailer`],
  ],
  [
    'ecs',
    'ExecuteCommand',
    asked({ cluster: `arn:aws:ecs:${R}:${A}:cluster/web`, task: 't-1' }),
    [`arn:aws:ecs:${R}:${A}:cluster/web`, `arn:aws:ecs:${R}:${A}:task/web/t-1`],
  ],
  ['ecs', 'UpdateService', asked({ service: 'shop' }), [`arn:aws:ecs:${R}:${A}:service/default/shop`]],
  [
    'ecr',
    'SetRepositoryPolicy',
    asked({ registryId: '444455556666', repositoryName: 'team/app' }),
    [`arn:aws:ecr:${R}:444455556666:repository/team/app`],
  ],
  ['eks', 'UpdateClusterConfig', asked({ name: 'web' }), [`arn:aws:eks:${R}:${A}:cluster/web`]],
  ['batch', 'SubmitJob', asked({ jobQueue: 'q' }), [`arn:aws:batch:${R}:${A}:job-queue/q`]],
  [
    'autoscaling',
    'DeleteAutoScalingGroup',
    asked({ autoScalingGroupName: 'web' }),
    [`arn:aws:autoscaling:${R}:${A}:autoScalingGroup:*:autoScalingGroupName/web`],
  ],
  [
    'elasticbeanstalk',
    'TerminateEnvironment',
    asked({ applicationName: 'shop', environmentName: 'live' }),
    [`arn:aws:elasticbeanstalk:${R}:${A}:application/shop`, `arn:aws:elasticbeanstalk:${R}:${A}:environment/shop/live`],
  ],
  [
    'states',
    'StartExecution',
    asked({ stateMachineArn: `arn:aws:states:${R}:${A}:stateMachine:pay` }),
    [`arn:aws:states:${R}:${A}:stateMachine:pay`],
  ],
  [
    'workspaces',
    'TerminateWorkspaces',
    asked({ terminateWorkspaceRequests: [{ workspaceId: 'ws-1' }] }),
    [`arn:aws:workspaces:${R}:${A}:workspace/ws-1`],
  ],
  [
    'transfer',
    'CreateUser',
    asked({ serverId: 's-1', userName: 'bob' }),
    [`arn:aws:transfer:${R}:${A}:server/s-1`, `arn:aws:transfer:${R}:${A}:user/s-1/bob`],
  ],
  [
    'ec2',
    'TerminateInstances',
    asked({ instancesSet: { items: [{ instanceId: 'i-1' }, { instanceId: 'i-2' }] } }),
    [`arn:aws:ec2:${R}:${A}:instance/i-1`, `arn:aws:ec2:${R}:${A}:instance/i-2`],
  ],
  [
    'ec2',
    'ModifySnapshotAttribute',
    asked({ snapshotId: 'snap-1', attributeType: 'CREATE_VOLUME_PERMISSION' }),
    [`arn:aws:ec2:${R}::snapshot/snap-1`],
  ],
  ['ec2', 'AuthorizeSecurityGroupIngress', asked({ groupId: 'sg-1' }), [`arn:aws:ec2:${R}:${A}:security-group/sg-1`]],
  ['ebs', 'GetSnapshotBlock', asked({ snapshotId: 'snap-1' }), [`arn:aws:ec2:${R}::snapshot/snap-1`]],
  ['ec2-instance-connect', 'SendSSHPublicKey', asked({ instanceId: 'i-1' }), [`arn:aws:ec2:${R}:${A}:instance/i-1`]],
  [
    'ssm',
    'GetParameters',
    asked({ names: ['/prod/db/password', 'flag'] }),
    [`arn:aws:ssm:${R}:${A}:parameter/prod/db/password`, `arn:aws:ssm:${R}:${A}:parameter/flag`],
  ],
  [
    'ssm',
    'GetParameter',
    {
      ...asked({ name: '/a' }),
      resources: [{ accountId: A, ARN: `arn:aws:ssm:${R}:${A}:parameter/a` }],
    },
    [`arn:aws:ssm:${R}:${A}:parameter/a`],
  ],
  ['ssm', 'StartSession', asked({ target: 'i-1' }), [`arn:aws:ec2:${R}:${A}:instance/i-1`]],
  [
    'elasticloadbalancing',
    'DeleteLoadBalancer',
    asked({ loadBalancerArn: `arn:aws:elasticloadbalancing:${R}:${A}:loadbalancer/app/web/1` }),
    [`arn:aws:elasticloadbalancing:${R}:${A}:loadbalancer/app/web/1`],
  ],
  [
    'sqs',
    'ReceiveMessage',
    asked({ queueUrl: `https://sqs.${R}.amazonaws.com/444455556666/jobs` }),
    [`arn:aws:sqs:${R}:444455556666:jobs`],
  ],
  ['sns', 'Publish', asked({ topicArn: `arn:aws:sns:${R}:${A}:news` }), [`arn:aws:sns:${R}:${A}:news`]],
  ['events', 'DisableRule', asked({ name: 'nightly' }), [`arn:aws:events:${R}:${A}:rule/nightly`]],
  ['scheduler', 'DeleteSchedule', asked({ name: 'nightly' }), [`arn:aws:scheduler:${R}:${A}:schedule/default/nightly`]],
  [
    'logs',
    'DeleteLogGroup',
    asked({ logGroupName: '/aws/lambda/x' }),
    [`arn:aws:logs:${R}:${A}:log-group:/aws/lambda/x`],
  ],
  [
    'monitoring',
    'DeleteAlarms',
    asked({ alarmNames: ['a', 'b'] }),
    [`arn:aws:cloudwatch:${R}:${A}:alarm:a`, `arn:aws:cloudwatch:${R}:${A}:alarm:b`],
  ],
  ['cloudtrail', 'StopLogging', asked({ name: 'main' }), [`arn:aws:cloudtrail:${R}:${A}:trail/main`]],
  [
    'config',
    'StopConfigurationRecorder',
    asked({ configurationRecorderName: 'default' }),
    [`arn:aws:config:${R}:${A}:configuration-recorder/default/*`],
  ],
  ['guardduty', 'DeleteDetector', asked({ detectorId: 'd1' }), [`arn:aws:guardduty:${R}:${A}:detector/d1`]],
  ['macie2', 'DescribeClassificationJob', asked({ jobId: 'j1' }), [`arn:aws:macie2:${R}:${A}:classification-job/j1`]],
  ['cloudformation', 'DeleteStack', asked({ stackName: 'web' }), [`arn:aws:cloudformation:${R}:${A}:stack/web/*`]],
  [
    'route53',
    'ChangeResourceRecordSets',
    asked({ hostedZoneId: '/hostedzone/Z1' }),
    ['arn:aws:route53:::hostedzone/Z1'],
  ],
  ['cloudfront', 'UpdateDistribution', asked({ id: 'E1' }), [`arn:aws:cloudfront::${A}:distribution/E1`]],
  [
    'acm',
    'ExportCertificate',
    asked({ certificateArn: `arn:aws:acm:${R}:${A}:certificate/1` }),
    [`arn:aws:acm:${R}:${A}:certificate/1`],
  ],
  ['apigateway', 'DeleteRestApi', asked({ restApiId: 'abc' }), [`arn:aws:apigateway:${R}::/restapis/abc`]],
  ['appsync', 'CreateApiKey', asked({ apiId: 'abc' }), [`arn:aws:appsync:${R}:${A}:apis/abc`]],
  [
    'wafv2',
    'DeleteWebACL',
    asked({ name: 'front', id: '1-2', scope: 'REGIONAL' }),
    [`arn:aws:wafv2:${R}:${A}:*/webacl/front/1-2`],
  ],
  ['codebuild', 'StartBuild', asked({ projectName: 'app' }), [`arn:aws:codebuild:${R}:${A}:project/app`]],
  ['codecommit', 'GetFile', asked({ repositoryName: 'app' }), [`arn:aws:codecommit:${R}:${A}:app`]],
  ['codepipeline', 'UpdatePipeline', asked({ pipeline: { name: 'app' } }), [`arn:aws:codepipeline:${R}:${A}:app`]],
  // Without a table of its own, a service names resources only by parameters that hold ARNs.
  [
    'ram',
    'AssociateResourceShare',
    asked({ resourceShareArn: `arn:aws:ram:${R}:${A}:resource-share/1`, resourceArns: ['arn:aws:s3:::pay'] }),
    [`arn:aws:ram:${R}:${A}:resource-share/1`, 'arn:aws:s3:::pay'],
  ],
  // A call that names nothing.
  ['ec2', 'DescribeInstances', asked({ filterSet: {}, instancesSet: {} }), []],
  ['signin', 'ConsoleLogin', given({ ConsoleLogin: 'Success' }), []],
];
