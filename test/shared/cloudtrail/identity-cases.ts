import type { Principal } from '../../../shared/access/principal.ts';

type Case = { readonly name: string; readonly identity: unknown; readonly principal: Principal };

const account = '111122223333';

/** Shapes from "CloudTrail userIdentity element", AWS CloudTrail user guide, with made-up ids. */
export const identityCases: readonly Case[] = [
  {
    name: 'is an IAM user with a long-term key',
    identity: {
      type: 'IAMUser',
      principalId: 'AIDAEXAMPLE1',
      arn: 'arn:aws:iam::111122223333:user/alice',
      accountId: account,
      accessKeyId: 'AKIAEXAMPLE1',
      userName: 'alice',
    },
    principal: {
      kind: 'user',
      account,
      userId: 'AIDAEXAMPLE1',
      userName: 'alice',
      arn: 'arn:aws:iam::111122223333:user/alice',
      accessKeyId: 'AKIAEXAMPLE1',
      temporary: false,
    },
  },
  {
    name: 'is an IAM user with a GetSessionToken session',
    identity: {
      type: 'IAMUser',
      principalId: 'AIDAEXAMPLE1',
      arn: 'arn:aws:iam::111122223333:user/alice',
      accountId: account,
      accessKeyId: 'ASIAEXAMPLE1',
      userName: 'alice',
      sessionContext: { attributes: { mfaAuthenticated: 'true', creationDate: '2026-11-20T02:00:00Z' } },
    },
    principal: {
      kind: 'user',
      account,
      userId: 'AIDAEXAMPLE1',
      userName: 'alice',
      arn: 'arn:aws:iam::111122223333:user/alice',
      accessKeyId: 'ASIAEXAMPLE1',
      temporary: true,
    },
  },
  {
    name: 'is unknown when a failed sign-in names a user without an id',
    identity: { type: 'IAMUser', accountId: account, userName: 'HIDDEN_DUE_TO_SECURITY_REASONS', accessKeyId: '' },
    principal: { kind: 'unknown', reason: 'IAMUser without principalId' },
  },
  {
    name: 'is one session of a role, with the path of the role and the person who chained into it',
    identity: {
      type: 'AssumedRole',
      principalId: 'AROAEXAMPLE1:alice@example.com',
      arn: 'arn:aws:sts::111122223333:assumed-role/deployer/alice@example.com',
      accountId: account,
      accessKeyId: 'ASIAEXAMPLE2',
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: 'AROAEXAMPLE1',
          arn: 'arn:aws:iam::111122223333:role/team/deployer',
          accountId: account,
          userName: 'deployer',
        },
        sourceIdentity: 'alice',
        attributes: { creationDate: '2026-11-20T02:00:00Z', mfaAuthenticated: 'false' },
      },
    },
    principal: {
      kind: 'role-session',
      account,
      roleId: 'AROAEXAMPLE1',
      roleName: 'deployer',
      roleArn: 'arn:aws:iam::111122223333:role/team/deployer',
      sessionName: 'alice@example.com',
      accessKeyId: 'ASIAEXAMPLE2',
      sourceIdentity: 'alice',
      issuedAt: '2026-11-20T02:00:00Z',
      serviceLinked: false,
    },
  },
  {
    name: 'is a role session even where the issuer is left out, in a partition of its own',
    identity: {
      type: 'AssumedRole',
      principalId: 'AROAEXAMPLE1:i-0abc',
      arn: 'arn:aws-cn:sts::111122223333:assumed-role/web/i-0abc',
      accountId: account,
    },
    principal: {
      kind: 'role-session',
      account,
      roleId: 'AROAEXAMPLE1',
      roleName: 'web',
      roleArn: 'arn:aws-cn:iam::111122223333:role/web',
      sessionName: 'i-0abc',
      serviceLinked: false,
    },
  },
  {
    name: 'is a session of a service-linked role, and says so',
    identity: {
      type: 'AssumedRole',
      principalId: 'AROAEXAMPLE2:autoscaling',
      arn: 'arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForAutoScaling/autoscaling',
      accountId: account,
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: 'AROAEXAMPLE2',
          arn: 'arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling',
          accountId: account,
          userName: 'AWSServiceRoleForAutoScaling',
        },
      },
      invokedBy: 'autoscaling.amazonaws.com',
    },
    principal: {
      kind: 'role-session',
      account,
      roleId: 'AROAEXAMPLE2',
      roleName: 'AWSServiceRoleForAutoScaling',
      roleArn: 'arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling',
      sessionName: 'autoscaling',
      serviceLinked: true,
    },
  },
  {
    name: 'is unknown when a role session names no session',
    identity: { type: 'AssumedRole', principalId: 'AROAEXAMPLE1', accountId: account },
    principal: { kind: 'unknown', reason: 'AssumedRole whose principalId names no session' },
  },
  {
    name: 'is a federated user, issued by an IAM user',
    identity: {
      type: 'FederatedUser',
      principalId: '111122223333:bob',
      arn: 'arn:aws:sts::111122223333:federated-user/bob',
      accountId: account,
      accessKeyId: 'ASIAEXAMPLE3',
      sessionContext: {
        sessionIssuer: {
          type: 'IAMUser',
          principalId: 'AIDAEXAMPLE1',
          arn: 'arn:aws:iam::111122223333:user/alice',
          accountId: account,
          userName: 'alice',
        },
      },
    },
    principal: {
      kind: 'federated-user',
      account,
      issuerId: 'AIDAEXAMPLE1',
      issuerName: 'alice',
      name: 'bob',
      arn: 'arn:aws:sts::111122223333:federated-user/bob',
      accessKeyId: 'ASIAEXAMPLE3',
    },
  },
  {
    name: 'is a SAML user',
    identity: {
      type: 'SAMLUser',
      principalId: 'abc=:carol',
      userName: 'carol',
      identityProvider: 'arn:aws:iam::111122223333:saml-provider/corp',
    },
    principal: { kind: 'saml-user', name: 'carol', provider: 'arn:aws:iam::111122223333:saml-provider/corp' },
  },
  {
    name: 'is a web identity user',
    identity: {
      type: 'WebIdentityUser',
      principalId: 'token.actions.githubusercontent.com:repo:x',
      userName: 'repo:example/app:ref:refs/heads/main',
      identityProvider: 'token.actions.githubusercontent.com',
    },
    principal: {
      kind: 'web-identity-user',
      name: 'repo:example/app:ref:refs/heads/main',
      provider: 'token.actions.githubusercontent.com',
    },
  },
  {
    name: 'is a user of Identity Center',
    identity: {
      type: 'IdentityCenterUser',
      accountId: account,
      onBehalfOf: { userId: 'u-1', identityStoreArn: 'arn:aws:identitystore::111122223333:identitystore/d-1' },
    },
    principal: { kind: 'identity-center-user', userId: 'u-1', account },
  },
  {
    name: 'is root',
    identity: {
      type: 'Root',
      principalId: account,
      arn: 'arn:aws:iam::111122223333:root',
      accountId: account,
      accessKeyId: '',
    },
    principal: { kind: 'root', account },
  },
  {
    name: 'is an AWS service',
    identity: { type: 'AWSService', invokedBy: 'ec2.amazonaws.com' },
    principal: { kind: 'service', invokedBy: 'ec2.amazonaws.com' },
  },
  {
    name: 'is a service where only invokedBy is given',
    identity: { invokedBy: 'config.amazonaws.com' },
    principal: { kind: 'service', invokedBy: 'config.amazonaws.com' },
  },
  {
    name: 'is another account',
    identity: { type: 'AWSAccount', principalId: 'AROAEXAMPLE9:x', accountId: '444455556666' },
    principal: { kind: 'account', account: '444455556666', principalId: 'AROAEXAMPLE9:x' },
  },
  {
    name: 'is nobody where a request was not signed',
    identity: { type: 'AWSAccount', principalId: '', accountId: 'ANONYMOUS_PRINCIPAL' },
    principal: { kind: 'anonymous' },
  },
  {
    name: 'is root where root issued a federation token',
    identity: {
      type: 'FederatedUser',
      principalId: '111122223333:bob',
      arn: 'arn:aws:sts::111122223333:federated-user/bob',
      accountId: account,
      sessionContext: { sessionIssuer: { type: 'Root', principalId: account, accountId: account } },
    },
    principal: { kind: 'root', account },
  },
  {
    name: 'is the user of Identity Center for whom a service acts',
    identity: { type: 'AWSService', invokedBy: 'q.amazonaws.com', onBehalfOf: { userId: 'u-1' } },
    principal: { kind: 'identity-center-user', userId: 'u-1' },
  },
  {
    name: 'is a session that an application holds for a user of Identity Center, and says so',
    identity: {
      type: 'AssumedRole',
      principalId: 'AROAEXAMPLE1:app',
      arn: 'arn:aws:sts::111122223333:assumed-role/app/app',
      accountId: account,
      onBehalfOf: { userId: 'u-1', identityStoreArn: 'arn:aws:identitystore::111122223333:identitystore/d-1' },
    },
    principal: {
      kind: 'role-session',
      account,
      roleId: 'AROAEXAMPLE1',
      roleName: 'app',
      roleArn: 'arn:aws:iam::111122223333:role/app',
      sessionName: 'app',
      onBehalfOf: 'u-1',
      serviceLinked: false,
    },
  },
  {
    name: 'is an IAM user whose call a service made on',
    identity: {
      type: 'IAMUser',
      principalId: 'AIDAEXAMPLE1',
      arn: 'arn:aws:iam::111122223333:user/alice',
      accountId: account,
      userName: 'alice',
      invokedBy: 'cloudformation.amazonaws.com',
    },
    principal: {
      kind: 'user',
      account,
      userId: 'AIDAEXAMPLE1',
      userName: 'alice',
      arn: 'arn:aws:iam::111122223333:user/alice',
      temporary: false,
    },
  },
  {
    name: 'is a web identity user by its principal id where it has no name',
    identity: {
      type: 'WebIdentityUser',
      principalId: 'accounts.google.com:app:123',
      identityProvider: 'accounts.google.com',
    },
    principal: { kind: 'web-identity-user', name: 'accounts.google.com:app:123', provider: 'accounts.google.com' },
  },
  {
    name: 'is unknown for a user of a directory, with the reason',
    identity: { type: 'Directory', userName: 'bob' },
    principal: { kind: 'unknown', reason: 'a user of a directory, whom IAM does not know' },
  },
  {
    name: 'is unknown when its type is Unknown',
    identity: { type: 'Unknown', principalId: 'x' },
    principal: { kind: 'unknown', reason: 'CloudTrail could not tell the type of the identity' },
  },
  {
    name: 'is unknown when its type is none that is known',
    identity: { type: 'Robot', principalId: 'x' },
    principal: { kind: 'unknown', reason: 'userIdentity type Robot is not one that CloudTrail documents' },
  },
  {
    name: 'is unknown when it has no type',
    identity: { principalId: 'x' },
    principal: { kind: 'unknown', reason: 'userIdentity has no type' },
  },
  {
    name: 'is unknown when it is a text',
    identity: 'alice',
    principal: { kind: 'unknown', reason: 'the record has no userIdentity' },
  },
];
