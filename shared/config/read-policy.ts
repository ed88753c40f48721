import { type Document, isAlias, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import type { Policy } from './policy.ts';
import { checkAcrossKeys, type Found } from './policy-checks.ts';
import type { PolicyProblem } from './policy-problem.ts';
import { type PolicyFacts, policyOf, policySchema } from './policy-schema.ts';
import { type Place, placeAt, placeOf } from './yaml-place.ts';

/** A policy only when there is no problem at all. */
export type PolicyReading = { readonly policy?: Policy; readonly problems: readonly PolicyProblem[] };

type Placed = Place & { readonly message: string };

/** Anchors and keys that are no text have no use here, and a file without them can be turned into plain values safely. */
function notPlain(document: Document, lines: LineCounter): readonly Placed[] {
  const found: Placed[] = [];
  const add = (offset: number | undefined, message: string) => found.push({ ...placeAt(lines, offset ?? 0), message });
  visit(document, {
    Node(_, node) {
      if (isAlias(node)) add(node.range?.[0], `*${node.source} is an alias: write the value itself`);
    },
    Pair(_, pair) {
      if (isScalar(pair.key)) return;
      add(isNode(pair.key) ? pair.key.range?.[0] : undefined, 'a key is not text: write plain words as keys');
    },
  });
  return found;
}

/** `timing.settle` or `responses[0].mode`, as a person would name the place. */
function nameOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((name, step) => {
    if (typeof step === 'number') return `${name}[${step}]`;
    const word = /^[\w-]+$/.test(String(step)) ? String(step) : JSON.stringify(String(step).slice(0, 60));
    return name === '' ? word : `${name}.${word}`;
  }, '');
}

function checkSchema(raw: unknown, facts: PolicyFacts): { readonly policy?: Policy; readonly found: readonly Found[] } {
  const result = policySchema(facts).safeParse(raw);
  if (result.success) return { policy: policyOf(result.data), found: [] };
  const found = result.error.issues.flatMap((issue): readonly Found[] => {
    if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, message: issue.message }];
    const sentences = issue.message.split('\n');
    return issue.keys.map((key, index) => ({
      path: [...issue.path, key],
      message: sentences[index] ?? issue.message,
      at: 'key',
    }));
  });
  return { found };
}

/**
 * Reads `rescind.yaml`. All problems come at once, in the order of the file; synth and the command line stop on any.
 * Never called on the hot path: functions read the compiled policy, which needs neither YAML nor zod.
 */
export function readPolicy(text: string, file: string, facts: PolicyFacts): PolicyReading {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const syntax = [...document.errors, ...document.warnings].map((error) => ({
    ...placeAt(lines, error.pos[0]),
    code: error.code,
    message: error.code === 'DUPLICATE_KEY' ? 'this key is written twice in the same map: remove one' : error.message,
  }));
  const plain = notPlain(document, lines);
  const placed: Placed[] = [...syntax, ...plain];
  let policy: Policy | undefined;

  if (document.contents === null) {
    placed.push({
      line: 1,
      column: 1,
      message: 'the file is empty: write at least version: 1 and home-region: <region>',
    });
  } else if (!isMap(document.contents)) {
    placed.push({
      line: 1,
      column: 1,
      message: 'the file is not a map of keys: write version: 1, home-region: <region> and so on',
    });
  } else if (plain.length === 0 && syntax.every((error) => error.code === 'DUPLICATE_KEY')) {
    // After any other syntax error the values below it are guesses, and complaints about guesses mislead.
    const raw: unknown = document.toJS();
    const checked = checkSchema(raw, facts);
    policy = checked.policy;
    for (const { path, message, at } of [...checked.found, ...checkAcrossKeys(raw)]) {
      placed.push({ ...placeOf(document, lines, path, at), message: `${nameOf(path)}: ${message}` });
    }
  }

  const problems = placed
    .map(({ line, column, message }) => ({ file, line, column, message }))
    .sort((a, b) => a.line - b.line || a.column - b.column);
  return policy === undefined || problems.length > 0 ? { problems } : { policy, problems };
}
