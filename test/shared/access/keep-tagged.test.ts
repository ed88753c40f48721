import { beforeEach, expect, test } from 'vitest';
import { keepTagged, MOST_TAGGED } from '../../../shared/access/keep-tagged.ts';
import type { Tagged } from '../../../shared/ports/tagged-resources.ts';

let kept: Tagged[];
beforeEach(() => {
  kept = [{ tag: 'data=finance', arn: 'arn:aws:s3:::payroll' }];
});

function depsWith(found: Readonly<Record<string, Iterable<string | Error>>>) {
  return {
    async *search(tag: string) {
      for (const arn of found[tag] ?? []) {
        await Promise.resolve();
        if (arn instanceof Error) throw arn;
        yield arn;
      }
    },
    store: {
      list: async () => kept,
      add: async (tagged: Tagged) => {
        kept = [...kept, tagged];
      },
      remove: async ({ tag, arn }: Tagged) => {
        kept = kept.filter((one) => one.tag !== tag || one.arn !== arn);
      },
    },
  };
}

test('what bears a tag is kept with it, once; what bears it no more is taken out', async () => {
  const deps = depsWith({
    'data=finance': ['arn:aws:s3:::orders', 'arn:aws:s3:::orders'],
    data: ['arn:aws:s3:::orders'],
  });
  expect(await keepTagged(deps, ['data=finance', 'data'])).toEqual({ added: 2, removed: 1 });
  expect(kept).toEqual([
    { tag: 'data=finance', arn: 'arn:aws:s3:::orders' },
    { tag: 'data', arn: 'arn:aws:s3:::orders' },
  ]);
});

test('where the account cannot be asked to the end, nothing changes: what was sensitive stays so', async () => {
  const refused = Object.assign(new Error('no'), { name: 'ThrottledException' });
  await expect(
    keepTagged(depsWith({ 'data=finance': ['arn:aws:s3:::orders', refused] }), ['data=finance']),
  ).rejects.toBe(refused);
  expect(kept).toEqual([{ tag: 'data=finance', arn: 'arn:aws:s3:::payroll' }]);
});

test('a tag that is on more than can be kept is a fault, and not a part of it quietly left out', async () => {
  const many = Array.from({ length: MOST_TAGGED + 1 }, (_, i) => `arn:aws:s3:::bucket-${i}`);
  await expect(keepTagged(depsWith({ data: many }), ['data'])).rejects.toThrow('more than 10000 resources');
});
