import type { JsonObject } from '../../../shared/json.ts';

export type SemanticsCase = {
  readonly name: string;
  /** The body of `detection`, indented by two spaces. */
  readonly detection: string;
  readonly hits: readonly JsonObject[];
  readonly misses: readonly JsonObject[];
};

const selection = (lines: string): string =>
  `  selection:\n    ${lines.split('\n').join('\n    ')}\n  condition: selection`;

/** What Sigma 2.1 means, one sentence each, with records on both sides. */
export const semanticsCases: readonly SemanticsCase[] = [
  {
    name: 'equality ignores case and takes the whole text',
    detection: selection('eventName: CreateUser'),
    hits: [{ eventName: 'CreateUser' }, { eventName: 'createuser' }, { eventName: 'CREATEUSER' }],
    misses: [{ eventName: 'CreateUsers' }, { eventName: '' }, { eventName: null }, {}],
  },
  {
    name: 'a cased text keeps its case',
    detection: selection('eventName|cased: CreateUser'),
    hits: [{ eventName: 'CreateUser' }],
    misses: [{ eventName: 'createuser' }],
  },
  {
    name: 'case is ignored beyond ASCII',
    detection: selection('a: ÄRGER'),
    hits: [{ a: 'ärger' }, { a: 'Ärger' }],
    misses: [{ a: 'arger' }],
  },
  {
    name: 'fields of a map join by AND',
    detection: selection('a: 1\nb: 2'),
    hits: [{ a: 1, b: 2 }],
    misses: [{ a: 1 }, { a: 1, b: 3 }],
  },
  {
    name: 'maps in a list join by OR',
    detection: selection('- a: 1\n- b: 2'),
    hits: [{ a: 1 }, { b: 2 }],
    misses: [{ a: 2, b: 1 }],
  },
  {
    name: 'values in a list join by OR',
    detection: selection('a: [x, y, z, w]'),
    hits: [{ a: 'X' }, { a: 'w' }],
    misses: [{ a: 'v' }, {}],
  },
  {
    name: 'values under all join by AND',
    detection: selection('a|contains|all: [one, two]'),
    hits: [{ a: 'two and one' }],
    misses: [{ a: 'one' }, { a: 'two' }, {}],
  },
  {
    name: 'a star takes any run of characters',
    detection: selection('a: Put*Policy'),
    hits: [{ a: 'PutUserPolicy' }, { a: 'PutPolicy' }, { a: 'putPolicyPolicy' }],
    misses: [{ a: 'PutUserPolicies' }, { a: 'xPutPolicy' }, { a: 'PutPolic' }],
  },
  {
    name: 'stars between texts keep their order and do not overlap',
    detection: selection('a: "ab*bc*cd"'),
    hits: [{ a: 'abbccd' }, { a: 'ab-bc-cd' }],
    misses: [{ a: 'abcd' }, { a: 'abccd' }, { a: 'ab-cd-bc' }],
  },
  {
    name: 'a question mark takes exactly one character, also one outside the basic plane',
    detection: selection('a: "pre?fix*"'),
    hits: [{ a: 'pre-fix' }, { a: 'preXfixes' }, { a: 'pre😀fix' }],
    misses: [{ a: 'prefix' }, { a: 'pre--fix' }],
  },
  {
    name: 'stars and question marks go back as far as they must',
    detection: selection('a: "*a?c*d"'),
    hits: [{ a: 'aacabcd' }, { a: 'xxabcd' }],
    misses: [{ a: 'abd' }, { a: 'abc' }],
  },
  {
    name: 'an escaped star is a star',
    detection: selection("a: 'x\\*y'"),
    hits: [{ a: 'x*y' }],
    misses: [{ a: 'xzy' }, { a: 'x\\*y' }],
  },
  {
    name: 'an escaped backslash before a star is a backslash and a wildcard',
    detection: selection("a: 'x\\\\*'"),
    hits: [{ a: 'x\\' }, { a: 'x\\yz' }],
    misses: [{ a: 'x' }, { a: 'x*' }],
  },
  {
    name: 'three backslashes before a star are a backslash and a star',
    detection: selection("a: 'x\\\\\\*'"),
    hits: [{ a: 'x\\*' }],
    misses: [{ a: 'x\\y' }],
  },
  {
    name: 'a backslash before anything else is itself, single or double',
    detection: selection("a: ['C:\\dir', 'D:\\\\dir']"),
    hits: [{ a: 'C:\\dir' }, { a: 'D:\\dir' }],
    misses: [{ a: 'C:dir' }, { a: 'D:\\\\dir' }],
  },
  {
    name: 'contains looks anywhere and keeps its wildcards',
    detection: selection("a|contains: ['needle', 'x*y']"),
    hits: [{ a: 'hay NEEDLE hay' }, { a: '--x--y--' }],
    misses: [{ a: 'need le' }, { a: 'yx' }],
  },
  {
    name: 'startswith looks at the beginning',
    detection: selection('a|startswith: AKIA'),
    hits: [{ a: 'AKIA123' }, { a: 'akia' }],
    misses: [{ a: 'xAKIA' }, { a: 'AKI' }],
  },
  {
    name: 'endswith looks at the end',
    detection: selection('a|endswith: /Admin'),
    hits: [{ a: 'policy/admin' }, { a: '/Admin' }],
    misses: [{ a: '/Admins' }],
  },
  {
    name: 'a number matches by value and by text',
    detection: selection('a: 22'),
    hits: [{ a: 22 }, { a: '22' }],
    misses: [{ a: 220 }, { a: '22.0' }, { a: true }],
  },
  {
    name: 'a text matches the number it spells',
    detection: selection("a: '22'"),
    hits: [{ a: 22 }, { a: '22' }],
    misses: [{ a: 2 }],
  },
  {
    name: 'a number written with leading zeros still matches the account id it stands for',
    detection: selection('a: 012345678901'),
    hits: [{ a: '012345678901' }],
    misses: [{ a: '0123456789012' }],
  },
  {
    name: 'a boolean matches by value and by text',
    detection: selection('a: true'),
    hits: [{ a: true }, { a: 'true' }, { a: 'True' }],
    misses: [{ a: false }, { a: 1 }, {}],
  },
  {
    name: 'a text matches the boolean it spells',
    detection: selection("a: 'false'"),
    hits: [{ a: false }, { a: 'False' }],
    misses: [{ a: true }, {}, { a: null }],
  },
  {
    name: 'null matches absent, null and the empty list, but not the empty text',
    detection: selection('a: null'),
    hits: [{}, { a: null }, { a: [] }],
    misses: [{ a: '' }, { a: 0 }, { a: false }, { a: {} }, { a: ['x'] }],
  },
  {
    name: 'the empty text matches nothing but itself',
    detection: selection("a: ''"),
    hits: [{ a: '' }],
    misses: [{}, { a: null }, { a: ' ' }, { a: [] }],
  },
  {
    name: 'a list with null matches absent or the text',
    detection: selection('errorCode: [Success, null]'),
    hits: [{}, { errorCode: 'Success' }, { errorCode: null }],
    misses: [{ errorCode: 'AccessDenied' }],
  },
  {
    name: 'exists asks for presence, not for a value',
    detection: selection('a.b|exists: true'),
    hits: [{ a: { b: 1 } }, { a: { b: null } }, { a: { b: '' } }, { a: [{}, { b: 1 }] }, { a: { b: [] } }],
    misses: [{}, { a: {} }, { a: null }, { a: 'b' }, { a: [] }],
  },
  {
    name: 'exists false asks for absence',
    detection: selection('a.b|exists: false'),
    hits: [{}, { a: {} }, { a: 'b' }],
    misses: [{ a: { b: null } }, { a: { b: 0 } }],
  },
  {
    name: 'a test of an absent field is false and its negation true',
    detection: '  selection:\n    a: 1\n  filter:\n    b: 2\n  condition: selection and not filter',
    hits: [{ a: 1 }, { a: 1, b: 3 }, { a: 1, b: null }],
    misses: [{ a: 1, b: 2 }, { b: 3 }],
  },
  {
    name: 'neq needs a value, and one different from each that is named',
    detection: selection('a|neq: [x, y]'),
    hits: [{ a: 'z' }, { a: 1 }],
    misses: [{ a: 'x' }, { a: 'Y' }, {}],
  },
  {
    name: 'a list in the record stands for each of its elements',
    detection: selection('a.b: x'),
    hits: [{ a: { b: ['y', 'x'] } }, { a: [{ b: 'y' }, { b: 'x' }] }, { a: [[{ b: [['x']] }]] }],
    misses: [{ a: { b: ['y'] } }, { a: [] }, { a: ['x'] }],
  },
  {
    name: 'all over a list may be met by different elements',
    detection: selection('a|all: [x, y]'),
    hits: [{ a: ['x', 'y'] }],
    misses: [{ a: ['x'] }, { a: 'x' }],
  },
  {
    name: 'an object is compared as its compact JSON',
    detection: selection('a|contains: \'"b":{"c":1}\''),
    hits: [{ a: { b: { c: 1 } } }],
    misses: [{ a: { b: { c: 2 } } }, { a: 'b c 1' }],
  },
  {
    name: 'fields that every JavaScript object inherits are absent unless the record has them',
    detection: selection('toString|exists: true'),
    hits: [{ toString: 'x' }],
    misses: [{}, { a: 1 }],
  },
  {
    name: 'a regular expression looks anywhere and keeps case',
    detection: selection("a|re: '^arn:aws:iam::\\d{12}:user/'"),
    hits: [{ a: 'arn:aws:iam::111122223333:user/alice' }],
    misses: [{ a: 'ARN:aws:iam::111122223333:user/alice' }, { a: 'x arn:aws:iam::111122223333:user/' }, {}],
  },
  {
    name: 'regular expressions take i, m and s',
    detection: selection("a|re|i|m|s: '^b.c$'"),
    hits: [{ a: 'x\nB\nC\ny' }],
    misses: [{ a: 'xbxcx' }],
  },
  {
    name: 'cidr takes IPv4 and mapped IPv4',
    detection: selection('ip|cidr: [10.0.0.0/8, 192.168.1.0/24]'),
    hits: [{ ip: '10.200.3.4' }, { ip: '192.168.1.77' }, { ip: '::ffff:10.0.0.1' }],
    misses: [{ ip: '11.0.0.1' }, { ip: '192.168.2.1' }, { ip: 'ec2.amazonaws.com' }, { ip: '10.1' }, {}],
  },
  {
    name: 'cidr takes a range of mapped IPv4',
    detection: selection("ip|cidr: '::ffff:10.0.0.0/104'"),
    hits: [{ ip: '10.1.2.3' }, { ip: '::ffff:10.1.2.3' }],
    misses: [{ ip: '11.1.2.3' }, { ip: '2001:db8::1' }],
  },
  {
    name: 'cidr takes IPv6',
    detection: selection('ip|cidr: 2001:db8::/32'),
    hits: [{ ip: '2001:db8:0:1::2' }],
    misses: [{ ip: '2001:db9::1' }, { ip: '10.0.0.1' }],
  },
  {
    name: 'comparisons take numbers and their text',
    detection: selection('a|gte: 5\nb|lt: 0.5'),
    hits: [
      { a: 5, b: 0 },
      { a: '7', b: '-1' },
    ],
    misses: [{ a: 4, b: 0 }, { a: 5, b: 0.5 }, { a: 'many', b: 0 }, { b: 0 }],
  },
  {
    name: 'fieldref compares two fields without regard to case',
    detection: selection('a|fieldref: b.c'),
    hits: [
      { a: 'Alice', b: { c: 'alice' } },
      { a: 1, b: { c: '1' } },
      { a: 'x', b: [{ c: 'y' }, { c: 'x' }] },
    ],
    misses: [{ a: 'alice', b: { c: 'bob' } }, { a: 'alice' }, { b: { c: 'alice' } }, {}, { a: null, b: { c: null } }],
  },
  {
    name: 'fieldref with contains looks for the other field in the text',
    detection: selection('a|contains|fieldref: b'),
    hits: [{ a: 'role of 1111', b: '1111' }],
    misses: [{ a: 'role of 2222', b: '1111' }, { a: 'x' }],
  },
  {
    name: 'fieldref with neq needs both and a difference',
    detection: selection('a|fieldref|neq: b'),
    hits: [{ a: 'x', b: 'y' }],
    misses: [{ a: 'x', b: 'X' }, { b: 'y' }],
  },
  {
    name: 'base64 looks for the value as encoded',
    detection: selection('a|base64: secret'),
    hits: [{ a: 'c2VjcmV0' }],
    misses: [{ a: 'secret' }, { a: 'xc2VjcmV0' }],
  },
  {
    name: 'base64offset finds the value wherever it stands in what was encoded',
    detection: selection('a|base64offset|contains: foobar'),
    hits: [{ a: 'Zm9vYmFy' }, { a: 'eGZvb2Jhcng=' }, { a: 'eHhmb29iYXJ4' }],
    misses: [{ a: 'foobar' }, { a: 'Zm9vYmF6' }],
  },
  {
    name: 'wide and its kin encode as UTF-16 first',
    detection: selection('- a|wide|base64: cmd\n- b|utf16be|base64: cmd\n- c|utf16|base64: cmd'),
    hits: [{ a: 'YwBtAGQA' }, { b: 'AGMAbQBk' }, { c: '//5jAG0AZAA=' }],
    misses: [{ a: 'Y21k' }, { b: 'YwBtAGQA' }],
  },
  {
    name: 'windash takes any dash before an option, and each value under all',
    detection: selection("a|windash|contains|all: ['-add', 'x-y']"),
    hits: [{ a: 'run /add x-y' }, { a: 'run \u2014add x-y' }],
    misses: [{ a: 'run +add x-y' }, { a: 'run -add x/y' }],
  },
  {
    name: 'time modifiers read a part of a time',
    detection: selection('t|hour: 2\nt|minute|gte: 30\nt|day: 20\nt|month: 11\nt|year: 2026\nt|week: 47'),
    hits: [{ t: '2026-11-20T02:30:00Z' }],
    misses: [{ t: '2026-11-20T03:30:00Z' }, { t: '2026-11-20T02:29:59Z' }, { t: 'soon' }, { t: 2 }, {}],
  },
  {
    name: 'the first days of a year can belong to the last week of the one before',
    detection: selection('t|week: 53'),
    hits: [{ t: '2027-01-01T00:00:00Z' }, { t: '2020-12-31T00:00:00Z' }],
    misses: [{ t: '2024-12-31T00:00:00Z' }],
  },
  {
    name: 'keywords are looked for in every value, at any depth, and in no field name',
    detection: '  keywords:\n    - secret\n    - 4711\n  condition: keywords',
    hits: [{ a: 'The SECRET' }, { a: { b: [{ c: 'xx4711' }] } }, { a: 4711 }],
    misses: [{ secret: 1 }, {}, { a: null }],
  },
  {
    name: 'keywords under all must each be found',
    detection: "  keywords:\n    '|all':\n      - one\n      - two\n  condition: keywords",
    hits: [{ a: 'one', b: { c: 'two' } }],
    misses: [{ a: 'one' }],
  },
  {
    name: 'not binds before and, and before or',
    detection: '  x: {a: 1}\n  y: {b: 1}\n  z: {c: 1}\n  condition: x or not y and z',
    hits: [{ a: 1, b: 1 }, { c: 1 }],
    misses: [{ b: 1, c: 1 }, {}],
  },
  {
    name: 'parentheses come first',
    detection: '  x: {a: 1}\n  y: {b: 1}\n  z: {c: 1}\n  condition: not (x or y) AND z',
    hits: [{ c: 1 }],
    misses: [{ a: 1, c: 1 }, { b: 1, c: 1 }, {}],
  },
  {
    name: '1 of and all of take a pattern of names',
    detection: '  sel_a: {a: 1}\n  sel_b: {b: 1}\n  filter_x: {x: 1}\n  condition: all of sel_* and not 1 of filter_*',
    hits: [{ a: 1, b: 1 }],
    misses: [{ a: 1 }, { a: 1, b: 1, x: 1 }],
  },
  {
    name: 'them leaves out names with an underscore in front',
    detection: '  a: {a: 1}\n  b: {b: 1}\n  _c: {c: 1}\n  condition: 1 of them',
    hits: [{ a: 1 }, { b: 1 }],
    misses: [{ c: 1 }],
  },
  {
    name: 'all of them needs each',
    detection: '  a: {a: 1}\n  b: {b: 1}\n  condition: all of them',
    hits: [{ a: 1, b: 1 }],
    misses: [{ a: 1 }, { b: 1 }],
  },
  {
    name: 'a list of conditions means any of them',
    detection: '  a: {a: 1}\n  b: {b: 1}\n  condition:\n    - a\n    - b and not a',
    hits: [{ a: 1 }, { b: 1 }],
    misses: [{}],
  },
];
