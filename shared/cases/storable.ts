/**
 * Text of a record as a table takes it: cut, and without halves of a letter, which UTF-8 cannot say. DynamoDB takes
 * 400 KB an item and 2,048 bytes a partition key; a record may be a megabyte.
 */
export function storable(text: string, longest: number): string {
  return text.slice(0, longest).replace(HALF_A_LETTER, '\uFFFD');
}
const HALF_A_LETTER = /\p{Surrogate}/gu;

/** The longest ARN has so many characters; a request may say anything. */
export const LONGEST_TEXT = 2_048;
