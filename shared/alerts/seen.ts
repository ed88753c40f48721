import type { Detection } from '../cases/case.ts';
import { LEVELS } from '../rules/rule.ts';
import { plain } from './plain-text.ts';
import { timeInZone } from './time-in-zone.ts';

/** Detections of one rule by one call: shown once, with how often. */
type Sighting = { readonly latest: Detection; readonly times: number };

/** A screen of a phone shows about this many before the part that says what to do is out of sight. */
const SHOWN = 5;

function sightings(detections: readonly Detection[]): readonly Sighting[] {
  const found = new Map<string, Sighting>();
  for (const detection of detections) {
    const key = JSON.stringify([detection.ruleId, detection.eventSource, detection.eventName]);
    const before = found.get(key);
    const latest = before && before.latest.eventTime > detection.eventTime ? before.latest : detection;
    found.set(key, { latest, times: (before?.times ?? 0) + 1 });
  }
  return [...found.values()];
}

const gravity = ({ latest }: Sighting): number => LEVELS.indexOf(latest.level);

/** `iam AttachUserPolicy`: the service without its host name, which a phone would make a link of. */
function callOf({ eventSource, eventName }: Detection): string {
  return plain(`${eventSource.replace(/\.amazonaws\.com$/, '')} ${eventName}`, 100);
}

function describe({ latest, times }: Sighting, zone: string): readonly string[] {
  const { sourceIp, accessKeyId, releasedSince } = latest;
  const often = times > 1 ? `, ${times} times, last` : '';
  const from = sourceIp === undefined ? '' : ` from ${plain(sourceIp, 60)}`;
  const key = accessKeyId === undefined ? '' : ` with key ${plain(accessKeyId, 40)}`;
  const late =
    releasedSince === undefined ? '' : `, before the subject was let go at ${timeInZone(releasedSince.at, zone)}`;
  return [
    `- ${plain(latest.ruleTitle, 120)} (${latest.level})${often}`,
    `  ${timeInZone(latest.eventTime, zone)}${late}`,
    `  ${callOf(latest)} in ${plain(latest.region, 30)}`,
    `  by ${plain(latest.actor, 100)}${from}${key}`,
  ];
}

/** The gravest detection, for where there is room for one only. */
export function gravest(detections: readonly Detection[]): Detection | undefined {
  return [...sightings(detections)].sort((a, b) => gravity(b) - gravity(a))[0]?.latest;
}

/** What the detections saw: the gravest, told in the order of time. */
export function seenLines(detections: readonly Detection[], older: number, zone: string): readonly string[] {
  const all = sightings(detections);
  const shown = [...all]
    .sort((a, b) => gravity(b) - gravity(a) || b.latest.eventTime.localeCompare(a.latest.eventTime))
    .slice(0, SHOWN)
    .sort((a, b) => a.latest.eventTime.localeCompare(b.latest.eventTime));
  const left = all.length - shown.length;
  return [
    ...shown.flatMap((sighting) => describe(sighting, zone)),
    ...(left > 0 ? [`- and ${left} more`] : []),
    ...(older > 0 ? [`- and ${older} older`] : []),
  ];
}
