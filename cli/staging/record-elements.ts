import type { Json, JsonObject } from '../../shared/json.ts';
import { responseTime } from './record-time.ts';

// CloudTrail leaves the first kind out and masks the second; neither may ever reach a record.
const leftOut = new Set(['secretAccessKey', 'password', 'oldPassword', 'newPassword']);
const masked = new Set(['sessionToken']);
// SSM's PutParameter. Elsewhere a `value` is no secret: that of a tag, say, which CloudTrail shows.
const maskedAtTheTop = new Set([...masked, 'value']);
const mask = 'HIDDEN_DUE_TO_SECURITY_REASONS';

/** What the SDK sent or received, in CloudTrail's spelling: lower first letter, no secrets; null when nothing is left. */
export function recordElements(members: object): JsonObject | null {
  const { $metadata: _, ...rest } = { $metadata: undefined, ...members };
  const elements = objectElements(rest, maskedAtTheTop);
  return Object.keys(elements).length === 0 ? null : elements;
}

function objectElements(value: object, hidden: ReadonlySet<string> = masked): JsonObject {
  return Object.fromEntries(
    Object.entries(value).flatMap(([member, content]): [string, Json][] => {
      const name = lowerFirst(member);
      if (content === undefined || leftOut.has(name)) return [];
      return [[name, hidden.has(name) && typeof content !== 'object' ? mask : element(content)]];
    }),
  );
}

function element(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value;
  }
  if (value instanceof Date) return responseTime(value);
  if (Array.isArray(value)) return value.map(element);
  if (typeof value === 'object' && !(value instanceof Uint8Array)) return objectElements(value);
  throw new Error(`CloudTrail has no spelling for ${Object.prototype.toString.call(value)}.`);
}

/** Only the first letter, also of an abbreviation: SSHPublicKeyId is sSHPublicKeyId in CloudTrail. */
function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
