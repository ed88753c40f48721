import { z } from 'zod';
import { CASE_IN_LINK } from '../alerts/ticket.ts';
import { LEVELS } from '../rules/rule.ts';
import { listValues, type ReadList } from './list-schema.ts';
import { nearest } from './nearest.ts';
import { NOT_BUILT } from './not-built.ts';
import { MODES, type Policy, type Response, SUBSCRIPTION_PROTOCOLS } from './policy.ts';
import {
  BUSINESS_HOURS,
  POLICY_DEFAULTS as DEFAULT,
  DEFAULT_SCHEDULE,
  LEAST_SETTLE_SECONDS,
  LONGEST_LOCK_SECONDS,
  SHORTEST_LOCK_SECONDS,
} from './policy-defaults.ts';
import { duration, list, named, section, text, textOf, timeZone, wholeNumber, word } from './policy-fields.ts';
import { protectedPatternProblem } from './protected-pattern.ts';
import { recordScope } from './record-schema.ts';
import { changeWindow, schedule } from './schedule-schema.ts';
import { apart, resourcesOrTags } from './tag-choice.ts';

/** What the policy is checked against and does not say itself. */
export type PolicyFacts = {
  /** Playbooks that exist. */
  readonly playbooks: readonly string[];
  /** Says whether a folder of rules exists (a Set does); without it, folders are not looked for. */
  readonly ruleFolders?: { has(folder: string): boolean };
  /** Reads the file of a list; without it, no such file exists. */
  readonly readList?: ReadList;
  /** For an embedded AWS, never for AWS itself: short times are allowed there. */
  readonly local?: boolean;
};

const region = text('a region such as eu-central-1', (value) =>
  /^[a-z]{2,3}(-[a-z]+)+-\d{1,2}$/.test(value) ? undefined : `${value} is not a region: write e.g. eu-central-1`,
);

const account = textOf((value) => {
  if (typeof value === 'string' && /^\d{12}$/.test(value)) return undefined;
  return typeof value === 'number'
    ? `is a number, and numbers lose their leading zeros: write it in quotes, "${String(value).padStart(12, '0')}"`
    : 'is not an account id: write its 12 digits in quotes, e.g. "123456789012"';
});

const protectedPattern = textOf(protectedPatternProblem);

const subscription = section({
  protocol: word(SUBSCRIPTION_PROTOCOLS),
  // Whether it fits the protocol is checked across both keys, in policy-checks.ts.
  endpoint: z.unknown(),
}).transform(({ protocol, endpoint }) => ({ protocol, endpoint: String(endpoint) }));

const subscriptions = list(subscription, '- { protocol: email, endpoint: oncall@example.com }');

function response(facts: PolicyFacts) {
  const playbook = text('a playbook such as alert', (value) => {
    if (facts.playbooks.includes(value)) return undefined;
    const meant = nearest(value, facts.playbooks);
    return `${JSON.stringify(value)} is not a playbook: ${meant ? `did you mean ${meant}?` : `write one of ${facts.playbooks.join(', ')}`}`;
  });
  const technique = text('an ATT&CK technique such as T1098', (value) =>
    /^T\d{4}(\.\d{3})?$/i.test(value)
      ? undefined
      : `${JSON.stringify(value)} is not a technique: write e.g. T1098 or T1098.003`,
  );
  const when = section({
    id: text("a rule's id").optional(),
    level: word(LEVELS).optional(),
    tag: text('a tag such as attack.persistence').optional(),
    technique: technique.optional(),
    path: text('a folder or file of rules such as rules/identity').optional(),
  });
  const lock = duration({
    most: LONGEST_LOCK_SECONDS,
    ...(facts.local === true
      ? {}
      : { least: SHORTEST_LOCK_SECONDS, because: 'a shorter lock would end before it was verified' }),
  });
  return section({ when, playbook: playbook.optional(), mode: word(MODES).optional(), for: lock.optional() });
}

