import type { Comparison, TextRelation } from '../detection.ts';
import type { Position } from './located.ts';
import type { Report } from './problems.ts';

/** What a chain of modifiers asks for, after checking that it makes sense. */
export type Modifiers = {
  readonly all: boolean;
  readonly neq: boolean;
  readonly cased: boolean;
  readonly relation: TextRelation;
  readonly type: ModifierType;
};

export type ModifierType =
  | { readonly kind: 'plain' }
  | { readonly kind: 'exists' }
  | { readonly kind: 're'; readonly flags: string }
  | { readonly kind: 'cidr' }
  | { readonly kind: 'compare'; readonly operator: Comparison }
  | { readonly kind: 'fieldref' };

const RELATIONS = ['contains', 'startswith', 'endswith'] as const;
const TYPES = ['exists', 're', 'cidr', 'lt', 'lte', 'gt', 'gte', 'fieldref'] as const;
const REGEX_FLAGS = ['i', 'm', 's'] as const;

/** In Sigma 2.1, not built yet: refused by name, because a rule without its transformation would mean something else. */
const NOT_YET = [
  'base64',
  'base64offset',
  'utf16',
  'utf16le',
  'utf16be',
  'wide',
  'windash',
  'expand',
  'minute',
  'hour',
  'day',
  'week',
  'month',
  'year',
] as const;

const KNOWN = ['all', 'neq', 'cased', ...RELATIONS, ...TYPES, ...REGEX_FLAGS, ...NOT_YET];

export function readModifiers(names: readonly string[], at: Position, report: Report): Modifiers | undefined {
  let sound = true;
  const complain = (message: string): void => {
    report(at, message);
    sound = false;
  };
  for (const name of names) {
    if (!KNOWN.some((known) => known === name)) {
      complain(`there is no modifier \`${name}\`: ${nearest(name)}`);
    } else if (NOT_YET.some((known) => known === name)) {
      complain(`the modifier \`${name}\` is not supported yet`);
    }
    if (names.indexOf(name) !== names.lastIndexOf(name)) complain(`the modifier \`${name}\` stands twice`);
  }
  if (!sound) return undefined;

  const relations = RELATIONS.filter((relation) => names.includes(relation));
  const types = TYPES.filter((type) => names.includes(type));
  const flags = REGEX_FLAGS.filter((flag) => names.includes(flag));
  if (relations.length > 1) complain(`\`${relations.join('` and `')}\` exclude each other: write one, or wildcards`);
  if (types.length > 1) complain(`\`${types.join('` and `')}\` exclude each other: split the item in two`);
  const [type] = types;
  if (flags.length > 0 && type !== 're')
    complain(`\`${flags.join('`, `')}\` goes with \`re\` only: write \`re|${flags.join('|')}\``);
  if (relations.length > 0 && type !== undefined && type !== 'fieldref') {
    complain(`\`${relations[0]}\` has no meaning together with \`${type}\`: leave it out`);
  }
  if (names.includes('cased') && type !== undefined && type !== 'fieldref') {
    complain(`\`cased\` has no meaning together with \`${type}\`: leave it out`);
  }
  if (names.includes('all') && type === 'exists') complain('`all` has no meaning together with `exists`: leave it out');
  if (!sound) return undefined;
  return {
    all: names.includes('all'),
    neq: names.includes('neq'),
    cased: names.includes('cased'),
    relation: relations[0] ?? 'equals',
    type: typeOf(type, flags.join('')),
  };
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
