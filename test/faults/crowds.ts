import { BREAKER_CASE } from '../../shared/alerts/alert.ts';
import { channelOf } from '../../shared/alerts/channel.ts';
import { accessEvent, rule, userPrincipal } from '../support/case-scene.ts';
import { createWholeWorld, START } from '../support/whole-world.ts';
import { castOf } from './cast.ts';
import type { Runs } from './figures.ts';

const BREAKER_SUBJECTS = 5;
/** So many events are evaluated at the same time. */
const WAVE = 25;

/** So many subjects within a few minutes, each with an event that a rule in mode enforce holds for. */
export async function storm({ seed, progress, subjects }: Runs & { readonly subjects: number }) {
  const world = createWholeWorld({ seed, order: 'by-time', breakerSubjects: BREAKER_SUBJECTS });
  for (let sent = 0; sent < subjects; sent += WAVE) {
    if (sent % 2_500 === 0) progress(`${sent} of ${subjects} subjects`);
    for (let n = sent; n < Math.min(subjects, sent + WAVE); n += 1) {
      const { userId, userName, arn } = world.fake.createUser(`user-${n}`, {
        accessKeys: new Map([[`AKIA${n}`, 'Active']]),
      });
      const principal = userPrincipal({ userId, userName, arn, accessKeyId: `AKIA${n}` });
      world.send(accessEvent({ eventId: `e-${n}`, principal }));
    }
    await world.timeline.run({ limit: 1_000_000 });
  }
  const pages = world.sent.filter((alert) => channelOf(alert) === 'page');
  return {
    touched: new Set(world.writes.map(({ input }) => String(input.UserName))).size,
    contained: (await world.store.list()).filter(({ state }) => state === 'contained').length,
    breakerPages: pages.filter(({ caseId }) => caseId === BREAKER_CASE).length,
    otherPages: pages.filter(({ caseId }) => caseId !== BREAKER_CASE).length,
    minutes: (world.clock.now().getTime() - new Date(START).getTime()) / 60_000,
    events: world.results.length,
    failures: world.failures,
  };
}

const HOUR_MS = 3_600_000;

/**
 * Somebody's automation gives back what a containment took, as often as it is taken: each tick is another event and,
 * once contained, a release. How often the subject is denied within any hour.
 */
export async function loop({ seed, progress, ticks }: Runs & { readonly ticks: number }) {
  const world = createWholeWorld({ seed, order: 'by-time', settleSeconds: 30 });
  const { event } = castOf('user', world);
  for (let tick = 0; tick < ticks; tick += 1) {
    if (tick % 250 === 0) progress(`${tick} of ${ticks} ticks`);
    const { clock } = world;
    const eventTime = `${clock.now().toISOString().slice(0, 19)}Z`;
    world.send({ ...event, eventId: `tick-${tick}`, eventTime });
    await world.timeline.run({ limit: 1_000_000 });
    const open = (await world.store.list()).find(({ state }) => state === 'contained' || state === 'needs-human');
    if (open !== undefined) world.order({ kind: 'release', caseId: open.caseId, all: true });
    world.background(clock.sleep(20_000));
    await world.timeline.run({ limit: 1_000_000 });
  }
  const denials = world.writes.filter(
    ({ operation, function: by }) => operation === 'AttachUserPolicy' && by.endsWith(' contain'),
  );
  const times = denials.map(({ at }) => at);
  const mostAnHour = Math.max(
    0,
    ...times.map((at) => times.filter((other) => other >= at && other < at + HOUR_MS).length),
  );
  const hours = (world.clock.now().getTime() - new Date(START).getTime()) / HOUR_MS;
  return { denials: denials.length, mostAnHour, hours, failures: world.failures };
}

/**
 * How long a containment takes, in calls to IAM until its deny stands and in milliseconds: alone, and while somebody
 * else's calls fail by the hundred and IAM throttles one call of the deny for it.
 */
export async function flood({ seed, events }: Runs & { readonly events: number }) {
  const measure = async (flooded: boolean) => {
    const world = createWholeWorld({
      seed,
      order: 'by-time',
      callMilliseconds: () => 40,
      rules: [rule(), rule({ id: 'noise' })],
      answers: { noise: { playbook: 'contain', mode: 'observe' } },
    });
    const { event } = castOf('user', world);
    const { userId, userName, arn } = world.fake.createUser('noisy');
    const principal = userPrincipal({ userId, userName, arn, accessKeyId: 'AKIANOISY' });
    if (flooded) {
      for (let n = 0; n < events; n += 1) {
        const of = { eventId: `noise-${n}`, principal, errorCode: 'AccessDenied', record: { holds: ['noise'] } };
        world.send(accessEvent(of));
      }
      world.fake.failOn('AttachUserPolicy', 1, 'throttled');
    }
    world.send({ ...event, record: { holds: ['rule-a'] } });
    await world.timeline.run({ limit: 1_000_000 });
    const deny = world.fake.log.filter(({ operation }) => operation === 'AttachUserPolicy');
    const ledgers = await Promise.all((await world.store.list()).map(({ caseId }) => world.store.ledger(caseId)));
    const denied = ledgers.flat().find(({ key }) => key.startsWith('quarantine'))?.settledAt ?? '';
    return { attempts: deny.length, milliseconds: Date.parse(denied) - new Date(START).getTime() };
  };
  return { alone: await measure(false), flooded: await measure(true) };
}
