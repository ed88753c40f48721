import type { Principal } from '../access/principal.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { textAt } from './text-at.ts';

/**
 * Who made a call, from a record's `userIdentity`. Total: whatever the record does not say clearly becomes
 * `unknown` with the reason, because a wrong guess here would take access from the wrong person.
 * Source: "CloudTrail userIdentity element", AWS CloudTrail user guide. `by` is the service of an event that a service
 * logs of itself, which may name nobody.
 */
export function decodePrincipal(identity: Json | undefined, by?: { readonly serviceEventOf?: string }): Principal {
  const serviceItself: Principal | undefined =
    by?.serviceEventOf === undefined ? undefined : { kind: 'service', invokedBy: by.serviceEventOf };
  if (!isJsonObject(identity)) return serviceItself ?? unknown('the record has no userIdentity');
  const type = textAt(identity, 'type');
  switch (type) {
    case 'IAMUser':
      return user(identity);
    case 'AssumedRole':
    case 'Role':
      return roleSession(identity);
    case 'FederatedUser':
      return federatedUser(identity);
    case 'SAMLUser':
    case 'WebIdentityUser':
      return externalUser(identity, type === 'SAMLUser' ? 'saml-user' : 'web-identity-user');
    case 'IdentityCenterUser':
      return identityCenterUser(identity);
    case 'Root':
      return root(identity);
    case 'AWSService': {
      // A service that acts for a user of Identity Center names the user: it is their access.
      const behalf = textAt(objectAt(identity, 'onBehalfOf'), 'userId');
      if (behalf !== undefined) return identityCenterUser(identity);
      const invokedBy = textAt(identity, 'invokedBy');
      return invokedBy === undefined
        ? (serviceItself ?? unknown('AWSService without invokedBy'))
        : { kind: 'service', invokedBy };
    }
    case 'AWSAccount': {
      const account = textAt(identity, 'accountId');
      const principalId = textAt(identity, 'principalId');
      if (account === undefined) return unknown('AWSAccount without accountId');
      // S3 writes so of a request that nobody signed.
      if (/^anonymous(?:_principal)?$/i.test(account)) return { kind: 'anonymous' };
      return { kind: 'account', account, ...(principalId === undefined ? {} : { principalId }) };
    }
    case undefined: {
      // Calls that a service makes for itself carry `invokedBy` alone in some records.
      const invokedBy = textAt(identity, 'invokedBy');
      if (invokedBy !== undefined) return { kind: 'service', invokedBy };
      return serviceItself ?? unknown('userIdentity has no type');
    }
    case 'Unknown':
      return serviceItself ?? unknown('CloudTrail could not tell the type of the identity');
    case 'Directory':
      return unknown('a user of a directory, whom IAM does not know');
    default:
      return unknown(`userIdentity type ${type.slice(0, 64)} is not one that CloudTrail documents`);
  }
}

function unknown(reason: string): Principal {
  return { kind: 'unknown', reason };
}

function user(identity: JsonObject): Principal {
  const account = textAt(identity, 'accountId');
  const userId = textAt(identity, 'principalId');
  const userName = textAt(identity, 'userName');
  const accessKeyId = textAt(identity, 'accessKeyId');
  // A failed console sign-in with a wrong name says `HIDDEN_DUE_TO_SECURITY_REASONS` and carries no id.
  if (account === undefined) return unknown('IAMUser without accountId');
  if (userId === undefined) return unknown('IAMUser without principalId');
  if (userName === undefined) return unknown('IAMUser without userName');
  const arn = textAt(identity, 'arn');
  if (arn === undefined) return unknown('IAMUser without arn');
  return {
    kind: 'user',
    account,
    // GetSessionToken records carry `AIDA…` alone; a session suffix, where one appears, is no part of the user's id.
    userId: before(userId, ':'),
    userName,
    arn,
    temporary: accessKeyId?.startsWith('ASIA') === true,
    ...(accessKeyId === undefined ? {} : { accessKeyId }),
  };
}

