import type { AccessEvent } from '../access/access-event.ts';
import { issuedSession } from '../access/issued-session.ts';
import { principalLabel } from '../access/principal.ts';
import { commandWord } from '../cases/beyond/command-word.ts';
import type { Granted } from '../cases/case.ts';
import { requestOf } from '../cases/changed-on.ts';
import { grantedBy } from '../cases/granted.ts';
import { storable } from '../cases/storable.ts';
import { textAt } from '../cloudtrail/text-at.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import type { Lead } from './lead.ts';
import type { ResidueItem } from './residue.ts';

/** How a fresh read tells whether it is still there. */
export type Check =
  | { readonly kind: 'user'; readonly name: string; readonly id: string | undefined }
  | { readonly kind: 'role'; readonly name: string; readonly id: string | undefined }
  | { readonly kind: 'key'; readonly user: string; readonly id: string }
  | { readonly kind: 'attached'; readonly to: 'user' | 'role'; readonly name: string; readonly policyArn: string }
  | { readonly kind: 'inline'; readonly to: 'user' | 'role'; readonly name: string; readonly policy: string }
  | { readonly kind: 'trust'; readonly role: string; readonly document: string }
  | { readonly kind: 'none' };

/** A thing that a call made, before anybody has looked whether it is still there. */
export type Found = Omit<ResidueItem, 'state' | 'own'> & {
  /** Names the thing: what is made twice is one thing. */
  readonly key: string;
  /** On whom it was made. */
  readonly on?: { readonly kind: 'user' | 'role'; readonly name: string };
  readonly check: Check;
};

/** What a call left behind, and who can act by it from then on. */
export type Deed = { readonly found?: Found; readonly opens: readonly Lead[] };

type Made = Pick<Found, 'key' | 'what' | 'contain' | 'on'> & {
  readonly check?: Check;
  readonly opens?: readonly Lead[];
};
type Texts = (name: string) => string | undefined;

/** What the recorded call made that can be used later; nothing for a call that failed. */
export function deedOf(event: AccessEvent): Deed {
  if (event.errorCode !== undefined) return { opens: [] };
  const issued = issuedSession(event);
  if (issued !== undefined) return { opens: [{ kind: 'key', accessKeyId: issued.accessKeyId }] };
  const made = madeBy(event);
  if (made === undefined) return { opens: [] };
  const { opens = [], check = { kind: 'none' }, what, ...rest } = made;
  const granted = grantedBy(event).find(isReleasable);
  return {
    opens,
    found: {
      ...rest,
      what: storable(what, LONGEST_WHAT),
      by: storable(principalLabel(event.principal), LONGEST_NAME),
      at: event.eventTime,
      eventId: storable(event.eventId, LONGEST_NAME),
      check,
      ...(granted === undefined ? {} : { granted }),
    },
  };
}

const LONGEST_WHAT = 300;
const LONGEST_NAME = 200;

/** A release gives back keys and attachments; of the rest it never took anything. */
function isReleasable({ kind }: Granted): boolean {
  return kind === 'access-key-created' || kind === 'policy-attached';
}

function madeBy(event: AccessEvent): Made | undefined {
  const request = requestOf(event);
  const of: Texts = (name) => textAt(request, name);
  const answer = objectAt(event.record, 'responseElements');
  switch (event.eventSource) {
    case 'iam.amazonaws.com':
      return madeInIam(event, of, answer);
    case 'lambda.amazonaws.com':
      return madeInLambda(event, of);
    default:
      return undefined;
  }
}

