import type { ServiceNamings } from './naming.ts';

/** Messages, web, deployment, and what watches over all of it. */
export const OPERATIONS: ServiceNamings = {
  'sqs.amazonaws.com': [
    { type: 'AWS::SQS::Queue', arn: 'sqs:{region}:{name}', request: ['queueUrl'], reads: 'queue-url' },
    { type: 'AWS::SQS::Queue', arn: 'sqs:{region}:{account}:{name}', request: ['queueName'] },
  ],
  'sns.amazonaws.com': [
    {
      type: 'AWS::SNS::Topic',
      arn: 'sns:{region}:{account}:{name}',
      request: ['topicArn'],
      response: ['topicArn'],
    },
    {
      type: 'AWS::SNS::Topic',
      arn: 'sns:{region}:{account}:{name}',
      request: ['name'],
      response: ['topicArn'],
      calls: ['CreateTopic'],
    },
  ],
  'events.amazonaws.com': [
    {
      type: 'AWS::Events::Rule',
      arn: 'events:{region}:{account}:rule/{name}',
      request: ['name', 'rule'],
      response: ['ruleArn'],
      calls: ['PutRule', 'DeleteRule', 'DisableRule', 'EnableRule', 'DescribeRule', '*Targets', 'ListTargetsByRule'],
    },
    {
      type: 'AWS::Events::EventBus',
      arn: 'events:{region}:{account}:event-bus/{name}',
      request: ['eventBusName'],
      response: ['eventBusArn'],
    },
    {
      type: 'AWS::Events::EventBus',
      arn: 'events:{region}:{account}:event-bus/{name}',
      request: ['name'],
      response: ['eventBusArn'],
      calls: ['CreateEventBus', 'DeleteEventBus', 'DescribeEventBus'],
    },
  ],
  'scheduler.amazonaws.com': [
    {
      type: 'AWS::Scheduler::Schedule',
      arn: 'scheduler:{region}:{account}:schedule/{groupName|"default"}/{name}',
      request: ['name'],
      response: ['scheduleArn'],
      calls: ['CreateSchedule', 'UpdateSchedule', 'DeleteSchedule', 'GetSchedule'],
    },
  ],
  'logs.amazonaws.com': [
    {
      type: 'AWS::Logs::LogGroup',
      arn: 'logs:{region}:{account}:log-group:{name}',
      request: ['logGroupName', 'logGroupNames', 'logGroupIdentifier', 'logGroupIdentifiers'],
    },
  ],
  'monitoring.amazonaws.com': [
    {
      type: 'AWS::CloudWatch::Alarm',
      arn: 'cloudwatch:{region}:{account}:alarm:{name}',
      request: ['alarmName', 'alarmNames'],
    },
    {
      type: 'AWS::CloudWatch::Dashboard',
      arn: 'cloudwatch::{account}:dashboard/{name}',
      request: ['dashboardName', 'dashboardNames'],
    },
  ],
  'cloudtrail.amazonaws.com': [
    {
      type: 'AWS::CloudTrail::Trail',
      arn: 'cloudtrail:{region}:{account}:trail/{name}',
      request: ['trailName', 'trailNameList'],
      response: ['trailARN'],
    },
    {
      type: 'AWS::CloudTrail::Trail',
      arn: 'cloudtrail:{region}:{account}:trail/{name}',
      request: ['name'],
      response: ['trailARN'],
      calls: ['CreateTrail', 'UpdateTrail', 'DeleteTrail', 'StartLogging', 'StopLogging', 'GetTrail*'],
    },
    {
      type: 'AWS::CloudTrail::EventDataStore',
      arn: 'cloudtrail:{region}:{account}:eventdatastore/{name}',
      request: ['eventDataStore'],
      response: ['eventDataStoreArn'],
    },
  ],
  'config.amazonaws.com': [
    {
      type: 'AWS::Config::ConfigurationRecorder',
      arn: 'config:{region}:{account}:configuration-recorder/{name}/*',
      request: ['configurationRecorderName', 'configurationRecorder.name'],
    },
  ],
  'guardduty.amazonaws.com': [
    {
      type: 'AWS::GuardDuty::Detector',
      arn: 'guardduty:{region}:{account}:detector/{name}',
      request: ['detectorId'],
      response: ['detectorId'],
    },
  ],
  'macie2.amazonaws.com': [
    {
      type: 'AWS::Macie::ClassificationJob',
      arn: 'macie2:{region}:{account}:classification-job/{name}',
      request: ['jobId'],
      response: ['jobArn'],
    },
  ],
  'cloudformation.amazonaws.com': [
    {
      type: 'AWS::CloudFormation::Stack',
      arn: 'cloudformation:{region}:{account}:stack/{name}/*',
      request: ['stackName'],
      response: ['stackId'],
    },
    {
      type: 'AWS::CloudFormation::StackSet',
      arn: 'cloudformation:{region}:{account}:stackset/{name}:*',
      request: ['stackSetName'],
    },
  ],
  'route53.amazonaws.com': [
    {
      type: 'AWS::Route53::HostedZone',
      arn: 'route53:::hostedzone/{name}',
      request: ['hostedZoneId', 'id'],
      response: ['hostedZone.id'],
      calls: ['*HostedZone*', '*ResourceRecordSets', '*VPC*', '*QueryLogging*'],
      reads: 'last-segment',
    },
  ],
  'cloudfront.amazonaws.com': [
    {
      type: 'AWS::CloudFront::Distribution',
      arn: 'cloudfront::{account}:distribution/{name}',
      request: ['id', 'distributionId'],
      response: ['distribution.arn'],
      calls: ['*Distribution*', '*Invalidation*'],
    },
  ],
  'acm.amazonaws.com': [
    {
      type: 'AWS::CertificateManager::Certificate',
      arn: 'acm:{region}:{account}:certificate/{name}',
      request: ['certificateArn'],
      response: ['certificateArn'],
    },
  ],
  'apigateway.amazonaws.com': [
    { type: 'AWS::ApiGateway::RestApi', arn: 'apigateway:{region}::/restapis/{name}', request: ['restApiId'] },
    {
      type: 'AWS::ApiGateway::RestApi',
      arn: 'apigateway:{region}::/restapis/{name}',
      response: ['id'],
      calls: ['CreateRestApi', 'ImportRestApi'],
    },
    {
      type: 'AWS::ApiGatewayV2::Api',
      arn: 'apigateway:{region}::/apis/{name}',
      request: ['apiId'],
      response: ['apiId'],
    },
  ],
  'appsync.amazonaws.com': [
    {
      type: 'AWS::AppSync::GraphQLApi',
      arn: 'appsync:{region}:{account}:apis/{name}',
      request: ['apiId'],
      response: ['graphqlApi.arn'],
    },
  ],
  'wafv2.amazonaws.com': [
    {
      type: 'AWS::WAFv2::WebACL',
      arn: 'wafv2:{region}:{account}:*/webacl/{name}/{id}',
      request: ['name'],
      response: ['summary.arn'],
      calls: ['*WebACL'],
    },
    {
      type: 'AWS::WAFv2::IPSet',
      arn: 'wafv2:{region}:{account}:*/ipset/{name}/{id}',
      request: ['name'],
      response: ['summary.arn'],
      calls: ['*IPSet'],
    },
  ],
  'codebuild.amazonaws.com': [
    {
      type: 'AWS::CodeBuild::Project',
      arn: 'codebuild:{region}:{account}:project/{name}',
      request: ['projectName'],
      response: ['project.arn'],
    },
    {
      type: 'AWS::CodeBuild::Project',
      arn: 'codebuild:{region}:{account}:project/{name}',
      request: ['name', 'names'],
      response: ['project.arn'],
      calls: ['CreateProject', 'UpdateProject', 'DeleteProject', 'BatchGetProjects'],
    },
  ],
  'codecommit.amazonaws.com': [
    {
      type: 'AWS::CodeCommit::Repository',
      arn: 'codecommit:{region}:{account}:{name}',
      request: ['repositoryName', 'repositoryNames'],
    },
  ],
  'codepipeline.amazonaws.com': [
    {
      type: 'AWS::CodePipeline::Pipeline',
      arn: 'codepipeline:{region}:{account}:{name}',
      request: ['pipelineName', 'pipeline.name'],
    },
    {
      type: 'AWS::CodePipeline::Pipeline',
      arn: 'codepipeline:{region}:{account}:{name}',
      request: ['name'],
      calls: ['GetPipeline*', 'DeletePipeline', 'StartPipelineExecution'],
    },
  ],
};
