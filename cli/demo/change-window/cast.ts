import type { EmbeddedAws } from '../../embedded-aws/start-embedded-aws.ts';
import type { Credentials } from '../../staging/resolve-identity.ts';
import { type Cast as AdminCast, makeCast as makeAdminCast } from '../admin/cast.ts';
import { type Cast as FinanceCast, makeDeveloper, makeCast as makeFinanceCast } from '../finance/cast.ts';

/** Those of the two other chapters, and one developer more, whom the change does not name. */
export type Cast = {
  readonly finance: FinanceCast;
  readonly admin: AdminCast;
  readonly outsider: { readonly name: string; readonly id: string; readonly key: Credentials };
};

export async function makeCast(aws: EmbeddedAws, suffix: string): Promise<Cast> {
  const [finance, admin] = await Promise.all([makeFinanceCast(aws, suffix), makeAdminCast(aws, suffix)]);
  const name = `nico${suffix}`;
  return { finance, admin, outsider: { name, ...(await makeDeveloper(finance.iam, name, finance.group)) } };
}
