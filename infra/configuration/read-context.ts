/** What the operator says on the command line with `--context NAME=VALUE`. */
export type Context = {
  /** Path of the policy. */
  readonly policyFile: string;
  /** For an embedded AWS only. */
  readonly local: boolean;
  /** Folder of the handlers, where it is not this project's own. */
  readonly functionsFolder?: string;
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
  return {
    policyFile: text('policy') ?? 'rescind.yaml',
    local: text('local') === 'true',
    ...(functionsFolder === undefined ? {} : { functionsFolder }),
  };
}
