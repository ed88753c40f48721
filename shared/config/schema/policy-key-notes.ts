import { PLAYBOOKS } from '../../containment/playbooks.ts';
import type { JsonObject } from '../../json.ts';
import { formatDuration } from '../duration.ts';
import { LEAST_SETTLE_SECONDS, POLICY_DEFAULTS } from '../policy-defaults.ts';

/** What a duration looks like in text; `parseDuration` reads it. */
const DURATION: JsonObject = {
  type: 'string',
  pattern: '^\\s*[0-9]{1,9} ?[smhd]\\s*$',
  examples: ['30 s', '15 m', '36 h', '30 d'],
};
const REGION: JsonObject = { pattern: '^[a-z]{2,3}(-[a-z]+)+-[0-9]{1,2}$', examples: ['us-east-1', 'eu-central-1'] };

const duration = (seconds: number, description: string): JsonObject => ({
  ...DURATION,
  default: formatDuration(seconds),
  description: `${description} A whole number and s, m, h or d; at most 365 d.`,
});

const subscriptions = (description: string): JsonObject => ({ description, uniqueItems: true });
const ENDPOINT: JsonObject = {
  type: 'string',
  minLength: 1,
  description:
    'What the protocol needs: an e-mail address, a number in E.164, an address that begins with http:// or https://, the ARN of a queue or a function. Checked at synth.',
};
const PROTOCOL: JsonObject = { description: 'How it is sent: a protocol of Amazon SNS.' };

/**
 * What the schema library cannot say of a key because it is checked by a function: its form, where a pattern expresses it,
 * and its meaning, for editors to show. By path, `*` for the items of a list. Whatever is not expressed here is left
 * open: an editor must never refuse what `cdk synth` accepts.
 */
export const POLICY_KEY_NOTES: Readonly<Record<string, JsonObject>> = {
  version: { description: 'Version of this format: 1.' },
  'home-region': { ...REGION, description: "Where Rescind runs. IAM's events exist only in us-east-1." },
  mode: { description: 'Upper limit of what rules may do: observe changes nothing, approve asks first, enforce acts.' },
  protected: {
    uniqueItems: true,
    description: 'ARNs of users, roles and root that are never touched. Needed in the modes approve and enforce.',
  },
  'protected.*': {
    type: 'string',
    pattern: '^arn:[^:]+:iam::([0-9]{12}|\\*):((user|role)/.+|root)$',
    examples: ['arn:aws:iam::*:role/BreakGlass*'],
    description: '`*` stands for any characters; a session is protected by its role.',
  },
  breaker: { description: 'After so many subjects in the window nothing is contained until a person closes it.' },
  'breaker.subjects': { description: 'Subjects that may be contained in the window.' },
  'breaker.window': duration(POLICY_DEFAULTS.breakerWindowSeconds, 'The sliding window.'),
  timing: { description: 'How long things are watched and held.' },
  'timing.settle': duration(
    POLICY_DEFAULTS.settleSeconds,
    `A containment must have stood this long, at least ${formatDuration(LEAST_SETTLE_SECONDS)} on AWS.`,
  ),
  'timing.session-margin': duration(
    POLICY_DEFAULTS.sessionMarginSeconds,
    'Sessions issued until this long after the deny are cut off too.',
  ),
  'timing.hold-user': duration(
    POLICY_DEFAULTS.holdUserSeconds,
    `Nothing is given back to a user before, at least ${formatDuration(POLICY_DEFAULTS.holdUserSeconds)} on AWS.`,
  ),
  'timing.hold-session': duration(
    POLICY_DEFAULTS.holdSessionSeconds,
    `Nothing is given back to a role before, at least ${formatDuration(POLICY_DEFAULTS.holdSessionSeconds)} on AWS.`,
  ),
  rules: { minItems: 1, uniqueItems: true, description: 'Folders of Sigma rules, relative to this file.' },
  'rules.*': { minLength: 1, description: 'A folder that exists, with forward slashes, inside the project.' },
  responses: { description: 'How rules are answered; the first response that matches wins.' },
  'responses.*': {
    anyOf: [{ required: ['playbook'] }, { required: ['mode'] }],
    description: 'A playbook, a mode or both.',
  },
  'responses.*.when': { description: 'All of these must hold; none holds for every rule.' },
  'responses.*.when.id': { minLength: 1, description: 'The id of a rule.' },
  'responses.*.when.level': { description: 'The level of the rule.' },
  'responses.*.when.tag': { minLength: 1, description: 'A tag of the rule such as attack.persistence.' },
  'responses.*.when.technique': {
    pattern: '^[Tt][0-9]{4}(\\.[0-9]{3})?$',
    examples: ['T1098', 'T1098.003'],
    description: 'An ATT&CK technique; T1098 includes T1098.003.',
  },
  'responses.*.when.path': { minLength: 1, description: 'A folder or a file of rules such as rules/identity.' },
  'responses.*.playbook': {
    enum: [...PLAYBOOKS],
    description: 'The playbook of rules that name none.',
  },
  'responses.*.mode': { description: 'Holds these rules back; never beyond the mode above.' },
  approval: { description: 'How people are asked in mode approve.' },
  'approval.timeout': duration(
    POLICY_DEFAULTS.approvalTimeoutSeconds,
    'When nobody answers in this time, nothing is changed and the case waits for a person.',
  ),
  alerts: { description: 'Who is told.' },
  'alerts.zone': { description: 'The IANA time zone in which alerts tell the time, such as Europe/Zurich.' },
  'alerts.page': subscriptions('What should wake somebody.'),
  'alerts.page.*': { description: 'One subscriber.' },
  'alerts.page.*.protocol': PROTOCOL,
  'alerts.page.*.endpoint': ENDPOINT,
  'alerts.information': subscriptions('What can be read in the morning.'),
  'alerts.information.*': { description: 'One subscriber.' },
  'alerts.information.*.protocol': PROTOCOL,
  'alerts.information.*.endpoint': ENDPOINT,
  accounts: { uniqueItems: true, description: 'Accounts that are watched; none: the one that Rescind is deployed to.' },
  'accounts.*': { type: 'string', pattern: '^[0-9]{12}$', description: '12 digits in quotes.' },
  regions: { uniqueItems: true, description: 'Regions that are watched; none: the home region.' },
  'regions.*': { ...REGION, description: 'A region.' },
};
