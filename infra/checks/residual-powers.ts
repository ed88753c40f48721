/** A permission on the lists of escalation paths that a role needs all the same. */
export type ResidualPower = {
  readonly role: string;
  readonly actions: readonly string[];
  readonly why: string;
  /** What keeps it from being used for anything else. */
  readonly compensation: string;
  /** The tests that show the compensation: file and the name of a test in it. */
  readonly shownBy: readonly { readonly file: string; readonly test: string }[];
};

const OUT_OF_BOUNDS_RULE = {
  file: 'test/rules/own-roles.test.ts',
  test: 'a write that Rescind never makes is told to people, though it is its own',
} as const;
const ONLY_TAKES = { file: 'test/shared/containment/only-takes.test.ts' } as const;
const SEALED = {
  file: 'test/shared/aws/ledger-mac.test.ts',
  test: 'is refused with %s, and the others are not',
} as const;
const REFUSED = {
  file: 'test/shared/containment/restore.test.ts',
  test: 'is listed and left as it is; everything else is given back',
} as const;
const PERMISSION_SET = {
  file: 'test/shared/containment/permission-set.test.ts',
  test: 'gets one statement that denies one user, and is given back byte for byte',
} as const;

/**
 * IAM has no condition on what a document says or on the status that a key gets, so these cannot be made impossible. At
 * most eight, and each compensated; a test holds the list against the policies as they are synthesised.
 */
