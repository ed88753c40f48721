import { type AccessBlock, readAccessBlock } from '../../containment/access-block.ts';
import type { ResourceCall } from '../../containment/call.ts';
import { isJsonObject } from '../../json.ts';
import { errorNameOf } from '../iam-errors.ts';

/** The block that a call puts. */
export function accessBlockIn({ operation, input }: ResourceCall): AccessBlock {
  const { PublicAccessBlockConfiguration: block } = input;
  if (!isJsonObject(block)) throw new TypeError(`${operation} without PublicAccessBlockConfiguration`);
  return readAccessBlock(block);
}

/** That there is no block is an answer; that there is no such bucket is another. */
export async function orNoBlock<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (errorNameOf(error) === 'NoSuchPublicAccessBlockConfiguration') return undefined;
    throw error;
  }
}
