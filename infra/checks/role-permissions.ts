import { z } from 'zod';

const many = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const statementSchema = z.object({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: many.optional(),
  NotAction: many.optional(),
  Resource: z.unknown(),
  Condition: z.unknown().optional(),
});
export const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
});

export type Statement = Omit<z.infer<typeof statementSchema>, 'Resource'> & { readonly resources: readonly string[] };

/** Names of all roles that the template makes. */
export function roleNamesOf(template: object): readonly string[] {
  return Object.values(templateSchema.parse(template).Resources)
    .filter(({ Type }) => Type === 'AWS::IAM::Role')
    .map(({ Properties }) => z.string().parse(Properties.RoleName));
}

/** What the template gives to the role of this name: its own policies, and the managed ones attached to it. */
export function permissionsOf(template: object, roleName: string): readonly Statement[] {
  const resources = Object.entries(templateSchema.parse(template).Resources);
  const roles = resources.filter(([, { Properties }]) => Properties.RoleName === roleName);
  if (roles.length !== 1) throw new Error(`${roles.length} roles are named ${roleName}`);
  const [id = '', role] = roles[0] ?? [];
  const attached = JSON.stringify(role?.Properties.ManagedPolicyArns ?? []);
  return resources
    .filter(([policyId, { Type, Properties }]) =>
      Type === 'AWS::IAM::Policy'
        ? JSON.stringify(Properties.Roles).includes(`"${id}"`)
        : Type === 'AWS::IAM::ManagedPolicy' && attached.includes(`"${policyId}"`),
    )
    .flatMap(
      ([, { Properties }]) =>
        z.object({ Statement: z.array(statementSchema) }).parse(Properties.PolicyDocument).Statement,
    )
    .map(({ Resource, ...statement }) => ({ ...statement, resources: [Resource].flat().map(readable) }));
}

/** Actions that some statement allows. */
export function allowedActions(statements: readonly Statement[]): readonly string[] {
  return statements.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action = [] }) => Action);
}

/** `arn:<AWS::Partition>:iam::…`: intrinsic functions as one line of text. */
export function readable(value: unknown): string {
  if (typeof value === 'string') return value;
  const join = z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) }).safeParse(value);
  if (join.success) return join.data['Fn::Join'][1].map(readable).join(join.data['Fn::Join'][0]);
  const ref = z.object({ Ref: z.string() }).safeParse(value);
  if (ref.success) return `<${ref.data.Ref}>`;
  const attribute = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }).safeParse(value);
  if (attribute.success) return `<${attribute.data['Fn::GetAtt'].join('.')}>`;
  throw new Error(`not readable: ${JSON.stringify(value)}`);
}
