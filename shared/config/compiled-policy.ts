import { hash } from 'node:crypto';
import { canonicalJson } from '../containment/canonical-json.ts';
import type { IdentityCenterPolicy } from '../identity-center/reach.ts';
import { FIRST_SEEN_PARTS, type Only } from '../rules/only/only.ts';
import { type CompiledRule, LEVELS, type RuleHeader, SUBJECT_SELECTORS } from '../rules/rule.ts';
import { type ChangeWindow, type HourRange, type Override, type Schedule, WEEKDAYS } from '../schedules/schedule.ts';
import {
  MODES,
  type Policy,
  type RecordScope,
  type Response,
  SUBSCRIPTION_PROTOCOLS,
  type Subscription,
} from './policy.ts';
import {
  anyText,
  type Check,
  count,
  flag,
  json,
  listOf,
  mapOf,
  natural,
  objectOf,
  oneKind,
  oneOf,
  text,
} from './shape.ts';
import { isTimeZone } from './time-zone.ts';

/** Policy and rules as one JSON asset: made at synth, read at cold start by the functions that judge records. */
export type CompiledPolicy = {
  /** SHA-256 (hex) of the canonical JSON of policy and rules: names what a case was decided with. */
  readonly version: string;
  readonly policy: Policy;
  readonly rules: readonly CompiledRule[];
};

/** The policy alone, for all other functions: reading the rules takes a third of a cold start, and nobody asks them. */
export type PolicyAsset = {
  /** SHA-256 (hex) of the canonical JSON of its content. */
  readonly version: string;
  readonly policy: Policy;
};

/** The asset is damaged or was made by other code. Who loads it falls back to observe, with an alarm. */
export class CompiledPolicyError extends Error {
  override readonly name = 'CompiledPolicyError';
  readonly wrong: readonly string[];

  constructor(wrong: readonly string[]) {
    super(`the compiled policy cannot be used: ${wrong.slice(0, 10).join('; ')}`);
    this.wrong = wrong;
  }
}

type Content = Omit<PolicyAsset, 'version'> | Omit<CompiledPolicy, 'version'>;

function versionOf(content: Content): string {
  return sha256(canonicalJson(content));
}

function sha256(text: string): string {
  return hash('sha256', text);
}

export function compilePolicy(policy: Policy, rules: readonly CompiledRule[]): CompiledPolicy {
  return { version: versionOf({ policy, rules }), policy, rules };
}

export function policyAlone({ policy }: CompiledPolicy): PolicyAsset {
  return { version: versionOf({ policy }), policy };
}

const subscriptions = listOf(objectOf<Subscription>({ protocol: oneOf(SUBSCRIPTION_PROTOCOLS), endpoint: text }, {}));

const response = objectOf<Response>(
  {
    when: objectOf<Response['when']>({}, { id: text, level: oneOf(LEVELS), tag: text, technique: text, path: text }),
  },
  { playbook: text, mode: oneOf(MODES), forSeconds: count },
);

const texts = listOf(text);

const schedule = objectOf<Schedule>(
  {
    zone: text,
    days: listOf(oneOf(WEEKDAYS)),
    hours: listOf(objectOf<HourRange>({ from: natural, to: natural }, {})),
    holidays: texts,
    overrides: listOf(
      objectOf<Override>({ kind: oneOf(['dates', 'instants']), from: text, to: text, principals: texts }, {}),
    ),
    principals: texts,
    resources: texts,
  },
  {},
);

const changeWindow = objectOf<ChangeWindow>(
  {
    name: text,
    accounts: texts,
    principals: texts,
    resources: texts,
    during: oneKind<ChangeWindow['during']>({
      instants: objectOf<Extract<ChangeWindow['during'], { kind: 'instants' }>>(
        { kind: oneOf(['instants']), from: text, to: text },
        {},
      ),
      schedule: objectOf<Extract<ChangeWindow['during'], { kind: 'schedule' }>>(
        { kind: oneOf(['schedule']), schedule: text },
        {},
      ),
    }),
  },
  { ticket: text },
);

const record = objectOf<RecordScope>(
  {
    services: texts,
    actions: listOf(objectOf<RecordScope['actions'][number]>({ source: text, name: text }, {})),
    resources: texts,
    tags: texts,
    learningSeconds: count,
  },
  {},
);

