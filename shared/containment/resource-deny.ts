import { type Arn, parseArn } from '../access/arn.ts';

/** One statement's worth of a deny: every action, on every resource. */
export type ResourceDeny = {
  readonly sid: string;
  readonly action: string;
  readonly resources: readonly string[];
};

/**
 * What takes the access to one resource, or `undefined` where no template knows it. The ARN comes from a record: nothing of
 * it gets through but what the service itself allows in a name, so that no wildcard or policy variable of somebody else's
 * does. `-??????` stands for the random end of a secret's ARN, and `/*` for everything below a parameter's path: those are
 * written by `resourcesOf`.
 */
export function resourceDeny(arn: string): readonly ResourceDeny[] | undefined {
  const parsed = parseArn(arn);
  if (parsed === undefined || parsed.account === 'aws') return undefined;
  const { service, resource } = parsed;
  switch (service) {
    case 'secretsmanager':
      return SECRET.test(resource)
        ? [
            // An ARN may be asked for without its random end, and looks no different from one that has it.
            {
              sid: 'RescindDenySecret',
              action: 'secretsmanager:*',
              resources: arn.endsWith(RANDOM_END) ? [arn] : [arn, arn + RANDOM_END],
            },
            databaseLogins(parsed),
          ]
        : undefined;
    case 'dynamodb': {
      const table = TABLE.exec(resource)?.[0];
      if (table === undefined) return undefined;
      const own = arnOf(parsed, 'dynamodb', table);
      return [{ sid: 'RescindDenyTable', action: 'dynamodb:*', resources: [own, `${own}/*`] }];
    }
    case 's3': {
      const bucket = BUCKET.exec(resource)?.[1];
      if (bucket === undefined || parsed.region !== '' || parsed.account !== '') return undefined;
      const own = arnOf(parsed, 's3', bucket);
      return [{ sid: 'RescindDenyBucket', action: 's3:*', resources: [own, `${own}/*`] }];
    }
    case 'kms':
      return KEY.test(resource) ? [{ sid: 'RescindDenyKey', action: 'kms:*', resources: [arn] }] : undefined;
    case 'ssm':
      return PARAMETER.test(resource)
        ? [
            { sid: 'RescindDenyParameter', action: 'ssm:*', resources: [arn] },
            // By its path a parameter is read even by those to whom it is denied
            // (https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html).
            {
              sid: 'RescindDenyParametersByPath',
              action: 'ssm:GetParametersByPath',
              resources: [arnOf(parsed, 'ssm', 'parameter/*')],
            },
          ]
        : undefined;
    case 'rds':
      return DATABASE.test(resource)
        ? [
            { sid: 'RescindDenyDatabase', action: 'rds:*', resources: [arn] },
            { sid: 'RescindDenyDataApi', action: 'rds-data:*', resources: [arn] },
            databaseLogins(parsed),
          ]
        : undefined;
    default:
      return undefined;
  }
}

/** What the ARN names, for people: `finance/db`, `orders`. */
export function shortNameOf(arn: string): string {
  const resource = parseArn(arn)?.resource ?? arn;
  return resource.replace(/^(?:secret:|table\/|key\/|parameter(?=\/)|db:|cluster:)/, '').replace(/-\?{6}$/, '');
}

/**
 * A login names a database by an id of its own, which neither a secret's nor a database's ARN tells: so it is those of all
 * databases of the account in that region. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html
 */
function databaseLogins(of: Arn): ResourceDeny {
  return {
    sid: 'RescindDenyDatabaseLogin',
    action: 'rds-db:connect',
    resources: [arnOf(of, 'rds-db', 'dbuser:*/*')],
  };
}

function arnOf({ partition, region, account }: Arn, service: string, resource: string): string {
  return `arn:${partition}:${service}:${region}:${account}:${resource}`;
}

const RANDOM_END = '-??????';

// The names that each service allows, from the pages of its CreateSecret, CreateTable, CreateBucket, CreateKey, PutParameter
// and CreateDBInstance.
const SECRET = /^secret:[\w/+=.@-]{1,519}(?:-\?{6})?$/;
const TABLE = /^table\/[\w.-]{3,255}(?=$|\/)/;
const BUCKET = /^([\w.-]{3,255})(?:\/|$)/;
const KEY = /^key\/[A-Za-z0-9-]{1,128}$/;
const PARAMETER = /^parameter\/[\w.\-/]{0,1011}(?:\/\*)?$/;
const DATABASE = /^(?:db|cluster):[A-Za-z0-9-]{1,63}$/;
