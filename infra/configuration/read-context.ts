/** What the operator says on the command line with `--context NAME=VALUE`. */
export type Context = {
  /** Path of the policy. */
  readonly policyFile: string;
  /** For an embedded AWS only. */
  readonly local: boolean;
  /** Folder of the handlers, where it is not this project's own. */
  readonly functionsFolder?: string;
  /** The organisation's guard is wanted instead of Rescind itself. */
  readonly guard?: GuardContext;
};

export type GuardContext = {
  /** Ids of the root, organisational units and accounts that the guard is attached to; to nothing without any. */
  readonly targets: readonly string[];
  /** ARN patterns of the roles that deploy Rescind, where they are not those of the CDK's own bootstrap. */
  readonly deployers?: readonly string[];
};

/**
 * The CDK's command line hands context over in the environment variable CDK_CONTEXT_JSON, which may be set by hand too, to
 * synthesise without it. It is read before the app is made, because `local` decides how the app is made.
 */
export function readContext(environment: Readonly<Record<string, string | undefined>>): Context {
  const parsed: unknown = JSON.parse(environment.CDK_CONTEXT_JSON ?? '{}');
  const context = new Map(Object.entries(parsed ?? {}));
  const text = (name: string) => (context.has(name) ? String(context.get(name)) : undefined);
  const functionsFolder = text('functions');
  const list = (name: string) =>
    text(name)
      ?.split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  const deployers = list('guard-deployers');
  const guard: GuardContext = {
    targets: list('guard-targets') ?? [],
    ...(deployers === undefined ? {} : { deployers }),
  };
  return {
    policyFile: text('policy') ?? 'rescind.yaml',
    local: text('local') === 'true',
    ...(functionsFolder === undefined ? {} : { functionsFolder }),
    ...(text('guard') === 'true' ? { guard } : {}),
  };
}
