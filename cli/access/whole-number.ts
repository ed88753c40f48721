import { InvalidArgumentError } from 'commander';

/** The value of an option such as `--limit`. */
export function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 100_000) {
    throw new InvalidArgumentError('A whole number from 1 to 100000.');
  }
  return number;
}
