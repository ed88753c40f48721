import { CLOUDTRAIL_DETAIL_TYPES } from '../cloudtrail/read-envelope.ts';
import type { RecordScope } from '../config/policy.ts';
import type { Json, JsonObject } from '../json.ts';
import { SESSION_CALLS } from './record-scope.ts';
import { SERVICE_NAMINGS } from './resources/service-namings.ts';

/** One EventBridge rule that fills the record's queue. */
export type RecordPattern = { readonly name: string; readonly pattern: JsonObject };

/** EventBridge: "Event pattern size", 2,048 characters by default; a host of a service is at most about 60. */
const SOURCES_IN_ONE_PATTERN = 25;

/**
 * Patterns under which at least what the policy wants recorded is delivered. What touches a resource cannot be said in a
 * pattern, for each service names it in another place: its whole service is delivered, and the function leaves the rest.
 */
export function recordPatterns(scope: RecordScope): readonly RecordPattern[] {
  const whole = new Set(scope.services);
  const wanted = resourceSources(scope.resources);
  // No pattern can ask for a tag, which no record tells, and any service may have what bears it.
  if (wanted === 'any' || scope.tags.length > 0) return [{ name: 'record-any', pattern: patternOf({}) }];
  for (const source of wanted) whole.add(source);

  const named = new Map<string, Set<string>>();
  const calls = scope.actions.map(({ source, name }) => ({ source, names: [name] as readonly string[] | undefined }));
  for (const { source, names } of [...SESSION_CALLS, ...calls]) {
    if (names === undefined) whole.add(source);
    else named.set(source, new Set([...(named.get(source) ?? []), ...names]));
  }
  return [
    ...chunks([...whole].sort(), SOURCES_IN_ONE_PATTERN).map((eventSource, i) => ({
      name: `record-services-${i + 1}`,
      pattern: patternOf({ eventSource }),
    })),
    ...[...named]
      .filter(([source]) => !whole.has(source))
      .flatMap(([source, names]) =>
        chunks([...names].sort(), SOURCES_IN_ONE_PATTERN).map((some, i) => ({
          name: `record-${source.split('.')[0]}-${i + 1}`,
          pattern: patternOf({ eventSource: [source], eventName: some.map(nameMatcher) }),
        })),
      ),
  ];
}

function patternOf(detail: { readonly [key: string]: readonly Json[] }): JsonObject {
  // AWS refuses a source that begins with `aws.` in PutEvents: only AWS itself can have sent these.
  const ours = { source: [{ prefix: 'aws.' }], 'detail-type': [...CLOUDTRAIL_DETAIL_TYPES] };
  return Object.keys(detail).length === 0 ? ours : { ...ours, detail };
}

/** EventBridge compares with case; an operator may have written an action otherwise than CloudTrail does. */
function nameMatcher(name: string): Json {
  const fold = { 'equals-ignore-case': (name.endsWith('*') ? name.slice(0, -1) : name).toLowerCase() };
  return name.endsWith('*') ? { prefix: fold } : fold;
}

/** The services whose calls can name a resource of such an ARN: its own, and those that reach it another way. */
function resourceSources(patterns: readonly string[]): ReadonlySet<string> | 'any' {
  const sources = new Set<string>();
  for (const pattern of patterns) {
    const [, , service = '*'] = pattern.split(':');
    if (/[*?]/.test(service)) return 'any';
    sources.add(`${service}.amazonaws.com`);
    for (const [source, namings] of SERVICE_NAMINGS) {
      if (namings.some(({ arn }) => arn.startsWith(`${service}:`))) sources.add(source);
    }
  }
  return sources;
}

function chunks<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
}
