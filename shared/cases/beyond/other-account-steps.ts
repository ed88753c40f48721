import type { Principal } from '../../access/principal.ts';
import { commandWord } from './command-word.ts';
import { resourcePolicySteps } from './resource-steps.ts';

/** The caller's IAM is out of reach; what lets it in here is not. */
export function otherAccountSteps(account: string, resourceArn: string | undefined): readonly string[] {
  return [
    ...closeHere(account, resourceArn),
    `Tell the owner of account ${commandWord(account, 'ACCOUNT-ID')}; if nobody of yours knows it, report it to AWS as abuse, with the records of the case.`,
  ];
}

/** Somebody of another account, named by the record: what its own account does, and what is done here. */
export function foreignSteps(
  principal: Extract<Principal, { kind: 'user' | 'federated-user' | 'role-session' }>,
  resourceArn: string | undefined,
): readonly string[] {
  return [...inItsAccount(principal), ...closeHere(principal.account, resourceArn)];
}

function inItsAccount(
  principal: Extract<Principal, { kind: 'user' | 'federated-user' | 'role-session' }>,
): readonly string[] {
  const id = commandWord(principal.account, 'ACCOUNT-ID');
  if (principal.kind === 'role-session') {
    const role = commandWord(principal.roleName, 'ROLE-NAME');
    return [
      `In account ${id}, open IAM / Roles / ${role} / Revoke sessions in the console, and revoke them.`,
      `Or there: aws iam put-role-policy --role-name ${role} --policy-name AWSRevokeOlderSessions --policy-document '${JSON.stringify(REVOKE_OLDER)}'`,
    ];
  }
  const userName = principal.kind === 'user' ? principal.userName : principal.issuerName;
  const user = commandWord(userName, 'USER-NAME');
  // The key of a federated or temporary session cannot be switched off.
  const key = principal.accessKeyId?.startsWith('AKIA') === true ? principal.accessKeyId : undefined;
  return [
    `In account ${id}, deny it everything: aws iam attach-user-policy --user-name ${user} --policy-arn arn:aws:iam::aws:policy/AWSDenyAll`,
    `There, switch its keys off, each of: aws iam list-access-keys --user-name ${user} && aws iam update-access-key --user-name ${user} --status Inactive --access-key-id ${commandWord(key, 'KEY-ID')}`,
  ];
}

function closeHere(account: string, resourceArn: string | undefined): readonly string[] {
  const id = commandWord(account, 'ACCOUNT-ID');
  return [
    `List the roles here that let account ${id} in, and take it out of their trust, in the console under IAM / Roles / Trust relationships: aws iam list-roles --query "Roles[?contains(to_string(AssumeRolePolicyDocument),'${id}')].[RoleName]" --output text`,
    ...resourcePolicySteps(resourceArn),
  ];
}

const REVOKE_OLDER = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { DateLessThan: { 'aws:TokenIssueTime': 'UTC-TIME-NOW' } },
    },
  ],
};
