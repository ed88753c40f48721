import { z } from 'zod';
import { checkCidr } from '../rules/engines/ipaddr-cidr.ts';
import { isRange } from '../rules/engines/is-range.ts';

/** The text of a list's file, by its path relative to the policy; undefined where there is none. */
export type ReadList = (path: string) => string | undefined;

/** The compiled policy travels with every function, so a list has an end. */
const MAX_VALUES = 20_000;

/** A list as the operator writes it: its values, or the path of a file that holds them. */
export function listValues(readList: ReadList | undefined) {
  return z.unknown().transform((given, context) => {
    const wrong = (message: string, path: readonly number[] = []): void => {
      context.issues.push({ code: 'custom', message, input: given, path: [...path] });
    };
    if (Array.isArray(given)) {
      const values = given.map((value: unknown, index) => valueFrom(value, (message) => wrong(message, [index])));
      return within(
        values.flatMap((value) => value ?? []),
        wrong,
      );
    }
    if (typeof given !== 'string' || given.trim() === '') {
      wrong('is no list: write its values, or the path of a text file with one value a line');
      return z.NEVER;
    }
    if (/^([/~]|[A-Za-z]:)|\\|(^|\/)\.\.(\/|$)/.test(given)) {
      wrong(`${JSON.stringify(given)} leaves the project: write a path relative to this file, with forward slashes`);
      return z.NEVER;
    }
    const text = readList?.(given);
    if (text === undefined) {
      wrong(`there is no file ${JSON.stringify(given)}`);
      return z.NEVER;
    }
    const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
    const values = lines.flatMap((line, index) => {
      const value = line.replace(/(^|\s)#.*$/, '').trim();
      return value === '' ? [] : (valueFrom(value, (message) => wrong(`${given}:${index + 1}: ${message}`)) ?? []);
    });
    return within(values, wrong);
  });
}

function valueFrom(value: unknown, wrong: (message: string) => void): string | undefined {
  if (typeof value !== 'string' || value.trim() === '') {
    const number = typeof value === 'number' || typeof value === 'boolean';
    wrong(number ? `${value} is not text: write it in quotes, "${value}"` : 'is not text: write a value or a range');
    return undefined;
  }
  const text = value.trim();
  if (isRange(text) && checkCidr(text) !== undefined) {
    wrong(`${JSON.stringify(text)} is not a range of addresses: write e.g. 203.0.113.0/24 or 2001:db8::/32`);
    return undefined;
  }
  return text;
}

function within(values: readonly string[], wrong: (message: string) => void): readonly string[] {
  if (values.length > MAX_VALUES)
    wrong(`has ${values.length} values, and at most ${MAX_VALUES} fit: write ranges of addresses`);
  return [...new Set(values)];
}
