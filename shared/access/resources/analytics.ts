import type { ServiceNamings } from './naming.ts';

/** What reads, moves and learns from data. */
export const ANALYTICS: ServiceNamings = {
  'athena.amazonaws.com': [
    {
      type: 'AWS::Athena::WorkGroup',
      arn: 'athena:{region}:{account}:workgroup/{name}',
      request: ['workGroup'],
    },
    {
      type: 'AWS::Athena::WorkGroup',
      arn: 'athena:{region}:{account}:workgroup/{name}',
      request: ['name'],
      calls: ['CreateWorkGroup'],
    },
    {
      type: 'AWS::Glue::Database',
      arn: 'glue:{region}:{account}:database/{name}',
      request: ['queryExecutionContext.database'],
    },
  ],
  'glue.amazonaws.com': [
    {
      type: 'AWS::Glue::Table',
      arn: 'glue:{region}:{catalogId|account}:table/{databaseName}/{name}',
      request: ['tableName', 'tableInput.name'],
    },
    {
      type: 'AWS::Glue::Table',
      arn: 'glue:{region}:{catalogId|account}:table/{databaseName}/{name}',
      request: ['name'],
      calls: ['GetTable', 'DeleteTable'],
    },
    {
      type: 'AWS::Glue::Database',
      arn: 'glue:{region}:{catalogId|account}:database/{name}',
      request: ['databaseName', 'databaseInput.name'],
    },
    {
      type: 'AWS::Glue::Database',
      arn: 'glue:{region}:{catalogId|account}:database/{name}',
      request: ['name'],
      calls: ['GetDatabase', 'UpdateDatabase', 'DeleteDatabase'],
    },
    { type: 'AWS::Glue::Job', arn: 'glue:{region}:{account}:job/{name}', request: ['jobName'] },
    { type: 'AWS::Glue::Job', arn: 'glue:{region}:{account}:job/{name}', request: ['name'], calls: ['CreateJob'] },
    {
      type: 'AWS::Glue::Connection',
      arn: 'glue:{region}:{catalogId|account}:connection/{name}',
      request: ['connectionName', 'connectionInput.name'],
    },
    {
      type: 'AWS::Glue::Connection',
      arn: 'glue:{region}:{catalogId|account}:connection/{name}',
      request: ['name'],
      calls: ['GetConnection', 'UpdateConnection'],
    },
  ],
  'es.amazonaws.com': [
    {
      type: 'AWS::OpenSearchService::Domain',
      arn: 'es:{region}:{account}:domain/{name}',
      request: ['domainName'],
      response: ['domainStatus.arn'],
    },
  ],
  'kinesis.amazonaws.com': [
    { type: 'AWS::Kinesis::Stream', arn: 'kinesis:{region}:{account}:stream/{name}', request: ['streamName'] },
  ],
  'firehose.amazonaws.com': [
    {
      type: 'AWS::KinesisFirehose::DeliveryStream',
      arn: 'firehose:{region}:{account}:deliverystream/{name}',
      request: ['deliveryStreamName'],
      response: ['deliveryStreamARN'],
    },
  ],
  'elasticmapreduce.amazonaws.com': [
    {
      type: 'AWS::EMR::Cluster',
      arn: 'elasticmapreduce:{region}:{account}:cluster/{name}',
      request: ['clusterId', 'jobFlowId', 'jobFlowIds'],
      response: ['clusterArn', 'jobFlowId'],
    },
  ],
  'kafka.amazonaws.com': [
    {
      type: 'AWS::MSK::Cluster',
      arn: 'kafka:{region}:{account}:cluster/{name}/*',
      request: ['clusterArn', 'clusterName'],
      response: ['clusterArn'],
    },
  ],
  'dms.amazonaws.com': [
    {
      type: 'AWS::DMS::ReplicationInstance',
      arn: 'dms:{region}:{account}:rep:{name}',
      request: ['replicationInstanceArn'],
      response: ['replicationInstance.replicationInstanceArn'],
    },
    {
      type: 'AWS::DMS::ReplicationTask',
      arn: 'dms:{region}:{account}:task:{name}',
      request: ['replicationTaskArn'],
      response: ['replicationTask.replicationTaskArn'],
    },
  ],
  'sagemaker.amazonaws.com': [
    {
      type: 'AWS::SageMaker::NotebookInstance',
      arn: 'sagemaker:{region}:{account}:notebook-instance/{name}',
      request: ['notebookInstanceName'],
      response: ['notebookInstanceArn'],
    },
    {
      type: 'AWS::SageMaker::Endpoint',
      arn: 'sagemaker:{region}:{account}:endpoint/{name}',
      request: ['endpointName'],
      response: ['endpointArn'],
    },
    {
      type: 'AWS::SageMaker::Model',
      arn: 'sagemaker:{region}:{account}:model/{name}',
      request: ['modelName'],
      response: ['modelArn'],
    },
    {
      type: 'AWS::SageMaker::Domain',
      arn: 'sagemaker:{region}:{account}:domain/{name}',
      request: ['domainId'],
      response: ['domainArn'],
    },
  ],
  'bedrock.amazonaws.com': [
    { type: 'AWS::Bedrock::FoundationModel', arn: 'bedrock:{region}::foundation-model/{name}', request: ['modelId'] },
    { type: 'AWS::Bedrock::Guardrail', arn: 'bedrock:{region}:{account}:guardrail/{name}', request: ['guardrailId'] },
    {
      type: 'AWS::Bedrock::KnowledgeBase',
      arn: 'bedrock:{region}:{account}:knowledge-base/{name}',
      request: ['knowledgeBaseId'],
    },
    { type: 'AWS::Bedrock::Agent', arn: 'bedrock:{region}:{account}:agent/{name}', request: ['agentId'] },
  ],
};