export const RESIDUAL_POWERS: readonly ResidualPower[] = [
  {
    role: 'Rescind-contain',
    actions: ['iam:PutRolePolicy', 'iam:PutUserPolicy', 'iam:UpdateAssumeRolePolicy'],
    why: 'The deny is written inline for a session, and wherever the quarantine policy cannot be attached; a role, or one login of an identity provider, is kept from opening sessions again by a deny in the trust policy.',
    compensation:
      'It takes a case id and nothing else, and builds documents from fixed templates that only deny; to a trust policy it appends statements that only deny, for everybody or for one login, and changes no other byte. A rule pages when it writes anything else.',
    shownBy: [
      { ...ONLY_TAKES, test: 'writes documents that deny and nothing else' },
      { ...ONLY_TAKES, test: 'adds one statement that denies to a trust policy, and leaves the others as they are' },
      {
        file: 'test/shared/containment/deny-login.test.ts',
        test: 'denies that login and nobody else’s, after the session’s own deny',
      },
      OUT_OF_BOUNDS_RULE,
    ],
  },
  {
    role: 'Rescind-contain',
    actions: ['iam:DetachUserPolicy'],
    why: 'Policies that make an administrator are taken off once the deny is verified.',
    compensation: 'It detaches only policies whose document makes an administrator, from the ledger’s record.',
    shownBy: [{ ...ONLY_TAKES, test: 'detaches what makes an administrator and nothing else' }],
  },
  {
    role: 'Rescind-contain',
    actions: [
      'iam:UpdateAccessKey',
      'iam:UpdateSSHPublicKey',
      'iam:UpdateServiceSpecificCredential',
      'iam:UpdateSigningCertificate',
    ],
    why: 'Credentials are switched off; the same permission switches them on.',
    compensation: 'It only ever sets Inactive. A rule pages when it sets anything else.',
    shownBy: [{ ...ONLY_TAKES, test: 'switches credentials off and never on' }, OUT_OF_BOUNDS_RULE],
  },
  {
    role: 'Rescind-revert',
    actions: [
      'iam:DeleteRolePolicy',
      'iam:DeleteUserPolicy',
      'iam:DetachRolePolicy',
      'iam:DetachUserPolicy',
      'iam:UpdateAccessKey',
      'iam:UpdateAssumeRolePolicy',
      's3:PutAccountPublicAccessBlock',
      's3:PutBucketPublicAccessBlock',
      'sso:PutInlinePolicyToPermissionSet',
    ],
    why: 'What a detected call changed is undone, and what contain does not reach is denied: the policy that it attached or wrote comes off, the key that it created is switched off, the account that it opened a role to is denied in the trust policy, the public access that it opened is blocked; where the policy says so, a user of Identity Center is denied everything in the inline policies of their permission sets.',
    compensation:
      'It takes a case id and nothing else, and undoes only what a record of the case did: it deletes and detaches no policy that denies, only ever sets a key to Inactive, to a trust policy appends one statement that denies, of a public access block only ever switches all on, and to a permission set of the one instance adds one statement that denies one user. That is asked first, always. By `iam:PolicyARN` it cannot take off the quarantine policy. A rule pages when it does anything else, save in a permission set, whose text the rule does not look into.',
    shownBy: [
      { file: 'test/shared/containment/revert.test.ts', test: 'undoes only what the detected calls changed' },
      {
        file: 'test/shared/containment/revert.test.ts',
        test: 'stays where it %s, for it may be what holds somebody',
      },
      PERMISSION_SET,
      {
        file: 'test/shared/cases/person.test.ts',
        test: 'is denied everything in each of their sets and in every account, once a person has approved',
      },
      OUT_OF_BOUNDS_RULE,
    ],
  },
  {
    role: 'Rescind-restore',
    actions: [
      'iam:PutRolePolicy',
      'iam:PutUserPolicy',
      'iam:UpdateAssumeRolePolicy',
      'sso:PutInlinePolicyToPermissionSet',
    ],
    why: 'An inline policy that bore the name of ours before comes back; our statement goes out of a trust policy, and out of the policy of a permission set.',
    compensation:
      'It writes only bytes whose KMS code checks, and cannot make codes; a trust policy, or the policy of a permission set, as it is now, less our statement. A rule pages whenever it writes an inline policy that allows.',
    shownBy: [
      SEALED,
      REFUSED,
      {
        file: 'test/shared/containment/block-trust.test.ts',
        test: 'is taken out of what somebody made of it meanwhile, and nothing else is',
      },
      PERMISSION_SET,
      OUT_OF_BOUNDS_RULE,
    ],
  },
  {
    role: 'Rescind-restore',
    actions: [
      'iam:AttachRolePolicy',
      'iam:AttachUserPolicy',
      'iam:PutRolePermissionsBoundary',
      'iam:PutUserPermissionsBoundary',
      'cloudtrail:StopLogging',
      'ec2:AuthorizeSecurityGroupIngress',
      's3:PutAccountPublicAccessBlock',
      's3:PutBucketPublicAccessBlock',
    ],
    why: 'Policies that contain or revert detached come back; so does the permissions boundary whose place the quarantine took, and, where everything is asked for, what revert undid on a trail, a security group or a public access block.',
    compensation: 'Only what entries say whose KMS code checks. A rule tells of each, to be compared with the release.',
    shownBy: [
      SEALED,
      REFUSED,
      { ...OUT_OF_BOUNDS_RULE, test: 'a policy that a release gives back is told to people' },
      { ...OUT_OF_BOUNDS_RULE, test: '%s %s by revert is told to people, and by restore, which only a release does' },
    ],
  },
  {
    role: 'Rescind-restore',
    actions: [
      'iam:DeleteRolePermissionsBoundary',
      'iam:DeleteRolePolicy',
      'iam:DeleteUserPermissionsBoundary',
      'iam:DeleteUserPolicy',
      'iam:DetachRolePolicy',
      'iam:DetachUserPolicy',
    ],
    why: 'A release takes the deny off. Detach is bound to the quarantine policy by `iam:PolicyARN`, and taking off a boundary by `iam:PermissionsBoundary`.',
    compensation: 'Only for entries whose KMS code checks, and only what is still as Rescind made it.',
    shownBy: [SEALED, { file: REFUSED.file, test: 'our inline policy under somebody’s new text is not overwritten' }],
  },
  {
    role: 'Rescind-restore',
    actions: [
      'iam:UpdateAccessKey',
      'iam:UpdateSSHPublicKey',
      'iam:UpdateServiceSpecificCredential',
      'iam:UpdateSigningCertificate',
    ],
    why: 'Credentials that contain switched off are switched on again.',
    compensation: 'Only those of entries whose KMS code checks, and only if they were active before.',
    shownBy: [SEALED, REFUSED],
  },
];

/** The README's table. */
export function residualPowerTable(powers: readonly ResidualPower[]): string {
  return [
    '| role | may | why | what keeps it in bounds |',
    '|---|---|---|---|',
    ...powers.map(({ role, actions, why, compensation }) => {
      const named = actions.map((action) => `\`${action}\``).join(', ');
      return `| \`${role}\` | ${named} | ${why} | ${compensation} |`;
    }),
  ].join('\n');
}