function ruleFolder(facts: PolicyFacts) {
  return text('a folder such as rules', (value) => {
    if (/^([/~]|[A-Za-z]:)|\\|(^|\/)\.\.(\/|$)/.test(value)) {
      return `${JSON.stringify(value)} leaves the project: write a folder relative to this file, with forward slashes`;
    }
    return facts.ruleFolders && !facts.ruleFolders.has(value)
      ? `there is no folder ${JSON.stringify(value)}`
      : undefined;
  });
}

const tokenLife = (local: boolean, seconds: number, what: string) =>
  duration(
    local ? {} : { least: seconds, because: `${what} can live that long, and an earlier release would revive it` },
  );

const ticketLink = text('an address with {case} in it, e.g. https://wiki.example.com/cases/{case}', (value) =>
  /^https:\/\/[^\s/]+\/\S*$/.test(value) && value.includes(CASE_IN_LINK)
    ? undefined
    : `${JSON.stringify(value.slice(0, 80))} is not a link to a case: write https:// and ${CASE_IN_LINK} where the id goes`,
);

const DAY_SECONDS = 86_400;

const wholeDays = duration({ least: DAY_SECONDS, because: 'S3 locks for whole days' }).transform((seconds, context) => {
  if (seconds % DAY_SECONDS === 0) return seconds / DAY_SECONDS;
  context.issues.push({ code: 'custom', message: 'must be whole days: S3 locks for no part of one', input: seconds });
  return z.NEVER;
});

/** Both ids are shown by `aws sso-admin list-instances`. */
const identityCenter = section(
  {
    instance: text('instance: arn:aws:sso:::instance/ssoins-1234567890abcdef', (value) =>
      /^arn:aws[a-z-]*:sso:::instance\/(?:sso)?ins-[a-zA-Z0-9.-]{16}$/.test(value)
        ? undefined
        : `${JSON.stringify(value)} is no ARN of an instance: see aws sso-admin list-instances`,
    ),
    store: text('store: d-1234567890', (value) =>
      /^d-[0-9a-f]{10}$/.test(value)
        ? undefined
        : `${JSON.stringify(value)} is no id of an identity store: see aws sso-admin list-instances`,
    ),
    region,
    contain: z.boolean({ error: 'must be true or false' }).default(false),
  },
  NOT_BUILT.identityCenter,
);

/** The text form of the policy as zod sees it, and the policy that comes of it. */
export function policySchema(facts: PolicyFacts) {
  const local = facts.local === true;
  const settle = duration(
    local ? {} : { least: LEAST_SETTLE_SECONDS, because: 'an attacker undoes a change while IAM still spreads it' },
  );
  return section(
    {
      version: z.literal(1, {
        error: ({ input }) => (input === undefined ? 'is missing: write version: 1' : 'must be 1, without quotes'),
      }),
      'home-region': region,
      mode: word(MODES).default(DEFAULT.mode),
      protected: list(protectedPattern, '- arn:aws:iam::*:role/BreakGlass*').default([...DEFAULT.protected]),
      breaker: section({
        subjects: wholeNumber(1, '5').default(DEFAULT.breakerSubjects),
        window: duration().default(DEFAULT.breakerWindowSeconds),
      }).prefault({}),
      timing: section({
        settle: settle.default(DEFAULT.settleSeconds),
        'session-margin': duration().default(DEFAULT.sessionMarginSeconds),
        'hold-user': tokenLife(local, DEFAULT.holdUserSeconds, "a token made with a user's key").default(
          DEFAULT.holdUserSeconds,
        ),
        'hold-session': tokenLife(local, DEFAULT.holdSessionSeconds, 'a session of a role').default(
          DEFAULT.holdSessionSeconds,
        ),
      }).prefault({}),
      rules: list(ruleFolder(facts), '- rules').default([...DEFAULT.rules]),
      responses: list(response(facts), '- { when: { level: critical }, playbook: alert }').default([
        ...DEFAULT.responses,
      ]),
      schedules: named(schedule, 'business-hours: { zone: Europe/Zurich, days: [mon], hours: "08:00-18:00" }').default(
        {},
      ),
      sensitive: resourcesOrTags.default([...DEFAULT.sensitive]),
      lists: named(listValues(facts.readList), 'tor-exits: lists/tor-exits.txt').default({}),
      'change-windows': list(changeWindow(account), '- { name: release 42, from: ..., to: ... }').default([]),
      record: recordScope.prefault({}),
      approval: section({ timeout: duration().default(DEFAULT.approvalTimeoutSeconds) }, NOT_BUILT.approval).prefault(
        {},
      ),
      evidence: section({ lock: wholeDays.optional() }).prefault({}),
      alerts: section(
        {
          zone: timeZone.default(DEFAULT.zone),
          page: subscriptions.default([...DEFAULT.page]),
          information: subscriptions.default([...DEFAULT.information]),
        },
        NOT_BUILT.alerts,
      ).prefault({}),
      guard: section({ 'management-account': account }).optional(),
      'identity-center': identityCenter.optional(),
      tickets: section({
        level: word(LEVELS).default(DEFAULT.ticketLevel),
        topic: subscriptions.default([]),
        link: ticketLink.optional(),
      }).optional(),
      accounts: list(account, '- "123456789012"').default([...DEFAULT.accounts]),
      regions: list(region, '- eu-central-1').default([...DEFAULT.regions]),
    },
    NOT_BUILT.policy,
  );
}

