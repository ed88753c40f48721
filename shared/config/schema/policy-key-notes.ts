import { isTimed, PLAYBOOKS } from '../../containment/playbooks.ts';
import type { JsonObject } from '../../json.ts';
import { formatDuration } from '../duration.ts';
import {
  LEAST_SETTLE_SECONDS,
  LONGEST_LOCK_SECONDS,
  POLICY_DEFAULTS,
  SHORTEST_LOCK_SECONDS,
} from '../policy-defaults.ts';

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

export const RESOURCE: JsonObject = {
  type: 'string',
  pattern: '^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$',
  examples: ['arn:aws:secretsmanager:*:*:secret:finance/*', 'arn:aws:s3:::finance-*'],
  description: 'An ARN; `*` spans any characters.',
};
const RESOURCE_OR_TAG: JsonObject = {
  anyOf: [
    RESOURCE,
    {
      type: 'object',
      properties: { tag: { type: 'string', pattern: '^[^=]{1,128}(=.{0,256})?$', examples: ['data=finance', 'data'] } },
      required: ['tag'],
      additionalProperties: false,
    },
  ],
  description:
    'An ARN, in which `*` spans any characters, or a tag that the resource bears: key=value, or the key alone.',
};
const PRINCIPAL: JsonObject = {
  type: 'string',
  pattern: '^arn:[^:]+:(iam::[^:]*:((user|role)/.+|root)|sts::[^:]*:assumed-role/[^/]+/.+)$',
  examples: ['arn:aws:iam::*:role/Operations*', 'arn:aws:sts::*:assumed-role/Operations/anna'],
  description: 'The ARN of a user, a role (for all its sessions) or a session; `*` spans any characters.',
};
const HOURS: JsonObject = {
  type: 'string',
  pattern: '^\\s*([01][0-9]|2[0-3]):[0-5][0-9] ?- ?(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)\\s*$',
  examples: ['08:00-18:00', '22:00-06:00', '00:00-24:00'],
};
const DATE = '[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])';
const INSTANT = `${DATE}T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?(Z|[+-][0-2][0-9]:[0-5][0-9])`;
const MOMENT: JsonObject = {
  type: 'string',
  pattern: `^(${DATE}|${INSTANT})$`,
  examples: ['2026-12-24', '2026-12-24T18:00:00+01:00'],
};
const NAMES: JsonObject = { propertyNames: { pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$' } };
const NAME: JsonObject = { minLength: 1 };

/** Who, and what they touch: the same keys of schedules and change windows. */
function whom(path: string, what: string): Readonly<Record<string, JsonObject>> {
  return {
    [`${path}.principals`]: { description: `Whom ${what} is for; none: everybody.` },
    [`${path}.principals.*`]: PRINCIPAL,
    [`${path}.resources`]: { description: `What ${what} is for: all that is touched must be here; none: everything.` },
    [`${path}.resources.*`]: RESOURCE,
  };
}

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
    description:
      'Who is never touched: ARNs of users, roles and root, and users of Identity Center. Needed in the modes approve and enforce. No resource can be protected.',
  },
  'protected.*': {
    type: 'string',
    pattern: '^(arn:[^:]+:iam::([0-9]{12}|\\*):((user|role)/.+|root)|idc:[0-9A-Fa-f-]+)$',
    examples: ['arn:aws:iam::*:role/BreakGlass*', 'idc:906792d3-b0e1-70f8-d7f2-5a0000000001'],
    description:
      '`*` stands for any characters; a session is protected by its role. `idc:` and the id, without a star: a user of Identity Center.',
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
    `Tokens of a user from before a lock stay denied this long, at least ${formatDuration(POLICY_DEFAULTS.holdUserSeconds)} on AWS.`,
  ),
  'timing.hold-session': duration(
    POLICY_DEFAULTS.holdSessionSeconds,
    `Sessions of a role from before a lock stay denied this long, at least ${formatDuration(POLICY_DEFAULTS.holdSessionSeconds)} on AWS.`,
  ),
  rules: { minItems: 1, uniqueItems: true, description: 'Folders of Sigma rules, relative to this file.' },
  'rules.*': { minLength: 1, description: 'A folder that exists, with forward slashes, inside the project.' },
  responses: { default: [], description: 'How rules are answered; the first response that matches wins.' },
  'responses.*': {
    anyOf: [{ required: ['playbook'] }, { required: ['mode'] }, { required: ['for'] }],
    if: { properties: { playbook: { const: 'lock' } }, required: ['playbook'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema; nobody awaits this.
    then: { required: ['for'] },
    else: {
      anyOf: [
        { not: { required: ['playbook'] } },
        { properties: { playbook: { enum: PLAYBOOKS.filter(isTimed) } } },
        { not: { required: ['for'] } },
      ],
    },
    description: 'A playbook, a mode or both; a lock says for how long, and revoke-access may (4 h unless told).',
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
  'responses.*.for': {
    ...DURATION,
    examples: ['4 h', '7 d'],
    description: `How long a lock lasts that this or the rule names: at least ${formatDuration(SHORTEST_LOCK_SECONDS)}, at most ${formatDuration(LONGEST_LOCK_SECONDS)}.`,
  },
  'responses.*.mode': { description: 'Holds these rules back; never beyond the mode above.' },
  schedules: {
    ...NAMES,
    description:
      'Approved hours by name, for `outside` in rules. `business-hours` is there without you: Monday to Friday 08:00-18:00 in the zone of alerts.',
  },
  'schedules.*': { description: 'Hours as they are read off the wall, summer time included.' },
  'schedules.*.zone': { description: 'The IANA time zone of days and hours, such as Europe/Zurich.' },
  'schedules.*.days': { description: 'The days on which the hours begin.' },
  'schedules.*.days.*': { description: 'A day of the week.' },
  'schedules.*.hours': {
    anyOf: [HOURS, { type: 'array', items: HOURS, minItems: 1 }],
    description: 'One range or several; one that does not rise ends on the next day.',
  },
  'schedules.*.holidays': { description: 'Days on which no hours begin.' },
  'schedules.*.holidays.*': { pattern: `^${DATE}$`, examples: ['2026-12-25'], description: 'A day.' },
  'schedules.*.overrides': { description: 'Extra approved time, such as an on-call rota.' },
  'schedules.*.overrides.*': { description: 'Whole days, or from one instant up to another.' },
  'schedules.*.overrides.*.from': { ...MOMENT, description: 'The first day, or an instant with its zone.' },
  'schedules.*.overrides.*.to': { ...MOMENT, description: 'The last day, or an instant with its zone.' },
  'schedules.*.overrides.*.principals': { description: 'Whom it is for; none: everybody whom the schedule is for.' },
  'schedules.*.overrides.*.principals.*': PRINCIPAL,
  ...whom('schedules.*', 'the schedule'),
  sensitive: { uniqueItems: true, description: 'The resources that matter most, for `sensitive: true` in rules.' },
  'sensitive.*': RESOURCE_OR_TAG,
  lists: { ...NAMES, description: 'Values by name, for `in-list` and `|expand` in rules.' },
  'lists.*': {
    anyOf: [
      { type: 'array', items: { type: 'string', minLength: 1 } },
      { type: 'string', minLength: 1 },
    ],
    examples: [['203.0.113.0/24', 'AKIAIOSFODNN7EXAMPLE'], 'lists/tor-exits.txt'],
    description: 'Texts and ranges of addresses, or the path of a text file with one a line and # for comments.',
  },
  'change-windows': { description: 'Announced changes, for `outside-change-window` in rules.' },
  'change-windows.*': {
    oneOf: [{ required: ['from', 'to'] }, { required: ['schedule'] }],
    description: 'From one instant to another, or whenever a schedule holds.',
  },
  'change-windows.*.name': { ...NAME, description: 'What is changed; named where a detection is left out for it.' },
  'change-windows.*.ticket': { ...NAME, description: 'The ticket of the change.' },
  'change-windows.*.from': { pattern: `^${INSTANT}$`, description: 'The first instant, with its zone.' },
  'change-windows.*.to': { pattern: `^${INSTANT}$`, description: 'The instant up to which it lasts, with its zone.' },
  'change-windows.*.schedule': { ...NAME, description: 'The name of a schedule.' },
  'change-windows.*.accounts': { description: 'The accounts in which it is; none: all.' },
  'change-windows.*.accounts.*': { type: 'string', pattern: '^[0-9]{12}$', description: '12 digits in quotes.' },
  ...whom('change-windows.*', 'the change'),
  record: {
    description:
      'What the access record keeps beside sign-ins and assumed roles. A rule with `first-seen` needs its services here.',
  },
  'record.services': { uniqueItems: true, description: 'Every call of these services.' },
  'record.services.*': { minLength: 1, examples: ['secretsmanager', 'kms'], description: 'Its eventSource.' },
  'record.actions': { uniqueItems: true, description: 'Every call of these actions.' },
  'record.actions.*': {
    pattern: '^[^:]+:[A-Za-z][A-Za-z0-9_]*\\*?$',
    examples: ['s3:GetObject', 'dynamodb:Get*'],
    description: 'service:Action.',
  },
  'record.resources': { uniqueItems: true, description: 'Every call that touches one of these.' },
  'record.resources.*': RESOURCE_OR_TAG,
  'record.learning': duration(
    POLICY_DEFAULTS.learningSeconds,
    'From the first record on nothing is told for being seen first, or day one would be noise.',
  ),
  approval: { description: 'How people are asked in mode approve.' },
  'approval.timeout': duration(
    POLICY_DEFAULTS.approvalTimeoutSeconds,
    'When nobody answers in this time, nothing is changed and the case waits for a person.',
  ),
  evidence: { description: 'What is kept of the subject of a case.' },
  'evidence.lock': {
    ...DURATION,
    examples: ['90 d', '365 d'],
    description:
      'No version of it can be deleted for so long, in whole days (S3 Object Lock, governance). None: no lock.',
  },
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
  guard: {
    description:
      "Says that the organisation's guard (cdk deploy with --context guard=true) is attached to this account: contained is then grade A where nobody in the account can undo it.",
  },
  'guard.management-account': {
    type: 'string',
    pattern: '^[0-9]{12}$',
    examples: ['123456789012'],
    description: 'The account that manages the organisation, which no guard reaches. 12 digits in quotes.',
  },
  'identity-center': {
    description:
      'Where users of IAM Identity Center are looked up, so that their cases name real ids. Both ids: aws sso-admin list-instances.',
  },
  'identity-center.instance': {
    type: 'string',
    pattern: '^arn:aws[a-z-]*:sso:::instance/(?:sso)?ins-[a-zA-Z0-9.-]{16}$',
    description: 'ARN of the instance.',
    examples: ['arn:aws:sso:::instance/ssoins-1234567890abcdef'],
  },
  'identity-center.store': {
    type: 'string',
    pattern: '^d-[0-9a-f]{10}$',
    description: 'Id of its identity store.',
    examples: ['d-1234567890'],
  },
  'identity-center.region': { ...REGION, type: 'string', description: 'The region in which it was set up.' },
  'identity-center.contain': {
    description:
      'Whether Rescind may deny a user everything in the inline policies of their permission sets, after a person has approved. Otherwise it changes nothing there.',
  },
  tickets: { description: 'A ticket for each grave case, as JSON (schemas/ticket.schema.json) to a topic of its own.' },
  'tickets.level': { description: 'From which severity of a case on.' },
  'tickets.topic': subscriptions('The bridge that opens tickets.'),
  'tickets.topic.*': { description: 'One subscriber.' },
  'tickets.topic.*.protocol': PROTOCOL,
  'tickets.topic.*.endpoint': ENDPOINT,
  'tickets.link': {
    pattern: '^https://[^\\s/]+/\\S*\\{case\\}\\S*$',
    examples: ['https://wiki.example.com/cases/{case}'],
    description: 'What a ticket links to; {case} becomes the id of the case.',
  },
  accounts: { uniqueItems: true, description: 'Accounts that are watched; none: the one that Rescind is deployed to.' },
  'accounts.*': { type: 'string', pattern: '^[0-9]{12}$', description: '12 digits in quotes.' },
  regions: { uniqueItems: true, description: 'Regions that are watched; none: the home region.' },
  'regions.*': { ...REGION, description: 'A region.' },
};