function madeInIam(event: AccessEvent, of: Texts, answer: JsonObject): Made | undefined {
  const self = event.principal.kind === 'user' ? event.principal.userName : undefined;
  const user = of('userName') ?? self;
  const role = of('roleName');
  const group = of('groupName');
  const word = (text: string | undefined, standIn: string) => commandWord(text, standIn);
  const policyArn = of('policyArn');
  switch (event.eventName) {
    case 'CreateUser': {
      const made = objectAt(answer, 'user');
      const name = textAt(made, 'userName') ?? of('userName');
      const id = textAt(made, 'userId');
      if (name === undefined) return undefined;
      return {
        key: `user ${name}`,
        what: `user ${name}, created`,
        on: { kind: 'user', name },
        contain: containCommand(name, 'USER-NAME'),
        check: { kind: 'user', name, id },
        opens: id === undefined ? [] : [{ kind: 'user', userId: id, userName: name }],
      };
    }
    case 'CreateRole': {
      const made = objectAt(answer, 'role');
      const arn = textAt(made, 'arn');
      if (role === undefined) return undefined;
      return {
        key: `role ${role}`,
        what: `role ${role}, created`,
        on: { kind: 'role', name: role },
        contain: containCommand(arn, 'ROLE-ARN'),
        check: { kind: 'role', name: role, id: textAt(made, 'roleId') },
        opens: arn === undefined ? [] : [{ kind: 'role', arn }],
      };
    }
    case 'CreateAccessKey': {
      const made = objectAt(answer, 'accessKey');
      const id = textAt(made, 'accessKeyId');
      const owner = textAt(made, 'userName') ?? user;
      if (id === undefined || owner === undefined) return undefined;
      return {
        key: `key ${id}`,
        what: `access key ${id} of user ${owner}, created`,
        on: { kind: 'user', name: owner },
        contain: `aws iam update-access-key --user-name ${word(owner, 'USER-NAME')} --access-key-id ${word(id, 'KEY-ID')} --status Inactive`,
        check: { kind: 'key', user: owner, id },
        opens: [{ kind: 'key', accessKeyId: id }],
      };
    }
    case 'UpdateAssumeRolePolicy': {
      const document = of('policyDocument');
      if (role === undefined) return undefined;
      return {
        key: `trust ${role}`,
        what: `trust policy of role ${role}, changed`,
        on: { kind: 'role', name: role },
        // By name: the record of an edit has no ARN, and the account is the reader's own.
        contain: containCommand(role === commandWord(role, '') ? roleArn(event, role) : undefined, 'ROLE-ARN'),
        ...(document === undefined ? {} : { check: { kind: 'trust', role, document } }),
      };
    }
    case 'AttachUserPolicy':
    case 'AttachRolePolicy': {
      const to = event.eventName === 'AttachUserPolicy' ? 'user' : 'role';
      const name = to === 'user' ? user : role;
      if (name === undefined || policyArn === undefined) return undefined;
      return {
        key: `attached ${to} ${name} ${policyArn}`,
        what: `policy ${policyArn} on ${to} ${name}, attached`,
        on: { kind: to, name },
        contain: `aws iam detach-${to}-policy --${to}-name ${word(name, 'NAME')} --policy-arn ${word(policyArn, 'POLICY-ARN')}`,
        check: { kind: 'attached', to, name, policyArn },
      };
    }
    case 'PutUserPolicy':
    case 'PutRolePolicy': {
      const to = event.eventName === 'PutUserPolicy' ? 'user' : 'role';
      const name = to === 'user' ? user : role;
      const policy = of('policyName');
      if (name === undefined || policy === undefined) return undefined;
      return {
        key: `inline ${to} ${name} ${policy}`,
        what: `inline policy ${policy} of ${to} ${name}, written`,
        on: { kind: to, name },
        contain: `aws iam delete-${to}-policy --${to}-name ${word(name, 'NAME')} --policy-name ${word(policy, 'POLICY-NAME')}`,
        check: { kind: 'inline', to, name, policy },
      };
    }
    case 'AttachGroupPolicy':
      return group === undefined || policyArn === undefined
        ? undefined
        : {
            key: `attached group ${group} ${policyArn}`,
            what: `policy ${policyArn} on group ${group}, attached`,
            contain: `aws iam detach-group-policy --group-name ${word(group, 'GROUP')} --policy-arn ${word(policyArn, 'POLICY-ARN')}`,
          };
    case 'PutGroupPolicy': {
      const policy = of('policyName');
      return group === undefined || policy === undefined
        ? undefined
        : {
            key: `inline group ${group} ${policy}`,
            what: `inline policy ${policy} of group ${group}, written`,
            contain: `aws iam delete-group-policy --group-name ${word(group, 'GROUP')} --policy-name ${word(policy, 'POLICY-NAME')}`,
          };
    }
    case 'AddUserToGroup':
      return group === undefined || user === undefined
        ? undefined
        : {
            key: `member ${user} ${group}`,
            what: `user ${user} in group ${group}, added`,
            on: { kind: 'user', name: user },
            contain: `aws iam remove-user-from-group --group-name ${word(group, 'GROUP')} --user-name ${word(user, 'USER-NAME')}`,
          };
    case 'CreatePolicy': {
      const arn = textAt(objectAt(answer, 'policy'), 'arn');
      return arn === undefined
        ? undefined
        : {
            key: `policy ${arn}`,
            what: `policy ${arn}, created`,
            contain: `aws iam delete-policy --policy-arn ${word(arn, 'POLICY-ARN')}`,
          };
    }
    case 'CreatePolicyVersion':
    case 'SetDefaultPolicyVersion':
      return policyArn === undefined
        ? undefined
        : {
            key: `version ${policyArn}`,
            what: `policy ${policyArn}, another version of it`,
            contain: `aws iam list-policy-versions --policy-arn ${word(policyArn, 'POLICY-ARN')}`,
          };
    case 'CreateLoginProfile':
    case 'UpdateLoginProfile':
      return user === undefined
        ? undefined
        : {
            key: `password ${user}`,
            what: `console password of user ${user}, set`,
            on: { kind: 'user', name: user },
            contain: `aws iam delete-login-profile --user-name ${word(user, 'USER-NAME')}`,
          };
    case 'CreateServiceSpecificCredential':
    case 'UploadSSHPublicKey':
    case 'UploadSigningCertificate':
      return user === undefined
        ? undefined
        : {
            key: `credential ${user} ${event.eventName}`,
            what: `another credential of user ${user} (${event.eventName})`,
            on: { kind: 'user', name: user },
            contain: containCommand(user, 'USER-NAME'),
          };
    case 'CreateOpenIDConnectProvider':
    case 'CreateSAMLProvider':
    case 'UpdateSAMLProvider': {
      const oidc = event.eventName === 'CreateOpenIDConnectProvider';
      const arn = oidc
        ? textAt(answer, 'openIDConnectProviderArn')
        : (textAt(answer, 'sAMLProviderArn') ?? of('sAMLProviderArn'));
      const kind = oidc ? 'open-id-connect' : 'saml';
      return {
        key: `provider ${arn ?? event.eventId}`,
        what: `identity provider ${arn ?? 'without an ARN'}, ${event.eventName === 'UpdateSAMLProvider' ? 'changed' : 'created'}`,
        contain: `aws iam delete-${kind}-provider --${kind}-provider-arn ${word(arn, 'PROVIDER-ARN')}`,
      };
    }
    default:
      return undefined;
  }
}