type PolicyText = z.output<ReturnType<typeof policySchema>>;

function responseOf({ when, playbook, mode, for: forSeconds }: PolicyText['responses'][number]): Response {
  const { id, level, tag, technique, path } = when;
  return {
    when: {
      ...(id === undefined ? {} : { id }),
      ...(level === undefined ? {} : { level }),
      ...(tag === undefined ? {} : { tag }),
      ...(technique === undefined ? {} : { technique }),
      ...(path === undefined ? {} : { path }),
    },
    ...(playbook === undefined ? {} : { playbook }),
    ...(mode === undefined ? {} : { mode }),
    ...(forSeconds === undefined ? {} : { forSeconds }),
  };
}

function ticketsOf({ level, topic, link }: NonNullable<PolicyText['tickets']>): NonNullable<Policy['tickets']> {
  return { level, topic, ...(link === undefined ? {} : { link }) };
}

export function policyOf(checked: PolicyText): Policy {
  return {
    version: checked.version,
    homeRegion: checked['home-region'],
    mode: checked.mode,
    protected: checked.protected,
    breaker: { subjects: checked.breaker.subjects, windowSeconds: checked.breaker.window },
    timing: {
      settleSeconds: checked.timing.settle,
      sessionMarginSeconds: checked.timing['session-margin'],
      holdUserSeconds: checked.timing['hold-user'],
      holdSessionSeconds: checked.timing['hold-session'],
    },
    rules: checked.rules,
    responses: checked.responses.map(responseOf),
    schedules: {
      [DEFAULT_SCHEDULE]: { ...BUSINESS_HOURS, zone: checked.alerts.zone },
      ...checked.schedules,
    },
    sensitive: apart(checked.sensitive).patterns,
    sensitiveTags: apart(checked.sensitive).tags,
    lists: checked.lists,
    changeWindows: checked['change-windows'],
    record: checked.record,
    approval: { timeoutSeconds: checked.approval.timeout },
    evidence: checked.evidence.lock === undefined ? {} : { lockDays: checked.evidence.lock },
    alerts: { zone: checked.alerts.zone, page: checked.alerts.page, information: checked.alerts.information },
    ...(checked.guard === undefined ? {} : { guard: { managementAccount: checked.guard['management-account'] } }),
    ...(checked['identity-center'] === undefined
      ? {}
      : {
          identityCenter: {
            instanceArn: checked['identity-center'].instance,
            identityStoreId: checked['identity-center'].store,
            region: checked['identity-center'].region,
            ...(checked['identity-center'].contain ? { contain: true } : {}),
          },
        }),
    ...(checked.tickets === undefined ? {} : { tickets: ticketsOf(checked.tickets) }),
    accounts: checked.accounts,
    regions: checked.regions,
  };
}
