import { policyJsonSchema } from '../../config/schema/policy-json-schema.ts';
import { RESOURCE } from '../../config/schema/policy-key-notes.ts';
import { PLAYBOOKS } from '../../containment/playbooks.ts';
import { isJsonObject, type JsonObject } from '../../json.ts';
import { CORRELATION_TYPES } from '../correlation.ts';
import { FIRST_SEEN_PARTS } from '../only/only.ts';
import { LEVELS, SUBJECT_SELECTORS } from '../rule.ts';

const RECORD: JsonObject = { type: 'object', description: 'A CloudTrail record.' };

const policyKeys = policyJsonSchema().schema.properties;
const { schedules, sensitive, lists, 'change-windows': changeWindows } = isJsonObject(policyKeys) ? policyKeys : {};

const GIVEN: JsonObject = {
  type: 'object',
  properties: {
    schedules,
    // No test has an account in which a tag could be looked up.
    sensitive: { ...(isJsonObject(sensitive) ? sensitive : {}), items: RESOURCE },
    lists,
    'change-windows': changeWindows,
    seen: {
      type: 'boolean',
      default: false,
      description: 'Whether what the events bring together was seen before, for first-seen.',
    },
  },
  additionalProperties: false,
  description:
    'What the test takes in place of rescind.yaml, for `only`: with this key the policy is not looked at, and what is left out here is empty.',
};

const NAME: JsonObject = { type: 'string', minLength: 1 };

const ONLY: JsonObject = {
  type: 'object',
  minProperties: 1,
  description: 'What the rule asks beside its detection; all must hold. Names are those of rescind.yaml.',
  properties: {
    outside: {
      anyOf: [NAME, { type: 'array', minItems: 1, items: NAME }],
      examples: ['business-hours'],
      description: 'Not within the approved hours of this schedule; of several, of none of them.',
    },
    'outside-change-window': { const: true, description: 'No announced change covers the event.' },
    sensitive: { const: true, description: 'The event touches a resource that `sensitive` names.' },
    'in-list': {
      type: 'object',
      minProperties: 1,
      propertyNames: { pattern: '^[^.|]+([.][^.|]+)*$' },
      additionalProperties: { type: 'string' },
      examples: [{ sourceIPAddress: 'tor-exits' }],
      description: 'By path in the record the name of the list that has the value, or one of the values, there.',
    },
    'first-seen': {
      anyOf: [{ enum: [...FIRST_SEEN_PARTS] }, { type: 'array', minItems: 1, items: { enum: [...FIRST_SEEN_PARTS] } }],
      examples: [['actor', 'resource']],
      description:
        'Never seen together in the 90 days before. The detection must name its services, and `record` in rescind.yaml keep them.',
    },
  },
  additionalProperties: false,
};

const TEST: JsonObject = {
  type: 'object',
  properties: {
    name: { type: 'string', description: 'What happens, as a sentence.' },
    given: GIVEN,
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
    only: ONLY,
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
