import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../shared/alerts/alert.ts';
import { deliverAlert } from '../../../shared/alerts/deliver-alert.ts';
import type { Case } from '../../../shared/cases/case.ts';
import { alertOf } from '../../../shared/cases/move-case.ts';
import { detection, newCase } from '../../support/case-scene.ts';
import { type AroundStore, createMemoryCaseStore } from '../../support/memory-case-store.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

/** An outbox with the alerts of versions 1 to 3 of a case, and a publisher that keeps what it was given. */
async function sending(around?: AroundStore) {
  const clock = createVirtualClock('2026-11-21T02:00:02.000Z');
  const store = createMemoryCaseStore(clock, around);
  const first = newCase();
  await store.join({ next: first, isNew: true, detection: detection(), mode: 'enforce', brought: [], mark: undefined });
  const alerts: Alert[] = [];
  for (const version of [1, 2, 3]) {
    const next: Case = { ...first, version, revision: version + 1 };
    const alert = alertOf(next, [detection()], []);
    await store.advance({ next, alert });
    alerts.push(alert);
  }
  const published: string[] = [];
  const publisher = {
    publish: async (alert: Alert): Promise<void> => {
      published.push(alert.dedupId);
    },
  };
  const [one, two, three] = alerts;
  if (one === undefined || two === undefined || three === undefined) throw new Error('three alerts');
  return { deps: { outbox: store.alerts, publisher, clock }, store, published, one, two, three };
}

describe('an alert', () => {
  it('is sent once, and is known to be delivered when it comes again', async () => {
    const { deps, published, one, store } = await sending();
    expect(await deliverAlert(deps, one)).toBe('published');
    expect(await deliverAlert(deps, one)).toBe('delivered before');
    expect(published).toEqual(['C-1#1']);
    expect((await store.outbox('C-1'))[0]?.deliveredAt).toBe('2026-11-21T02:00:02.000Z');
  });

  it('never follows a newer one of its case', async () => {
    const { deps, published, one, two, three, store } = await sending();
    expect(await deliverAlert(deps, three)).toBe('published');
    expect(await deliverAlert(deps, one)).toBe('superseded');
    expect(await deliverAlert(deps, two)).toBe('superseded');
    expect(published).toEqual(['C-1#3']);
    expect((await store.outbox('C-1')).map(({ superseded }) => superseded)).toEqual([true, true, undefined]);
  });

  it('that was refused is sent when it comes again', async () => {
    const { deps, published, one } = await sending();
    const failing = { ...deps, publisher: { publish: () => Promise.reject(new Error('SNS is down')) } };
    await expect(deliverAlert(failing, one)).rejects.toThrow('SNS is down');
    expect(await deliverAlert(deps, one)).toBe('published');
    expect(published).toEqual(['C-1#1']);
  });

  it.each(['outbox.claim', 'outbox.settle'])(
    'is never lost to a crash before or after %s, and a second copy has the same id',
    async (name) => {
      for (const when of ['before', 'after'] as const) {
        let crashes = 1;
        const { deps, published, one } = await sending(async (call, run) => {
          const crash = call.name === name && crashes > 0;
          if (crash) crashes -= 1;
          if (crash && when === 'before') throw new Error('crash');
          const result = await run();
          if (crash) throw new Error('crash');
          return result;
        });
        await expect(deliverAlert(deps, one)).rejects.toThrow('crash');
        await deliverAlert(deps, one);
        expect(published.length).toBeGreaterThanOrEqual(1);
        expect(new Set(published)).toEqual(new Set(['C-1#1']));
      }
    },
  );
});
