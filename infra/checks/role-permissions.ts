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

const documentSchema = z.object({
  Statement: z.union([z.array(statementSchema), statementSchema.transform((one) => [one])]),
});
const inlineSchema = z.array(z.object({ PolicyDocument: z.unknown() })).default([]);

/**
 * What the template gives to the role of this name, on every way that CloudFormation knows: its own policies, those that
 * name it, and the managed ones. Throws where one is attached whose text the template does not hold, for nobody could then
 * say what the role may do.
 */
export function permissionsOf(template: object, roleName: string): readonly Statement[] {
  const resources = Object.entries(templateSchema.parse(template).Resources);
  const roles = resources.filter(([, { Properties }]) => Properties.RoleName === roleName);
  const [first] = roles;
  if (first === undefined || roles.length > 1) throw new Error(`${roles.length} roles are named ${roleName}`);
  const [id, role] = first;
  const isTheRole = (value: unknown) => [`<${id}>`, roleName].includes(readable(value));
  const attached = z.array(z.unknown()).default([]).parse(role.Properties.ManagedPolicyArns).map(readable);
  const foreign = attached.filter(
    (arn) => !resources.some(([policyId, { Type }]) => Type === 'AWS::IAM::ManagedPolicy' && arn === `<${policyId}>`),
  );
  if (foreign.length > 0) throw new Error(`${roleName} has ${foreign.join()}, whose text is not in the template`);

  const documents = resources.flatMap(([policyId, { Type, Properties }]): readonly unknown[] => {
    const names = [Properties.Roles ?? []].flat();
    switch (Type) {
      case 'AWS::IAM::Policy':
        return names.some(isTheRole) ? [Properties.PolicyDocument] : [];
      case 'AWS::IAM::ManagedPolicy':
        return names.some(isTheRole) || attached.includes(`<${policyId}>`) ? [Properties.PolicyDocument] : [];
      case 'AWS::IAM::RolePolicy':
        return isTheRole(Properties.RoleName) ? [Properties.PolicyDocument] : [];
      default:
        return [];
    }
  });
  const inline = inlineSchema.parse(role.Properties.Policies).map(({ PolicyDocument }) => PolicyDocument);
  return [...inline, ...documents]
    .flatMap((document) => documentSchema.parse(document).Statement)
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
