import { isJsonObject, type Json } from '../../json.ts';
import type { NameReading } from './naming.ts';

/** A list in a request may be as long as its sender likes. */
const NAMES_LOOKED_AT = 200;

/** The texts at a dotted path, lists on the way and at its end looked into. */
export function textsAt(value: Json | undefined, path: string): readonly string[] {
  let found: (Json | undefined)[] = [value];
  for (const name of path.split('.')) {
    found = found.flatMap(flat).flatMap((one) => (isJsonObject(one) ? [memberOf(one, name)] : []));
  }
  return found
    .flatMap(flat)
    .flatMap((one) => (typeof one === 'string' && one !== '' ? [one] : []))
    .slice(0, NAMES_LOOKED_AT);
}

function flat(value: Json | undefined): (Json | undefined)[] {
  return Array.isArray(value) ? value.slice(0, NAMES_LOOKED_AT) : [value];
}

/**
 * An own member, whichever way its service writes it: CloudTrail makes the first letter of a parameter small (`ARN` is
 * `aRN`), some services leave it as it is.
 */
function memberOf(object: { readonly [key: string]: Json | undefined }, name: string): Json | undefined {
  const key = spellings(name).find((spelling) => Object.hasOwn(object, spelling));
  return key === undefined ? undefined : object[key];
}

function spellings(name: string): readonly string[] {
  const rest = name.slice(1);
  const both = [name, name.charAt(0).toUpperCase() + rest, name.charAt(0).toLowerCase() + rest];
  return name.toLowerCase() === 'arn' ? [...both, 'arn', 'aRN'] : both;
}

/** The name in a value that is no ARN; `undefined` where it names nothing. */
export function readName(value: string, reads: NameReading | undefined): string | undefined {
  switch (reads) {
    case undefined:
      return value;
    case 'queue-url': {
      const [, account, name] = /^https?:\/\/[^/]+\/(\d{12})\/([^/?#]+)$/.exec(value) ?? [];
      return name === undefined ? undefined : `${account}:${name}`;
    }
    case 'path':
      return value.startsWith('/') ? value.replace(/\/+$/, '') : `/${value}`;
    case 'last-segment':
      return value.split('/').findLast((segment) => segment !== '');
    case 'key-or-alias':
      return value.startsWith('alias/') ? value : `key/${value}`;
    case 'function-name': {
      const parts = value.split(':');
      const at = parts.indexOf('function');
      return at < 0 ? parts[0] : parts[at + 1];
    }
    case 'secret-name':
      return `${value}-??????`;
    case 'copy-source':
      return copySource(value);
  }
}

function copySource(value: string): string | undefined {
  const [named = ''] = value.replace(/^\//, '').split('?versionId=');
  // `100%` is a name, and no escape: what cannot be unescaped was none.
  const path = /%(?![0-9a-f]{2})/i.test(named) ? named : unescaped(named);
  return path.includes('/') ? path : undefined;
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}
