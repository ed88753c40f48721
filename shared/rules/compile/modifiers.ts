import { type Comparison, type TextRelation, TIME_PARTS, type TimePart } from '../detection.ts';
import type { Position } from './located.ts';
import type { Report } from './problems.ts';

/** What a chain of modifiers asks for, after checking that it makes sense. */
export type Modifiers = {
  readonly all: boolean;
  readonly neq: boolean;
  readonly cased: boolean;
  readonly relation: TextRelation;
  /** Changes of the value itself, in the order they are applied. */
  readonly transforms: readonly Transform[];
  readonly type: ModifierType;
};

export type ModifierType =
  | { readonly kind: 'plain' }
  | { readonly kind: 'exists' }
  | { readonly kind: 're'; readonly flags: string }
  | { readonly kind: 'cidr' }
  | { readonly kind: 'compare'; readonly operator: Comparison }
  | { readonly kind: 'time-part'; readonly part: TimePart; readonly operator: Comparison | 'eq' }
  | { readonly kind: 'fieldref' };

const RELATIONS = ['contains', 'startswith', 'endswith'] as const;
const TYPES = ['exists', 're', 'cidr', 'lt', 'lte', 'gt', 'gte', 'fieldref'] as const;
const REGEX_FLAGS = ['i', 'm', 's'] as const;

/** Transformations, in the only order in which they make sense: text to text, text to bytes, bytes to text. */
const TRANSFORMS = ['expand', 'windash', 'wide', 'utf16le', 'utf16be', 'utf16', 'base64', 'base64offset'] as const;
export type Transform = (typeof TRANSFORMS)[number];
const TO_BYTES: readonly Transform[] = ['wide', 'utf16le', 'utf16be', 'utf16'];
const FROM_BYTES: readonly Transform[] = ['base64', 'base64offset'];

const KNOWN = ['all', 'neq', 'cased', ...RELATIONS, ...TYPES, ...REGEX_FLAGS, ...TRANSFORMS, ...TIME_PARTS];

export function readModifiers(names: readonly string[], at: Position, report: Report): Modifiers | undefined {
  let sound = true;
  const complain = (message: string): void => {
    report(at, message);
    sound = false;
  };
  for (const name of names) {
    if (!KNOWN.some((known) => known === name)) {
      complain(`there is no modifier \`${name}\`: ${nearest(name)}`);
    }
  }
  for (const name of new Set(names.filter((each, index) => names.indexOf(each) !== index))) {
    complain(`the modifier \`${name}\` stands twice`);
  }
  if (!sound) return undefined;

  const relations = RELATIONS.filter((relation) => names.includes(relation));
  const types = TYPES.filter((type) => names.includes(type));
  const flags = REGEX_FLAGS.filter((flag) => names.includes(flag));
  const parts = TIME_PARTS.filter((part) => names.includes(part));
  const transforms = names.flatMap((name) => TRANSFORMS.filter((transform) => transform === name));
  const [type] = types;
  const [part] = parts;
  const special = type ?? part;
  if (relations.length > 1) complain(`\`${relations.join('` and `')}\` exclude each other: write one, or wildcards`);
  if (types.length > 1) complain(`\`${types.join('` and `')}\` exclude each other: split the item in two`);
  if (parts.length > 1) complain(`\`${parts.join('` and `')}\` exclude each other: split the item in two`);
  if (part !== undefined && type !== undefined && !isComparison(type)) {
    complain(`\`${type}\` has no meaning together with \`${part}\`: leave it out`);
  }
  if (flags.length > 0 && type !== 're') {
    complain(`\`${flags.join('`, `')}\` goes with \`re\` only: write \`re|${flags.join('|')}\``);
  }
  if (special !== undefined && special !== 'fieldref') {
    const senseless = [
      ...relations,
      ...(names.includes('cased') ? ['cased'] : []),
      ...transforms.filter((each) => each !== 'expand'),
    ];
    if (senseless[0] !== undefined)
      complain(`\`${senseless[0]}\` has no meaning together with \`${special}\`: leave it out`);
  }
  if (type === 'fieldref' && transforms[0] !== undefined) {
    complain(`\`${transforms[0]}\` has no meaning together with \`fieldref\`: leave it out`);
  }
  if (type === 'exists') {
    const senseless = ['all', 'neq', 'expand'].find((each) => names.includes(each));
    if (senseless !== undefined) complain(`\`${senseless}\` has no meaning together with \`exists\`: leave it out`);
  }
  checkTransforms(transforms, complain);
  if (!sound) return undefined;
  return {
    all: names.includes('all'),
    neq: names.includes('neq'),
    cased: names.includes('cased'),
    relation: relations[0] ?? 'equals',
    transforms,
    type:
      part === undefined
        ? typeOf(type, flags.join(''))
        : { kind: 'time-part', part, operator: isComparison(type) ? type : 'eq' },
  };
}

function checkTransforms(transforms: readonly Transform[], complain: (message: string) => void): void {
  const sorted = [...transforms].sort((a, b) => TRANSFORMS.indexOf(a) - TRANSFORMS.indexOf(b));
  if (sorted.some((each, index) => each !== transforms[index]))
    complain(`write the modifiers in the order \`${sorted.join('|')}\``);
  const toBytes = transforms.filter((each) => TO_BYTES.includes(each));
  const fromBytes = transforms.filter((each) => FROM_BYTES.includes(each));
  if (toBytes.length > 1) complain(`\`${toBytes.join('` and `')}\` exclude each other: write one`);
  if (fromBytes.length > 1) complain(`\`${fromBytes.join('` and `')}\` exclude each other: write one`);
  if (toBytes.length > 0 && fromBytes.length === 0) {
    complain(`\`${toBytes[0]}\` gives bytes, which no JSON text holds: add \`base64offset|contains\` or leave it out`);
  }
}

function isComparison(type: string | undefined): type is Comparison {
  return type === 'lt' || type === 'lte' || type === 'gt' || type === 'gte';
}

function typeOf(type: (typeof TYPES)[number] | undefined, flags: string): ModifierType {
  switch (type) {
    case undefined:
      return { kind: 'plain' };
    case 're':
      return { kind: 're', flags };
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return { kind: 'compare', operator: type };
    case 'exists':
    case 'cidr':
    case 'fieldref':
      return { kind: type };
  }
}

function nearest(name: string): string {
  const lower = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const hit = KNOWN.find(
    (known) => known === lower || (lower.length > 3 && (known.startsWith(lower) || lower.startsWith(known))),
  );
  return hit === undefined ? `Sigma has ${KNOWN.filter((known) => known.length > 1).join(', ')}` : `write \`${hit}\``;
}
