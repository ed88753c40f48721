import { z } from 'zod';
import { PLAYBOOKS } from '../../containment/playbooks.ts';
import { isJsonObject, type JsonObject } from '../../json.ts';
import { policySchema } from '../policy-schema.ts';
import { POLICY_KEY_NOTES } from './policy-key-notes.ts';

/** Acting without a protected principal can lock everybody out: the same check as at synth, for editors. */
const PROTECTED_BEFORE_ACTING: JsonObject = {
  if: { properties: { mode: { enum: ['approve', 'enforce'] } }, required: ['mode'] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { properties: { protected: { minItems: 1 } }, required: ['protected'] },
};

/**
 * JSON Schema (draft 2020-12) of `rescind.yaml`, made from the schema that reads it. `unused` names notes for which there
 * is no key, and `undescribed` keys that have no note.
 */
export function policyJsonSchema(): {
  readonly schema: JsonObject;
  readonly unused: readonly string[];
  readonly undescribed: readonly string[];
} {
  const made: unknown = z.toJSONSchema(policySchema({ playbooks: PLAYBOOKS }), {
    target: 'draft-2020-12',
    io: 'input',
    unrepresentable: 'any',
  });
  const met = new Set<string>();
  const undescribed: string[] = [];
  const annotate = (node: unknown, path: string): JsonObject => {
    const note = Object.hasOwn(POLICY_KEY_NOTES, path) ? POLICY_KEY_NOTES[path] : undefined;
    if (note !== undefined) met.add(path);
    else if (path !== '') undescribed.push(path);
    const { maximum, default: fallback, ...own }: JsonObject = isJsonObject(node) ? node : {};
    const under = (key: string): string => (path === '' ? key : `${path}.${key}`);
    return {
      ...own,
      // The largest number that JSON holds is no limit of ours.
      ...(maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? {} : { maximum }),
      // An empty map as a default only means that the map may be left out.
      ...(fallback === undefined || isJsonObject(fallback) ? {} : { default: fallback }),
      ...(isJsonObject(own.properties)
        ? {
            properties: Object.fromEntries(
              Object.entries(own.properties).map(([key, value]) => [key, annotate(value, under(key))]),
            ),
          }
        : {}),
      // Names of the operator's own.
      ...(isJsonObject(own.additionalProperties)
        ? { additionalProperties: annotate(own.additionalProperties, under('*')) }
        : {}),
      ...(own.items === undefined ? {} : { items: annotate(own.items, under('*')) }),
      ...note,
    };
  };
  const { $schema, ...body } = annotate(made, '');
  return {
    schema: {
      $schema,
      title: 'rescind.yaml',
      description:
        'What Rescind may do. `cdk synth` checks more than an editor can, and names each mistake with its line.',
      ...body,
      allOf: [PROTECTED_BEFORE_ACTING],
    },
    unused: Object.keys(POLICY_KEY_NOTES).filter((path) => !met.has(path)),
    undescribed,
  };
}
