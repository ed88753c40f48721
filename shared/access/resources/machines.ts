import type { ServiceNamings } from './naming.ts';

/** Machines with their disks and networks, and the ways onto them. EC2 writes lists as `<name>Set.items[]`. */
export const MACHINES: ServiceNamings = {
  'ec2.amazonaws.com': [
    {
      type: 'AWS::EC2::Instance',
      arn: 'ec2:{region}:{account}:instance/{name}',
      request: ['instanceId', 'instancesSet.items.instanceId'],
      response: ['instancesSet.items.instanceId'],
    },
    {
      type: 'AWS::EC2::Volume',
      arn: 'ec2:{region}:{account}:volume/{name}',
      request: ['volumeId', 'volumeSet.items.volumeId'],
    },
    {
      type: 'AWS::EC2::Volume',
      arn: 'ec2:{region}:{account}:volume/{name}',
      response: ['volumeId'],
      calls: ['CreateVolume'],
    },
    // Snapshots and images are named without their owner's account.
    {
      type: 'AWS::EC2::Snapshot',
      arn: 'ec2:{region}::snapshot/{name}',
      request: ['snapshotId', 'sourceSnapshotId', 'snapshotSet.items.snapshotId'],
    },
    {
      type: 'AWS::EC2::Snapshot',
      arn: 'ec2:{region}::snapshot/{name}',
      response: ['snapshotId', 'CreateSnapshotsResponse.snapshotSet.item.snapshotId'],
      calls: ['CreateSnapshot', 'CreateSnapshots', 'CopySnapshot'],
    },
    {
      type: 'AWS::EC2::Image',
      arn: 'ec2:{region}::image/{name}',
      request: ['imageId', 'sourceImageId', 'instancesSet.items.imageId', 'imagesSet.items.imageId'],
    },
    {
      type: 'AWS::EC2::Image',
      arn: 'ec2:{region}::image/{name}',
      response: ['imageId'],
      calls: ['CreateImage', 'CopyImage', 'RegisterImage'],
    },
    {
      type: 'AWS::EC2::SecurityGroup',
      arn: 'ec2:{region}:{account}:security-group/{name}',
      request: ['groupId', 'securityGroupIdSet.items.groupId', 'groupSet.items.groupId'],
      response: ['groupId'],
    },
    {
      type: 'AWS::EC2::VPC',
      arn: 'ec2:{region}:{account}:vpc/{name}',
      request: ['vpcId', 'vpcSet.items.vpcId'],
      response: ['vpc.vpcId'],
    },
    {
      type: 'AWS::EC2::Subnet',
      arn: 'ec2:{region}:{account}:subnet/{name}',
      request: ['subnetId', 'subnetSet.items.subnetId'],
      response: ['subnet.subnetArn'],
    },
    {
      type: 'AWS::EC2::RouteTable',
      arn: 'ec2:{region}:{account}:route-table/{name}',
      request: ['routeTableId', 'routeTableIdSet.items.routeTableId'],
      response: ['routeTable.routeTableId'],
    },
    {
      type: 'AWS::EC2::InternetGateway',
      arn: 'ec2:{region}:{account}:internet-gateway/{name}',
      request: ['internetGatewayId', 'internetGatewayIdSet.items.internetGatewayId'],
      response: ['internetGateway.internetGatewayId'],
    },
    {
      type: 'AWS::EC2::NatGateway',
      arn: 'ec2:{region}:{account}:natgateway/{name}',
      request: ['DeleteNatGatewayRequest.NatGatewayId', 'DescribeNatGatewaysRequest.NatGatewayId.content'],
      response: ['CreateNatGatewayResponse.natGateway.natGatewayId'],
    },
    {
      type: 'AWS::EC2::NetworkInterface',
      arn: 'ec2:{region}:{account}:network-interface/{name}',
      request: ['networkInterfaceId', 'networkInterfaceIdSet.items.networkInterfaceId'],
      response: ['networkInterface.networkInterfaceId'],
    },
    {
      type: 'AWS::EC2::NetworkAcl',
      arn: 'ec2:{region}:{account}:network-acl/{name}',
      request: ['networkAclId'],
      response: ['networkAcl.networkAclId'],
    },
    {
      type: 'AWS::EC2::KeyPair',
      arn: 'ec2:{region}:{account}:key-pair/{name}',
      request: ['keyName', 'instancesSet.items.keyName'],
    },
    {
      type: 'AWS::EC2::EIP',
      arn: 'ec2:{region}:{account}:elastic-ip/{name}',
      request: ['allocationId', 'allocationIdsSet.items.allocationId'],
      response: ['allocationId'],
    },
    {
      type: 'AWS::EC2::FlowLog',
      arn: 'ec2:{region}:{account}:vpc-flow-log/{name}',
      request: ['DeleteFlowLogsRequest.FlowLogId.content'],
      response: ['CreateFlowLogsResponse.flowLogIdSet.item'],
    },
    {
      type: 'AWS::EC2::VPCPeeringConnection',
      arn: 'ec2:{region}:{account}:vpc-peering-connection/{name}',
      request: ['vpcPeeringConnectionId'],
      response: ['vpcPeeringConnection.vpcPeeringConnectionId'],
    },
  ],
  // Reading a snapshot block by block, past EC2's own calls.
  'ebs.amazonaws.com': [
    {
      type: 'AWS::EC2::Snapshot',
      arn: 'ec2:{region}::snapshot/{name}',
      request: ['snapshotId', 'firstSnapshotId', 'secondSnapshotId'],
    },
  ],
  'ec2-instance-connect.amazonaws.com': [
    { type: 'AWS::EC2::Instance', arn: 'ec2:{region}:{account}:instance/{name}', request: ['instanceId'] },
  ],
  'ssm.amazonaws.com': [
    {
      type: 'AWS::SSM::Parameter',
      arn: 'ssm:{region}:{account}:parameter{name}',
      request: ['name', 'names'],
      calls: ['GetParameter*', 'PutParameter', 'DeleteParameter*', 'LabelParameterVersion', 'UnlabelParameterVersion'],
      reads: 'path',
    },
    {
      type: 'AWS::SSM::Parameter',
      arn: 'ssm:{region}:{account}:parameter{name}/*',
      request: ['path'],
      calls: ['GetParametersByPath'],
      reads: 'path',
    },
    {
      type: 'AWS::EC2::Instance',
      arn: 'ec2:{region}:{account}:instance/{name}',
      request: ['target', 'instanceId', 'instanceIds'],
    },
    {
      type: 'AWS::SSM::Document',
      arn: 'ssm:{region}:{account}:document/{name}',
      request: ['documentName'],
    },
    {
      type: 'AWS::SSM::Document',
      arn: 'ssm:{region}:{account}:document/{name}',
      request: ['name'],
      calls: ['CreateDocument', 'UpdateDocument', 'DeleteDocument', 'GetDocument', 'ModifyDocumentPermission'],
    },
    {
      type: 'AWS::SSM::Session',
      arn: 'ssm:{region}:{account}:session/{name}',
      request: ['sessionId'],
      response: ['sessionId'],
    },
  ],
  'elasticloadbalancing.amazonaws.com': [
    {
      type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
      arn: 'elasticloadbalancing:{region}:{account}:loadbalancer/{name}',
      request: ['loadBalancerArn', 'loadBalancerArns'],
      response: ['loadBalancers.loadBalancerArn'],
    },
    {
      type: 'AWS::ElasticLoadBalancing::LoadBalancer',
      arn: 'elasticloadbalancing:{region}:{account}:loadbalancer/{name}',
      request: ['loadBalancerName'],
    },
    {
      type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
      arn: 'elasticloadbalancing:{region}:{account}:targetgroup/{name}/*',
      request: ['targetGroupArn', 'targetGroupArns'],
      response: ['targetGroups.targetGroupArn'],
    },
    {
      type: 'AWS::ElasticLoadBalancingV2::Listener',
      arn: 'elasticloadbalancing:{region}:{account}:listener/{name}',
      request: ['listenerArn'],
      response: ['listeners.listenerArn'],
    },
  ],
};
