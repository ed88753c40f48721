import { PLAYBOOKS } from '../../containment/playbooks.ts';
import type { JsonObject } from '../../json.ts';
import { CORRELATION_TYPES } from '../correlation.ts';
import { LEVELS, SUBJECT_SELECTORS } from '../rule.ts';

const RECORD: JsonObject = { type: 'object', description: 'A CloudTrail record.' };

const TEST: JsonObject = {
  type: 'object',
  properties: {
    name: { type: 'string', description: 'What happens, as a sentence.' },
    match: { type: 'boolean', description: 'Whether the rule must fire.' },
    event: RECORD,
    events: { type: 'array', minItems: 1, items: RECORD, description: 'Several records in order, for correlations.' },
  },
  required: ['name', 'match'],
  oneOf: [{ required: ['event'] }, { required: ['events'] }],
  additionalProperties: false,
};

const RESCIND: JsonObject = {
  type: 'object',
  description: 'What Rescind adds to Sigma. Other tools ignore this key.',
  properties: {
    subject: {
      enum: [...SUBJECT_SELECTORS],
      default: 'actor',
      description:
        'Whom the case is about: who acted, that session only, or the user, role or resource that was named.',
    },
    respond: {
      type: 'string',
      pattern: '^[a-z][a-z0-9-]*$',
      examples: [...PLAYBOOKS],
      description: `The playbook: ${PLAYBOOKS.join(', ')}. How far it may go stands in rescind.yaml.`,
    },
    needs: { const: 'read-events', description: 'List, Get and Describe calls must be delivered.' },
    tests: { type: 'array', items: TEST, description: 'Run by `rescind rules test`: at least one firing, one silent.' },
  },
  additionalProperties: false,
};

/** Public rules write a lone text where the specification has a list. */
const TEXTS: JsonObject = {
  anyOf: [{ type: ['string', 'number', 'null'] }, { type: 'array', items: { type: ['string', 'number'] } }],
};

/**
 * JSON Schema (draft 2020-12) of one document of a rule file: the `rescind:` key in full, and of Sigma's own keys what the
 * compiler takes from them. Keys that neither knows are allowed, as Sigma allows them.
 */
export function ruleJsonSchema(): JsonObject {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Sigma rule with the key of Rescind',
    description: '`rescind rules check` checks more than an editor can, and names each mistake with its line.',
    type: 'object',
    properties: {
      title: { type: ['string', 'number'], description: 'What happened, for people.' },
      id: { type: ['string', 'number'], description: 'A UUID; two rules never share one.' },
      name: { type: ['string', 'number'], description: 'By which correlations refer to the rule.' },
      description: { type: 'string' },
      level: { enum: [...LEVELS], default: 'medium' },
      tags: { ...TEXTS, description: 'Such as attack.persistence and attack.t1098.001.' },
      falsepositives: TEXTS,
      logsource: {
        type: 'object',
        properties: { product: { type: 'string' }, service: { type: 'string' } },
        required: ['product'],
        description: '{product: aws, service: cloudtrail}',
      },
      detection: { type: 'object', required: ['condition'], description: 'Selections, and the condition over them.' },
      correlation: {
        type: 'object',
        properties: { type: { enum: [...CORRELATION_TYPES] } },
        required: ['type'],
        description: 'Rules that must meet in one group within one time span.',
      },
      filter: { type: 'object', description: 'What other rules leave out.' },
      rescind: RESCIND,
    },
    required: ['title'],
    anyOf: [{ required: ['detection'] }, { required: ['correlation'] }, { required: ['filter'] }],
  };
}
