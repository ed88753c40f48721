import type { EmbeddedAws } from '../embedded-aws/start-embedded-aws.ts';

export const ADMINISTRATOR_POLICY = 'arn:aws:iam::aws:policy/AdministratorAccess';

/** Who runs the account: neither the attacker nor Rescind. */
export function operatorConfig({ endpoint, region, account }: EmbeddedAws) {
  return { endpoint, region, credentials: { accessKeyId: account, secretAccessKey: 'embedded' } };
}

/** What AWS answered, where its SDK allows that it does not. */
export function given(value: string | undefined): string {
  if (value === undefined) throw new Error('AWS answered without what was asked for.');
  return value;
}
