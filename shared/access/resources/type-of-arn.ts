import { parseArn } from '../arn.ts';
import { SERVICE_NAMINGS } from './service-namings.ts';

/** The type of a resource that a record names by its ARN alone; `unknown` where no table knows its kind. */
export function typeOfArn(arn: string): string {
  const parsed = parseArn(arn);
  if (parsed === undefined) return 'unknown';
  const kinds = KINDS.get(parsed.service) ?? [];
  return kinds.find(({ begins }) => parsed.resource.startsWith(begins))?.type ?? 'unknown';
}

type Kind = { readonly begins: string; readonly type: string };

/** By the service in the ARN: what the resource part begins with, the longest first. */
const KINDS: ReadonlyMap<string, readonly Kind[]> = (() => {
  const kinds = new Map<string, Kind[]>();
  for (const { arn, type } of [...SERVICE_NAMINGS.values()].flat()) {
    const [service = '', , , ...rest] = arn.split(':');
    const begins = rest.join(':').split('{')[0] ?? '';
    const known = kinds.get(service) ?? [];
    if (!known.some((kind) => kind.begins === begins)) known.push({ begins, type });
    kinds.set(service, known);
  }
  for (const known of kinds.values()) known.sort((a, b) => b.begins.length - a.begins.length);
  return kinds;
})();
