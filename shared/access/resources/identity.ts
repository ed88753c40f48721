import type { ServiceNamings } from './naming.ts';

/** Who can be somebody: users, roles, directories, pools. */
export const IDENTITY: ServiceNamings = {
  // The path of a user or role is in its ARN and in no request that names it: only the response of its creation tells it.
  'iam.amazonaws.com': [
    {
      type: 'AWS::IAM::User',
      arn: 'iam::{account}:user/{name}',
      request: ['userName'],
      response: ['user.arn'],
    },
    { type: 'AWS::IAM::Role', arn: 'iam::{account}:role/{name}', request: ['roleName'], response: ['role.arn'] },
    { type: 'AWS::IAM::Group', arn: 'iam::{account}:group/{name}', request: ['groupName'], response: ['group.arn'] },
    { type: 'AWS::IAM::ManagedPolicy', arn: 'iam::{account}:policy/{name}', request: ['policyArn'] },
    {
      type: 'AWS::IAM::ManagedPolicy',
      arn: 'iam::{account}:policy/{name}',
      request: ['policyName'],
      response: ['policy.arn'],
      calls: ['CreatePolicy'],
    },
    {
      type: 'AWS::IAM::InstanceProfile',
      arn: 'iam::{account}:instance-profile/{name}',
      request: ['instanceProfileName'],
      response: ['instanceProfile.arn'],
    },
    {
      type: 'AWS::IAM::VirtualMFADevice',
      arn: 'iam::{account}:mfa/{name}',
      request: ['serialNumber', 'virtualMFADeviceName'],
      response: ['virtualMFADevice.serialNumber'],
    },
    {
      type: 'AWS::IAM::SAMLProvider',
      arn: 'iam::{account}:saml-provider/{name}',
      request: ['sAMLProviderArn'],
      response: ['sAMLProviderArn'],
    },
    {
      type: 'AWS::IAM::OIDCProvider',
      arn: 'iam::{account}:oidc-provider/{name}',
      request: ['openIDConnectProviderArn'],
      response: ['openIDConnectProviderArn'],
    },
    {
      type: 'AWS::IAM::ServerCertificate',
      arn: 'iam::{account}:server-certificate/{name}',
      request: ['serverCertificateName'],
      response: ['serverCertificateMetadata.arn'],
    },
  ],
  'sts.amazonaws.com': [{ type: 'AWS::IAM::Role', arn: 'iam::{account}:role/{name}', request: ['roleArn'] }],
  'rolesanywhere.amazonaws.com': [
    {
      type: 'AWS::RolesAnywhere::TrustAnchor',
      arn: 'rolesanywhere:{region}:{account}:trust-anchor/{name}',
      request: ['trustAnchorId', 'trustAnchorArn'],
      response: ['trustAnchor.trustAnchorArn'],
    },
    {
      type: 'AWS::RolesAnywhere::Profile',
      arn: 'rolesanywhere:{region}:{account}:profile/{name}',
      request: ['profileId', 'profileArn'],
      response: ['profile.profileArn'],
    },
    { type: 'AWS::IAM::Role', arn: 'iam::{account}:role/{name}', request: ['roleArn', 'roleArns'] },
  ],
  'sso.amazonaws.com': [
    { type: 'AWS::SSO::Instance', arn: 'sso:::instance/{name}', request: ['instanceArn'] },
    { type: 'AWS::SSO::PermissionSet', arn: 'sso:::permissionSet/{name}', request: ['permissionSetArn'] },
    {
      type: 'AWS::SSO::PermissionSet',
      arn: 'sso:::permissionSet/{name}',
      response: ['permissionSet.permissionSetArn'],
    },
  ],
  'identitystore.amazonaws.com': [
    {
      type: 'AWS::IdentityStore::IdentityStore',
      arn: 'identitystore::{account}:identitystore/{name}',
      request: ['identityStoreId'],
    },
    {
      type: 'AWS::IdentityStore::User',
      arn: 'identitystore:::user/{name}',
      request: ['userId'],
      response: ['userId'],
    },
    {
      type: 'AWS::IdentityStore::Group',
      arn: 'identitystore:::group/{name}',
      request: ['groupId'],
      response: ['groupId'],
    },
  ],
  'cognito-idp.amazonaws.com': [
    {
      type: 'AWS::Cognito::UserPool',
      arn: 'cognito-idp:{region}:{account}:userpool/{name}',
      request: ['userPoolId'],
      response: ['userPool.arn'],
    },
  ],
  'cognito-identity.amazonaws.com': [
    {
      type: 'AWS::Cognito::IdentityPool',
      arn: 'cognito-identity:{region}:{account}:identitypool/{name}',
      request: ['identityPoolId'],
      response: ['identityPoolId'],
    },
  ],
  'ds.amazonaws.com': [
    {
      type: 'AWS::DirectoryService::Directory',
      arn: 'ds:{region}:{account}:directory/{name}',
      request: ['directoryId'],
      response: ['directoryId'],
    },
  ],
  'access-analyzer.amazonaws.com': [
    {
      type: 'AWS::AccessAnalyzer::Analyzer',
      arn: 'access-analyzer:{region}:{account}:analyzer/{name}',
      request: ['analyzerName', 'analyzerArn'],
      response: ['arn'],
    },
  ],
};
