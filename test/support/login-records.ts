/**
 * Logins at identity providers, in the shapes of the examples in the CloudTrail documentation
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html).
 */
const OPENED = {
  credentials: { accessKeyId: 'ASIAEXAMPLELOGIN0001', expiration: 'Nov 21, 2026, 3:00:00 AM', sessionToken: 'example' },
};

export const WEB_LOGIN = {
  eventVersion: '1.08',
  userIdentity: {
    type: 'WebIdentityUser',
    principalId:
      'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com:sts.amazonaws.com:repo:example/shop:ref:refs/heads/main',
    userName: 'repo:example/shop:ref:refs/heads/main',
    identityProvider: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com',
  },
  eventTime: '2026-11-21T02:00:00Z',
  eventSource: 'sts.amazonaws.com',
  eventName: 'AssumeRoleWithWebIdentity',
  awsRegion: 'us-east-1',
  sourceIPAddress: '198.51.100.77',
  userAgent: 'aws-sdk-nodejs/2.1396.0',
  requestParameters: {
    roleArn: 'arn:aws:iam::111122223333:role/ci/deployer',
    roleSessionName: 'GitHubActions',
    durationSeconds: 3600,
  },
  responseElements: {
    ...OPENED,
    subjectFromWebIdentityToken: 'repo:example/shop:ref:refs/heads/main',
    assumedRoleUser: {
      assumedRoleId: 'AROAEXAMPLEDEPLOYER01:GitHubActions',
      arn: 'arn:aws:sts::111122223333:assumed-role/deployer/GitHubActions',
    },
    provider: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com',
    audience: 'sts.amazonaws.com',
  },
  eventID: '6a1f3c52-9f0e-4d8f-8d65-000000000401',
  readOnly: true,
  eventType: 'AwsApiCall',
  managementEvent: true,
  recipientAccountId: '111122223333',
} as const;

export const SAML_LOGIN = {
  ...WEB_LOGIN,
  userIdentity: {
    type: 'SAMLUser',
    principalId: 'SampleQualifierL0bWQ=:eve@example.com',
    userName: 'eve@example.com',
    identityProvider: 'SampleQualifierL0bWQ=',
  },
  eventName: 'AssumeRoleWithSAML',
  requestParameters: {
    sAMLAssertionID: '_example-assertion',
    roleSessionName: 'eve@example.com',
    roleArn: 'arn:aws:iam::111122223333:role/deployer',
    principalArn: 'arn:aws:iam::111122223333:saml-provider/Corp',
    durationSeconds: 3600,
  },
  responseElements: {
    ...OPENED,
    subjectType: 'persistent',
    issuer: 'https://idp.example.com/saml',
    nameQualifier: 'SampleQualifierL0bWQ=',
    subject: 'eve@example.com',
    audience: 'https://signin.aws.amazon.com/saml',
    assumedRoleUser: {
      assumedRoleId: 'AROAEXAMPLEDEPLOYER01:eve@example.com',
      arn: 'arn:aws:sts::111122223333:assumed-role/deployer/eve@example.com',
    },
  },
  eventID: '6a1f3c52-9f0e-4d8f-8d65-000000000402',
} as const;
