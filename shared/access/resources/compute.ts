import type { ServiceNamings } from './naming.ts';

/** What runs code, and what it is started from. */
export const COMPUTE: ServiceNamings = {
  'lambda.amazonaws.com': [
    {
      type: 'AWS::Lambda::Function',
      arn: 'lambda:{region}:{account}:function:{name}',
      request: ['functionName'],
      response: ['functionArn'],
      reads: 'function-name',
    },
    { type: 'AWS::Lambda::LayerVersion', arn: 'lambda:{region}:{account}:layer:{name}', request: ['layerName'] },
    {
      type: 'AWS::Lambda::EventSourceMapping',
      arn: 'lambda:{region}:{account}:event-source-mapping:{name}',
      request: ['uUID'],
      response: ['uUID'],
    },
  ],
  'ecs.amazonaws.com': [
    {
      type: 'AWS::ECS::Cluster',
      arn: 'ecs:{region}:{account}:cluster/{name}',
      request: ['cluster', 'clusterName', 'clusters'],
      response: ['cluster.clusterArn'],
    },
    {
      type: 'AWS::ECS::Service',
      arn: 'ecs:{region}:{account}:service/{cluster|"default"}/{name}',
      request: ['service', 'serviceName', 'services'],
      response: ['service.serviceArn'],
    },
    {
      type: 'AWS::ECS::Task',
      arn: 'ecs:{region}:{account}:task/{cluster|"default"}/{name}',
      request: ['task', 'tasks'],
      response: ['tasks.taskArn', 'task.taskArn'],
    },
    {
      type: 'AWS::ECS::TaskDefinition',
      arn: 'ecs:{region}:{account}:task-definition/{name}',
      request: ['taskDefinition'],
      response: ['taskDefinition.taskDefinitionArn'],
    },
  ],
  'ecr.amazonaws.com': [
    {
      type: 'AWS::ECR::Repository',
      arn: 'ecr:{region}:{registryId|account}:repository/{name}',
      request: ['repositoryName', 'repositoryNames'],
      response: ['repository.repositoryArn'],
    },
  ],
  'eks.amazonaws.com': [
    {
      type: 'AWS::EKS::Cluster',
      arn: 'eks:{region}:{account}:cluster/{name}',
      request: ['clusterName'],
    },
    {
      type: 'AWS::EKS::Cluster',
      arn: 'eks:{region}:{account}:cluster/{name}',
      request: ['name'],
      response: ['cluster.arn'],
      calls: ['CreateCluster', 'DeleteCluster', 'DescribeCluster', 'UpdateCluster*', 'AssociateEncryptionConfig'],
    },
  ],
  'batch.amazonaws.com': [
    {
      type: 'AWS::Batch::JobQueue',
      arn: 'batch:{region}:{account}:job-queue/{name}',
      request: ['jobQueue', 'jobQueueName'],
      response: ['jobQueueArn'],
    },
    {
      type: 'AWS::Batch::JobDefinition',
      arn: 'batch:{region}:{account}:job-definition/{name}',
      request: ['jobDefinition', 'jobDefinitionName'],
      response: ['jobDefinitionArn'],
    },
    {
      type: 'AWS::Batch::ComputeEnvironment',
      arn: 'batch:{region}:{account}:compute-environment/{name}',
      request: ['computeEnvironment', 'computeEnvironmentName'],
      response: ['computeEnvironmentArn'],
    },
  ],
  'autoscaling.amazonaws.com': [
    {
      type: 'AWS::AutoScaling::AutoScalingGroup',
      // A unique id stands in the middle, which no request tells.
      arn: 'autoscaling:{region}:{account}:autoScalingGroup:*:autoScalingGroupName/{name}',
      request: ['autoScalingGroupName'],
    },
    {
      type: 'AWS::AutoScaling::LaunchConfiguration',
      arn: 'autoscaling:{region}:{account}:launchConfiguration:*:launchConfigurationName/{name}',
      request: ['launchConfigurationName'],
    },
  ],
  'elasticbeanstalk.amazonaws.com': [
    {
      type: 'AWS::ElasticBeanstalk::Application',
      arn: 'elasticbeanstalk:{region}:{account}:application/{name}',
      request: ['applicationName'],
    },
    {
      type: 'AWS::ElasticBeanstalk::Environment',
      arn: 'elasticbeanstalk:{region}:{account}:environment/{applicationName}/{name}',
      request: ['environmentName'],
      response: ['environmentArn'],
    },
  ],
  'states.amazonaws.com': [
    {
      type: 'AWS::StepFunctions::StateMachine',
      arn: 'states:{region}:{account}:stateMachine:{name}',
      request: ['stateMachineArn'],
      response: ['stateMachineArn'],
    },
    {
      type: 'AWS::StepFunctions::StateMachine',
      arn: 'states:{region}:{account}:stateMachine:{name}',
      request: ['name'],
      response: ['stateMachineArn'],
      calls: ['CreateStateMachine'],
    },
    {
      type: 'AWS::StepFunctions::Execution',
      arn: 'states:{region}:{account}:execution:{name}',
      request: ['executionArn'],
      response: ['executionArn'],
    },
  ],
  'workspaces.amazonaws.com': [
    {
      type: 'AWS::WorkSpaces::Workspace',
      arn: 'workspaces:{region}:{account}:workspace/{name}',
      request: [
        'workspaceId',
        'startWorkspaceRequests.workspaceId',
        'stopWorkspaceRequests.workspaceId',
        'terminateWorkspaceRequests.workspaceId',
      ],
    },
  ],
  'transfer.amazonaws.com': [
    {
      type: 'AWS::Transfer::Server',
      arn: 'transfer:{region}:{account}:server/{name}',
      request: ['serverId'],
      response: ['serverId'],
    },
    {
      type: 'AWS::Transfer::User',
      arn: 'transfer:{region}:{account}:user/{serverId}/{name}',
      request: ['userName'],
    },
  ],
};