function roleSession(identity: JsonObject): Principal {
  const principalId = textAt(identity, 'principalId');
  const arn = textAt(identity, 'arn');
  if (principalId === undefined) return unknown('AssumedRole without principalId');
  const colon = principalId.indexOf(':');
  if (colon < 1 || colon === principalId.length - 1) return unknown('AssumedRole whose principalId names no session');
  const roleId = principalId.slice(0, colon);
  const sessionName = principalId.slice(colon + 1);
  const context = objectAt(identity, 'sessionContext');
  const issuer = objectAt(context, 'sessionIssuer');
  const account = textAt(identity, 'accountId') ?? textAt(issuer, 'accountId') ?? part(arn, 4);
  if (account === undefined) return unknown('AssumedRole without accountId');
  // The ARN is arn:aws:sts::<account>:assumed-role/<role>/<session>: the path of the role is not in it, so the issuer's is better.
  const roleName = textAt(issuer, 'userName') ?? assumedRoleOf(arn);
  if (roleName === undefined) return unknown('AssumedRole that names no role');
  const told = textAt(issuer, 'arn');
  const roleArn = told ?? `arn:${part(arn, 1) ?? 'aws'}:iam::${account}:role/${roleName}`;
  const accessKeyId = textAt(identity, 'accessKeyId');
  const sourceIdentity = textAt(context, 'sourceIdentity');
  const issuedAt = textAt(objectAt(context, 'attributes'), 'creationDate');
  const onBehalfOf = textAt(objectAt(identity, 'onBehalfOf'), 'userId');
  return {
    kind: 'role-session',
    account,
    roleId,
    roleName,
    roleArn,
    sessionName,
    // By its path, which nobody but a service gets for a role; by its name, which anybody may choose, only where no path is told.
    serviceLinked:
      told === undefined ? roleName.startsWith('AWSServiceRoleFor') : told.includes(':role/aws-service-role/'),
    ...(accessKeyId === undefined ? {} : { accessKeyId }),
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    ...(issuedAt === undefined ? {} : { issuedAt }),
    ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
  };
}

function assumedRoleOf(arn: string | undefined): string | undefined {
  const [kind, roleName] = part(arn, 5)?.split('/') ?? [];
  return kind === 'assumed-role' ? roleName : undefined;
}

function federatedUser(identity: JsonObject): Principal {
  const issuer = objectAt(objectAt(identity, 'sessionContext'), 'sessionIssuer');
  const issuerId = textAt(issuer, 'principalId');
  const issuerName = textAt(issuer, 'userName');
  const arn = textAt(identity, 'arn');
  const account = textAt(identity, 'accountId') ?? textAt(issuer, 'accountId');
  // Root may hand out federation tokens too, and has no name.
  if (textAt(issuer, 'type') === 'Root' && account !== undefined) return { kind: 'root', account };
  if (issuerId === undefined || issuerName === undefined) return unknown('FederatedUser that names no issuing user');
  if (arn === undefined || account === undefined) return unknown('FederatedUser without arn or accountId');
  // principalId is `<account>:<name>`; the arn ends in `federated-user/<name>`.
  const name = after(textAt(identity, 'principalId'), ':') ?? after(arn, 'federated-user/');
  if (name === undefined) return unknown('FederatedUser without a name');
  const accessKeyId = textAt(identity, 'accessKeyId');
  return {
    kind: 'federated-user',
    account,
    issuerId,
    issuerName,
    name,
    arn,
    ...(accessKeyId === undefined ? {} : { accessKeyId }),
  };
}

function externalUser(identity: JsonObject, kind: 'saml-user' | 'web-identity-user'): Principal {
  const name = textAt(identity, 'userName') ?? textAt(identity, 'principalId');
  const provider = textAt(identity, 'identityProvider');
  const type = textAt(identity, 'type') ?? kind;
  if (name === undefined || provider === undefined) return unknown(`${type} without userName or identityProvider`);
  return { kind, name, provider };
}

function identityCenterUser(identity: JsonObject): Principal {
  const userId = textAt(objectAt(identity, 'onBehalfOf'), 'userId');
  const account = textAt(identity, 'accountId');
  if (userId === undefined) return unknown('IdentityCenterUser without onBehalfOf.userId');
  return { kind: 'identity-center-user', userId, ...(account === undefined ? {} : { account }) };
}

function root(identity: JsonObject): Principal {
  const account = textAt(identity, 'accountId') ?? part(textAt(identity, 'arn'), 4);
  const accessKeyId = textAt(identity, 'accessKeyId');
  if (account === undefined) return unknown('Root without accountId');
  return { kind: 'root', account, ...(accessKeyId === undefined ? {} : { accessKeyId }) };
}

function objectAt(object: JsonObject | undefined, key: string): JsonObject | undefined {
  const value = object === undefined || !Object.hasOwn(object, key) ? undefined : object[key];
  return isJsonObject(value) ? value : undefined;
}

function part(arn: string | undefined, index: number): string | undefined {
  const text = arn?.split(':')[index];
  return text === '' ? undefined : text;
}

function before(text: string, mark: string): string {
  const at = text.indexOf(mark);
  return at < 0 ? text : text.slice(0, at);
}

function after(text: string | undefined, mark: string): string | undefined {
  const at = text?.indexOf(mark) ?? -1;
  const rest = text === undefined || at < 0 ? '' : text.slice(at + mark.length);
  return rest === '' ? undefined : rest;
}
