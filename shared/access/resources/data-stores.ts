import type { ServiceNamings } from './naming.ts';

/** Buckets, tables, databases, caches, file systems, secrets and keys. */
export const DATA_STORES: ServiceNamings = {
  's3.amazonaws.com': [
    { type: 'AWS::S3::Bucket', arn: 's3:::{name}', request: ['bucketName', 'bucket'] },
    { type: 'AWS::S3::Object', arn: 's3:::{bucketName}/{name}', request: ['key'] },
    {
      type: 'AWS::S3::Object',
      arn: 's3:::{name}',
      request: ['x-amz-copy-source'],
      reads: 'copy-source',
      besides: true,
    },
  ],
  'dynamodb.amazonaws.com': [
    {
      type: 'AWS::DynamoDB::Table',
      arn: 'dynamodb:{region}:{account}:table/{name}',
      request: ['tableName', 'tableArn', 'sourceTableName', 'targetTableName', 'transactItems.put.tableName'],
      response: ['tableDescription.tableArn'],
    },
  ],
  'dax.amazonaws.com': [
    {
      type: 'AWS::DAX::Cluster',
      arn: 'dax:{region}:{account}:cache/{name}',
      request: ['clusterName'],
      response: ['cluster.clusterArn'],
    },
  ],
  'secretsmanager.amazonaws.com': [
    {
      type: 'AWS::SecretsManager::Secret',
      arn: 'secretsmanager:{region}:{account}:secret:{name}',
      request: ['secretId', 'secretIdList'],
      response: ['arn'],
      reads: 'secret-name',
    },
    {
      type: 'AWS::SecretsManager::Secret',
      arn: 'secretsmanager:{region}:{account}:secret:{name}',
      request: ['name'],
      response: ['arn'],
      calls: ['CreateSecret'],
      reads: 'secret-name',
    },
  ],
  'kms.amazonaws.com': [
    {
      type: 'AWS::KMS::Key',
      arn: 'kms:{region}:{account}:{name}',
      request: ['keyId', 'targetKeyId', 'sourceKeyId', 'destinationKeyId'],
      response: ['keyMetadata.arn', 'keyId'],
      reads: 'key-or-alias',
    },
    { type: 'AWS::KMS::Alias', arn: 'kms:{region}:{account}:{name}', request: ['aliasName'], reads: 'key-or-alias' },
  ],
  'rds.amazonaws.com': [
    {
      type: 'AWS::RDS::DBInstance',
      arn: 'rds:{region}:{account}:db:{name}',
      request: ['dBInstanceIdentifier', 'sourceDBInstanceIdentifier', 'targetDBInstanceIdentifier'],
      response: ['dBInstanceArn'],
    },
    {
      type: 'AWS::RDS::DBCluster',
      arn: 'rds:{region}:{account}:cluster:{name}',
      request: ['dBClusterIdentifier', 'sourceDBClusterIdentifier'],
      response: ['dBClusterArn'],
    },
    {
      type: 'AWS::RDS::DBSnapshot',
      arn: 'rds:{region}:{account}:snapshot:{name}',
      request: ['dBSnapshotIdentifier', 'targetDBSnapshotIdentifier'],
      response: ['dBSnapshotArn'],
    },
    {
      type: 'AWS::RDS::DBSnapshot',
      arn: 'rds:{region}:{account}:snapshot:{name}',
      request: ['sourceDBSnapshotIdentifier'],
    },
    {
      type: 'AWS::RDS::DBClusterSnapshot',
      arn: 'rds:{region}:{account}:cluster-snapshot:{name}',
      request: ['dBClusterSnapshotIdentifier', 'targetDBClusterSnapshotIdentifier'],
      response: ['dBClusterSnapshotArn'],
    },
    {
      type: 'AWS::RDS::DBClusterSnapshot',
      arn: 'rds:{region}:{account}:cluster-snapshot:{name}',
      request: ['sourceDBClusterSnapshotIdentifier'],
    },
    {
      type: 'AWS::RDS::DBSubnetGroup',
      arn: 'rds:{region}:{account}:subgrp:{name}',
      request: ['dBSubnetGroupName'],
      calls: ['*DBSubnetGroup'],
    },
    {
      type: 'AWS::RDS::DBParameterGroup',
      arn: 'rds:{region}:{account}:pg:{name}',
      request: ['dBParameterGroupName'],
      calls: ['*DBParameterGroup'],
    },
    {
      type: 'AWS::RDS::DBProxy',
      arn: 'rds:{region}:{account}:db-proxy:{name}',
      request: ['dBProxyArn'],
      response: ['dBProxy.dBProxyArn'],
    },
  ],
  'rdsdata.amazonaws.com': [
    { type: 'AWS::RDS::DBCluster', arn: 'rds:{region}:{account}:cluster:{name}', request: ['resourceArn'] },
    {
      type: 'AWS::SecretsManager::Secret',
      arn: 'secretsmanager:{region}:{account}:secret:{name}',
      request: ['secretArn'],
      reads: 'secret-name',
    },
  ],
  'redshift.amazonaws.com': [
    {
      type: 'AWS::Redshift::Cluster',
      arn: 'redshift:{region}:{account}:cluster:{name}',
      request: ['clusterIdentifier'],
    },
    {
      type: 'AWS::Redshift::ClusterSnapshot',
      arn: 'redshift:{region}:{account}:snapshot:{snapshotClusterIdentifier|clusterIdentifier|"*"}/{name}',
      request: ['snapshotIdentifier'],
    },
  ],
  'redshift-data.amazonaws.com': [
    {
      type: 'AWS::Redshift::Cluster',
      arn: 'redshift:{region}:{account}:cluster:{name}',
      request: ['clusterIdentifier'],
    },
    {
      type: 'AWS::RedshiftServerless::Workgroup',
      arn: 'redshift-serverless:{region}:{account}:workgroup/{name}',
      request: ['workgroupName'],
    },
  ],
  'elasticache.amazonaws.com': [
    {
      type: 'AWS::ElastiCache::CacheCluster',
      arn: 'elasticache:{region}:{account}:cluster:{name}',
      request: ['cacheClusterId'],
    },
    {
      type: 'AWS::ElastiCache::ReplicationGroup',
      arn: 'elasticache:{region}:{account}:replicationgroup:{name}',
      request: ['replicationGroupId'],
    },
    {
      type: 'AWS::ElastiCache::Snapshot',
      arn: 'elasticache:{region}:{account}:snapshot:{name}',
      request: ['snapshotName', 'sourceSnapshotName', 'targetSnapshotName'],
    },
    { type: 'AWS::ElastiCache::User', arn: 'elasticache:{region}:{account}:user:{name}', request: ['userId'] },
  ],
  'memorydb.amazonaws.com': [
    { type: 'AWS::MemoryDB::Cluster', arn: 'memorydb:{region}:{account}:cluster/{name}', request: ['clusterName'] },
  ],
  'elasticfilesystem.amazonaws.com': [
    {
      type: 'AWS::EFS::FileSystem',
      arn: 'elasticfilesystem:{region}:{account}:file-system/{name}',
      request: ['fileSystemId'],
      response: ['fileSystemArn', 'fileSystemId'],
    },
    {
      type: 'AWS::EFS::AccessPoint',
      arn: 'elasticfilesystem:{region}:{account}:access-point/{name}',
      request: ['accessPointId'],
      response: ['accessPointArn'],
    },
  ],
  'fsx.amazonaws.com': [
    { type: 'AWS::FSx::FileSystem', arn: 'fsx:{region}:{account}:file-system/{name}', request: ['fileSystemId'] },
    { type: 'AWS::FSx::Backup', arn: 'fsx:{region}:{account}:backup/{name}', request: ['backupId'] },
  ],
  'backup.amazonaws.com': [
    {
      type: 'AWS::Backup::BackupVault',
      arn: 'backup:{region}:{account}:backup-vault:{name}',
      request: ['backupVaultName'],
      response: ['backupVaultArn'],
    },
    {
      type: 'AWS::Backup::BackupPlan',
      arn: 'backup:{region}:{account}:backup-plan:{name}',
      request: ['backupPlanId'],
      response: ['backupPlanArn'],
    },
  ],
  'timestream.amazonaws.com': [
    {
      type: 'AWS::Timestream::Table',
      arn: 'timestream:{region}:{account}:database/{databaseName}/table/{name}',
      request: ['tableName'],
    },
    {
      type: 'AWS::Timestream::Database',
      arn: 'timestream:{region}:{account}:database/{name}',
      request: ['databaseName'],
    },
  ],
};
