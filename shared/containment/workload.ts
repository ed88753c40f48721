import { commandWord } from '../cases/beyond/command-word.ts';
import type { Residual } from '../cases/outcome.ts';
import type { Subject } from '../cases/subject.ts';
import { isJsonObject } from '../json.ts';
import { member, statementsOf, textsOf } from './privileged.ts';

/** Services that may assume a role, and whether nobody else may. Conditions and denies are not weighed. */
export type TrustedServices = { readonly services: readonly string[]; readonly alone: boolean };

export function trustedServices(trust: string): TrustedServices {
  const principals = statementsOf(trust)
    .filter((one) => textsOf(member(one, 'Effect')).some((text) => text.toLowerCase() === 'allow'))
    .map((one) => member(one, 'Principal'));
  const services = principals.flatMap((one) => (isJsonObject(one) ? textsOf(member(one, 'Service')) : []));
  const alone = principals.every(
    (one) => isJsonObject(one) && Object.keys(one).every((name) => name.toLowerCase() === 'service'),
  );
  return { services: [...new Set(services)], alone: services.length > 0 && alone };
}

/**
 * The services whose work runs with the role, or in the session. A session is taken for a workload's where only services
 * may open one, or where it bears the id of an instance, which EC2 gives it.
 */
export function workloadOf(subject: Subject, trust: string): readonly string[] {
  if (subject.kind !== 'role' && subject.kind !== 'session') return [];
  const { services, alone } = trustedServices(trust);
  const name = subject.kind === 'session' ? subject.sessionName : undefined;
  if (name !== undefined && !alone && !/^i-[0-9a-f]{8,17}$/.test(name)) return [];
  return services;
}

/** What stops working: these services are refused with the credentials that they hold. */
export function workloadResidual(subject: Subject, services: readonly string[]): readonly Residual[] {
  if (subject.kind !== 'role' && subject.kind !== 'session') return [];
  const shown = services.slice(0, SERVICES_SHOWN);
  return shown.map((service) => ({
    what: `what runs with the role in ${service} is refused until its credentials are renewed, for up to 6 hours`,
    humanStep: renewal(service, subject.roleName, subject.arn),
  }));
}

const SERVICES_SHOWN = 3;

function renewal(service: string, roleName: string, roleArn: string): string {
  const role = commandWord(roleName, 'ROLE-NAME');
  switch (service.split('.')[0]) {
    case 'ec2':
      return `Stop and start the instances, or give them a new profile with aws ec2 replace-iam-instance-profile-association. Their profiles: aws iam list-instance-profiles-for-role --role-name ${role}`;
    case 'lambda':
      return `Change each function, if only its description, with aws lambda update-function-configuration: aws lambda list-functions --query "Functions[?Role=='${commandWord(roleArn, 'ROLE-ARN')}'].[FunctionName]" --output text`;
    case 'ecs-tasks':
      return 'Deploy each service that runs with it anew: aws ecs update-service --cluster CLUSTER --service SERVICE --force-new-deployment';
    default:
      return `Start anew what runs with it there. When it was last used, and in which region: aws iam get-role --role-name ${role}`;
  }
}