const policyShape: Check<Policy> = objectOf<Policy>(
  {
    version: oneOf([1]),
    homeRegion: text,
    mode: oneOf(MODES),
    protected: listOf(text),
    breaker: objectOf<Policy['breaker']>({ subjects: count, windowSeconds: count }, {}),
    timing: objectOf<Policy['timing']>(
      { settleSeconds: count, sessionMarginSeconds: count, holdUserSeconds: count, holdSessionSeconds: count },
      {},
    ),
    rules: listOf(text),
    responses: listOf(response),
    schedules: mapOf(schedule),
    sensitive: texts,
    sensitiveTags: texts,
    lists: mapOf(texts),
    changeWindows: listOf(changeWindow),
    record,
    approval: objectOf<Policy['approval']>({ timeoutSeconds: count }, {}),
    evidence: objectOf<Policy['evidence']>({}, { lockDays: count }),
    alerts: objectOf<Policy['alerts']>({ zone: text, page: subscriptions, information: subscriptions }, {}),
    accounts: listOf(text),
    regions: listOf(text),
  },
  {
    guard: objectOf<NonNullable<Policy['guard']>>({ managementAccount: text }, {}),
    identityCenter: objectOf<IdentityCenterPolicy>(
      { instanceArn: text, identityStoreId: text, region: text },
      { contain: flag },
    ),
    tickets: objectOf<NonNullable<Policy['tickets']>>({ level: oneOf(LEVELS), topic: subscriptions }, { link: text }),
  },
);

const header: Check<RuleHeader> = objectOf<RuleHeader>(
  {
    id: text,
    title: text,
    level: oneOf(LEVELS),
    description: anyText,
    falsePositives: listOf(anyText),
    tags: listOf(text),
    file: text,
    subject: oneOf(SUBJECT_SELECTORS),
    needsReadEvents: flag,
  },
  { respond: text },
);

const yes: Check<true> = oneOf([true]);

const only: Check<Only> = objectOf<Only>(
  {},
  {
    outside: texts,
    outsideChangeWindow: yes,
    sensitive: yes,
    inList: mapOf(text),
    firstSeen: listOf(oneOf(FIRST_SEEN_PARTS)),
  },
);

const compiledPolicy: Check<CompiledPolicy> = objectOf<CompiledPolicy>(
  { version: text, policy: policyShape, rules: listOf(objectOf<CompiledRule>({ header, detection: json }, { only })) },
  {},
);

const policyAsset: Check<PolicyAsset> = objectOf<PolicyAsset>({ version: text, policy: policyShape }, {});

/**
 * The asset, checked to be whole and unchanged since synth; throws a CompiledPolicyError otherwise. The rules'
 * detections are checked by the engine that compiles them.
 */
export function loadCompiledPolicy(asset: unknown): CompiledPolicy {
  const wrong: string[] = [];
  if (!compiledPolicy(asset, '', wrong)) throw new CompiledPolicyError(wrong);
  const { version, policy, rules } = asset;
  // The functions have their zones from another build of Node than synth has. Only rules ask for the time in one.
  const unknown = Object.entries(policy.schedules).filter(([, { zone }]) => !isTimeZone(zone));
  if (unknown.length > 0) {
    throw new CompiledPolicyError(
      unknown.map(([name]) => `policy.schedules.${name}.zone is not a time zone that this runtime knows`),
    );
  }
  mustBeAsCompiled(version, { policy, rules });
  return asset;
}

/** As `loadCompiledPolicy`, of the policy alone. */
export function loadPolicy(asset: unknown): Policy {
  const wrong: string[] = [];
  if (!policyAsset(asset, '', wrong)) throw new CompiledPolicyError(wrong);
  mustBeAsCompiled(asset.version, { policy: asset.policy });
  return asset.policy;
}

function mustBeAsCompiled(version: string, content: Content): void {
  // Synth writes canonical JSON, whose order reading keeps: to sort it all again takes ten times as long, and is needed
  // only where names are numbers, which Node puts first.
  if (sha256(JSON.stringify(content)) !== version && versionOf(content) !== version) {
    throw new CompiledPolicyError(['version is not the hash of its content: the asset was changed after synth']);
  }
  const { mode, protected: spared } = content.policy;
  if (mode !== 'observe' && spared.length === 0) {
    throw new CompiledPolicyError([`policy.protected is empty in mode ${mode}`]);
  }
}
