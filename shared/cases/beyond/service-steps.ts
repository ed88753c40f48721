import { commandWord, lookUp } from './command-word.ts';

/** A service has no credentials that somebody could take back: who configured it has. */
export function serviceSteps(service: string, eventId?: string): readonly string[] {
  return [
    ...(eventId === undefined ? [] : [`Read the whole record: ${lookUp('EventId', eventId, 'EVENT-ID')}`]),
    `Find out who configured it, in the console under CloudTrail / Event history with "Event source" ${service}: ${lookUp('EventSource', service, 'SERVICE-NAME')}`,
    'Contain whoever made those calls: npx rescind contain PRINCIPAL-ARN --enforce',
    'In the console of the service, stop or delete what makes it act: the rule, the function, the pipeline or the schedule.',
  ];
}

/**
 * Policies and trust of such a role belong to AWS.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
 */
export function serviceLinkedSteps(roleName: string, roleArn?: string): readonly string[] {
  const name = commandWord(roleName, 'ROLE-NAME');
  const service = /:role\/aws-service-role\/([^/]+)\//.exec(roleArn ?? '')?.[1];
  return [
    `See which service may use it, in the console under IAM / Roles / ${name} / Trust relationships: aws iam get-role --role-name ${name}`,
    `Find out who configured that service: ${lookUp('EventSource', service, 'SERVICE-NAME')}`,
    'Contain whoever made those calls: npx rescind contain PRINCIPAL-ARN --enforce',
    `If the service is not wanted here, delete what it manages, then the role; IAM refuses while it is in use: aws iam delete-service-linked-role --role-name ${name}`,
  ];
}
