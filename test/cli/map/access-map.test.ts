import { describe, expect, test } from 'vitest';
import { accessMap } from '../../../cli/map/access-map.ts';
import { mapLines } from '../../../cli/map/map-lines.ts';
import { renderMap } from '../../../cli/report/map-page.ts';
import type { AccessSummary } from '../../../shared/ports/access-reader.ts';

const SECRET = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:pay-??????';
const summary = (principal: string, who: string, count: number, last: string, arn = SECRET): AccessSummary => ({
  principal,
  who,
  arn,
  type: 'AWS::SecretsManager::Secret',
  first: '2026-10-01T08:00:00.000Z',
  last,
  count,
});
const SUMMARIES = [
  summary('user:AIDAALICE', 'alice', 3, '2026-11-19T02:00:00.000Z'),
  summary('role:AROANIGHTLY', 'nightly/run-9', 40, '2026-11-20T03:00:00.000Z'),
  summary('role:AROANIGHTLY', 'nightly/run-8', 2, '2026-11-18T03:00:00.000Z', 'arn:aws:s3:::archive'),
];

describe('the access map', () => {
  test('has the last access first, a role under its own name, and the busiest first on each side', () => {
    const map = accessMap(SUMMARIES, 10);
    expect(map.rows.map(({ label, last }) => [label, last.slice(0, 10)])).toEqual([
      ['nightly', '2026-11-20'],
      ['alice', '2026-11-19'],
      ['nightly', '2026-11-18'],
    ]);
    expect(map.principals).toEqual([
      { key: 'role:AROANIGHTLY', label: 'nightly', count: 42 },
      { key: 'user:AIDAALICE', label: 'alice', count: 3 },
    ]);
    expect(map.resources.map(({ key, count }) => [key, count])).toEqual([
      [SECRET, 43],
      ['arn:aws:s3:::archive', 2],
    ]);
    expect([map.accesses, map.cut]).toEqual([45, false]);
  });

  test('says that it was cut, and only then', () => {
    expect(accessMap(SUMMARIES, 2)).toMatchObject({ cut: true, accesses: 43 });
    expect(accessMap(SUMMARIES, 3).cut).toBe(false);
  });

  test('is a table on a terminal', () => {
    expect(mapLines(accessMap(SUMMARIES.slice(0, 1), 10), 200)).toEqual([
      'WHO                     RESOURCE                                                            FIRST (UTC)          LAST (UTC)           COUNT',
      `alice (user:AIDAALICE)  ${SECRET}  2026-10-01 08:00:00  2026-11-19 02:00:00      3`,
      '',
      '1 principal, 1 sensitive resource',
    ]);
  });

  test('is one page that names each, and escapes what a record brought', () => {
    const hostile = summary(
      'user:AIDAX',
      '<img src=x onerror=alert(1)>',
      1,
      '2026-11-20T02:00:00.000Z',
      '{b}</script>',
    );
    const page = renderMap(accessMap([...SUMMARIES, hostile], 10), {
      account: '111122223333',
      at: new Date('2026-11-21T12:00:00Z'),
    });
    expect(page).toContain('46 accesses of 3 principals to 3 sensitive resources');
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(page).not.toContain('<img');
    expect(page.match(/<\/script>/g)).toHaveLength(1);
  });
});
