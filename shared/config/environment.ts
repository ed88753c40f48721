/** Apart from the others', so that the function that must start fastest does not carry their names. */
export const EVALUATE_ENVIRONMENT = [
  'CASES_TABLE',
  'STATE_TABLE',
  'STATE_MACHINE_ARN',
  'PARKING_QUEUE_URL',
  'ACCOUNT_ID',
  'OWN_ROLE_IDS',
] as const;

/**
 * What each function reads from its environment. The constructs set variables from the same table, so a name cannot be
 * set without being read, nor read without being set. EMBEDDED_AWS is `true` only in a stack synthesised for the
 * embedded AWS, which refuses to deploy to AWS: it lacks operations.
 */
export const FUNCTION_ENVIRONMENT = {
  evaluate: EVALUATE_ENVIRONMENT,
  plan: ['CASES_TABLE', 'STATE_TABLE', 'ACCESS_TABLE', 'QUARANTINE_POLICY_ARN', 'STOP_PARAMETER', 'STATE_MACHINE_ARN'],
  contain: ['CASES_TABLE', 'STATE_TABLE', 'QUARANTINE_POLICY_ARN', 'STOP_PARAMETER', 'LEDGER_KEY_ARN'],
  revert: ['CASES_TABLE', 'STATE_TABLE', 'QUARANTINE_POLICY_ARN', 'STOP_PARAMETER', 'LEDGER_KEY_ARN'],
  verify: ['CASES_TABLE', 'STATE_TABLE', 'ACCESS_TABLE', 'QUARANTINE_POLICY_ARN', 'EMBEDDED_AWS', 'STATE_MACHINE_ARN'],
  restore: ['CASES_TABLE', 'STATE_TABLE', 'QUARANTINE_POLICY_ARN', 'LEDGER_KEY_ARN'],
  notify: ['CASES_TABLE', 'PAGE_TOPIC_ARN', 'INFORMATION_TOPIC_ARN', 'TICKETS_TOPIC_ARN'],
  sweep: ['CASES_TABLE', 'STATE_TABLE', 'STATE_MACHINE_ARN'],
  operate: ['CASES_TABLE', 'STATE_TABLE', 'STATE_MACHINE_ARN'],
  reconcile: ['ACCESS_TABLE', 'STATE_TABLE', 'EVALUATE_FUNCTION', 'RECORD_QUEUE_URL', 'ACCOUNT_ID', 'OWN_ROLE_IDS'],
  evidence: ['CASES_TABLE', 'ACCESS_TABLE', 'EVIDENCE_BUCKET'],
  record: ['ACCESS_TABLE', 'STATE_TABLE', 'PARKING_QUEUE_URL', 'ACCOUNT_ID', 'OWN_ROLE_IDS'],
} as const;

export type FunctionName = keyof typeof FUNCTION_ENVIRONMENT;
export type VariableName = (typeof FUNCTION_ENVIRONMENT)[FunctionName][number];
/** Variables of one function, by name: what a construct must set and what the function gets. */
export type EnvironmentOf<F extends FunctionName> = {
  readonly [N in (typeof FUNCTION_ENVIRONMENT)[F][number]]: string;
};

/** The environment lacks what the function needs. Thrown at cold start, before anything is read or changed. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
  readonly missing: readonly string[];

  constructor(missing: readonly string[]) {
    super(`missing or empty in the environment: ${missing.join(', ')}`);
    this.missing = missing;
  }
}

function holdsAll<N extends string>(
  values: Readonly<Record<string, string>>,
  names: readonly N[],
): values is { readonly [K in N]: string } {
  return names.every((name) => Object.hasOwn(values, name));
}

/** The named variables, each with text in it; throws an EnvironmentError that lists all that are missing. */
export function readEnvironment<const N extends string>(
  environment: Readonly<Record<string, string | undefined>>,
  names: readonly N[],
): { readonly [K in N]: string } {
  const entries = names.map((name) => [name, environment[name]?.trim() ?? ''] as const);
  const present = Object.fromEntries(entries.filter(([, value]) => value !== ''));
  if (!holdsAll(present, names)) throw new EnvironmentError(names.filter((name) => !Object.hasOwn(present, name)));
  return present;
}
