import { z } from 'zod';
import { isJsonObject } from '../../shared/json.ts';
import type { Condition } from './condition.ts';
import type { PolicyStatement } from './evaluate-policy.ts';
import { permissionsOf, readable, templateSchema } from './role-permissions.ts';

/** AWS keeps this account for examples in its documentation. */
export const ACCOUNT = '111122223333';
const REGION = 'us-east-1';

/**
 * The policies of a role as AWS will see them: with a partition, an account and ARNs in the place of CloudFormation's
 * references. What has a name in the template has it here; the rest is called as in the template.
 */
export function rolePolicies(template: object, roleName: string): readonly PolicyStatement[] {
  const { Resources } = templateSchema.parse(template);
  const resolve = (text: string) =>
    text
      .replaceAll('<AWS::Partition>', 'aws')
      .replaceAll('<AWS::AccountId>', ACCOUNT)
      .replaceAll('<AWS::Region>', REGION)
      .replace(/<(\w+)(\.Arn)?>/g, (whole, id: string) => {
        const resource = Resources[id];
        return resource === undefined ? whole : arnOf(id, resource);
      });
  return permissionsOf(template, roleName).map(({ resources, Condition: condition, ...statement }) => ({
    ...statement,
    Resource: resources.map(resolve),
    ...(condition === undefined ? {} : { Condition: resolvedCondition(condition, resolve) }),
  }));
}

function resolvedCondition(condition: unknown, resolve: (text: string) => string): Condition {
  const shape = z.record(z.string(), z.record(z.string(), z.unknown())).parse(condition);
  return Object.fromEntries(
    Object.entries(shape).map(([operator, keys]) => [
      operator,
      Object.fromEntries(
        Object.entries(keys).map(([key, values]) => [key, [values].flat().map((value) => resolve(readable(value)))]),
      ),
    ]),
  );
}

type Resource = z.infer<typeof templateSchema>['Resources'][string];

/** Service, and the property that names the resource, of each type that our policies name. */
const ARNS: Readonly<Record<string, { readonly before: string; readonly name: string }>> = {
  'AWS::IAM::ManagedPolicy': { before: `iam::${ACCOUNT}:policy/`, name: 'ManagedPolicyName' },
  'AWS::IAM::Role': { before: `iam::${ACCOUNT}:role/`, name: 'RoleName' },
  'AWS::Lambda::Function': { before: `lambda:${REGION}:${ACCOUNT}:function:`, name: 'FunctionName' },
  'AWS::DynamoDB::Table': { before: `dynamodb:${REGION}:${ACCOUNT}:table/`, name: 'TableName' },
  'AWS::StepFunctions::StateMachine': { before: `states:${REGION}:${ACCOUNT}:stateMachine:`, name: 'StateMachineName' },
  'AWS::SNS::Topic': { before: `sns:${REGION}:${ACCOUNT}:`, name: 'TopicName' },
  'AWS::SQS::Queue': { before: `sqs:${REGION}:${ACCOUNT}:`, name: 'QueueName' },
  'AWS::KMS::Key': { before: `kms:${REGION}:${ACCOUNT}:key/`, name: 'none' },
  'AWS::Logs::LogGroup': { before: `logs:${REGION}:${ACCOUNT}:log-group:`, name: 'LogGroupName' },
};

function arnOf(id: string, { Type, Properties }: Resource): string {
  const known = ARNS[Type];
  if (known === undefined) return id;
  const name = Properties[known.name];
  return `arn:aws:${known.before}${typeof name === 'string' ? name : id}`;
}

/** Whom the role trusts: services by their names, anybody else as written. */
export function trustOf(template: object, roleName: string): readonly string[] {
  const role = Object.values(templateSchema.parse(template).Resources).find(
    ({ Type, Properties }) => Type === 'AWS::IAM::Role' && Properties.RoleName === roleName,
  );
  const document = role?.Properties.AssumeRolePolicyDocument;
  const statements = isJsonObject(document) && Array.isArray(document.Statement) ? document.Statement : [];
  return statements.flatMap((statement: unknown) => {
    const principal = isJsonObject(statement) ? statement.Principal : undefined;
    const service = isJsonObject(principal) ? principal.Service : undefined;
    return typeof service === 'string' ? [service] : [JSON.stringify(principal ?? statement)];
  });
}