/** Names of Lambda's calls carry the API's date behind them. */
function madeInLambda({ eventName, region }: AccessEvent, of: Texts): Made | undefined {
  const name = of('functionName');
  if (name === undefined) return undefined;
  const at = `--function-name ${commandWord(name, 'FUNCTION')} --region ${commandWord(region, 'REGION')}`;
  if (/^(Create|Update)FunctionUrlConfig/.test(eventName)) {
    return {
      key: `url ${region} ${name}`,
      what: `function URL of ${name} in ${region}, opened`,
      contain: `aws lambda delete-function-url-config ${at}`,
    };
  }
  if (/^AddPermission/.test(eventName)) {
    const statement = of('statementId');
    return {
      key: `permission ${region} ${name} ${statement}`,
      what: `permission ${statement ?? 'without an id'} of function ${name} in ${region}, added`,
      contain: `aws lambda remove-permission ${at} --statement-id ${commandWord(statement, 'STATEMENT-ID')}`,
    };
  }
  return undefined;
}

function containCommand(principal: string | undefined, standIn: string): string {
  return `npx rescind contain ${commandWord(principal, standIn)} --enforce`;
}

/** Of a role without a path. One with a path is not found by it, and whoever runs the command is told so. */
function roleArn({ account, region }: AccessEvent, name: string): string {
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  return `arn:${partition}:iam::${account}:role/${name}`;
}

function objectAt(object: JsonObject, name: string): JsonObject {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return isJsonObject(value) ? value : {};
}
