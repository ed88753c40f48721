import { ticketJsonSchema } from '../../shared/alerts/ticket-json-schema.ts';
import { policyJsonSchema } from '../../shared/config/schema/policy-json-schema.ts';
import type { JsonObject } from '../../shared/json.ts';
import { ruleJsonSchema } from '../../shared/rules/schema/rule-json-schema.ts';

/** The published schemas, as they are committed; paths from the project's folder. */
export function schemaFiles(): readonly { readonly path: string; readonly schema: JsonObject }[] {
  return [
    { path: 'schemas/rescind.schema.json', schema: policyJsonSchema().schema },
    { path: 'schemas/rule.schema.json', schema: ruleJsonSchema() },
    { path: 'schemas/ticket.schema.json', schema: ticketJsonSchema() },
  ];
}
