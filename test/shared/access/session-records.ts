import { aRecord } from './an-event.ts';

const ACCOUNT = '111122223333';
const time = (minute: number): string =>
  new Date(Date.UTC(2026, 10, 20, 2, minute)).toISOString().replace('.000Z', 'Z');

export const BOB = {
  type: 'IAMUser',
  principalId: 'AIDABOB',
  arn: `arn:aws:iam::${ACCOUNT}:user/bob`,
  accountId: ACCOUNT,
  accessKeyId: 'AKIABOB',
  userName: 'bob',
};

/** Carol signs in at Identity Center: the one record that tells the name behind her id. */
export const SIGN_IN = aRecord({
  eventID: 'sign-in',
  userIdentity: { type: 'IdentityCenterUser', accountId: ACCOUNT, onBehalfOf: { userId: 'u-1' } },
  eventSource: 'signin.amazonaws.com',
  eventName: 'UserAuthentication',
  requestParameters: null,
  additionalEventData: { UserName: 'carol@example.com', CredentialType: 'EXTERNAL_IDP' },
});

/** Another user than alice. */
export const MALLORY = {
  type: 'IAMUser',
  principalId: 'AIDAMALLORY',
  arn: 'arn:aws:iam::111122223333:user/mallory',
  accountId: '111122223333',
  accessKeyId: 'AKIAMALLORY',
  userName: 'mallory',
};

/** A session of a role as its own calls name it; `minute` after two o'clock it was issued. */
export type Session = {
  readonly role: string;
  /** Of the role; that of Identity Center's where its name is like theirs, unless told otherwise. */
  readonly path?: string;
  readonly name: string;
  readonly key: string;
  readonly minute: number;
  readonly sourceIdentity?: string;
};

function roleArnOf({
  role,
  path = role.startsWith('AWSReservedSSO_') ? 'aws-reserved/sso.amazonaws.com/' : '',
}: Session): string {
  return `arn:aws:iam::${ACCOUNT}:role/${path}${role}`;
}

export function identityOf(session: Session): object {
  const { role, name, key, minute, sourceIdentity } = session;
  return {
    type: 'AssumedRole',
    principalId: `AROA${role.toUpperCase()}:${name}`,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${name}`,
    accountId: ACCOUNT,
    accessKeyId: key,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: `AROA${role.toUpperCase()}`,
        arn: roleArnOf(session),
        accountId: ACCOUNT,
        userName: role,
      },
      attributes: { creationDate: time(minute), mfaAuthenticated: 'true' },
      ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    },
  };
}

/** The call that issues a session. Who asked: alice with her long-term key, unless told otherwise. */
export function issueOf(session: Session, fields: object = {}): object {
  const { role, name, key, minute } = session;
  return aRecord({
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    eventTime: time(minute),
    eventID: `issue-${key}`,
    requestParameters: { roleArn: roleArnOf(session), roleSessionName: name },
    responseElements: {
      credentials: { accessKeyId: key, expiration: 'Nov 20, 2026, 3:14:07 AM', sessionToken: 'secret' },
      assumedRoleUser: {
        assumedRoleId: `AROA${role.toUpperCase()}:${name}`,
        arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${name}`,
      },
    },
    ...fields,
  });
}

/** A secret read in a session. */
export function readIn(session: Session, secretId: string, minute: number): object {
  return aRecord({
    userIdentity: identityOf(session),
    requestParameters: { secretId },
    eventTime: time(minute),
    eventID: `read-${session.key}-${secretId}`,
  });
}
