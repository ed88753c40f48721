import { isTimed } from '../containment/playbooks.ts';
import { isJsonObject } from '../json.ts';
import { unknownName } from './nearest.ts';
import { DEFAULT_SCHEDULE } from './policy-defaults.ts';
import { endpointProblem, isProtocol } from './subscription.ts';

/** A problem at a place in the policy's structure; `at` says which half of a pair to point to, the value unless told. */
export type Found = { readonly path: readonly PropertyKey[]; readonly message: string; readonly at?: 'key' };

const listAt = (value: unknown, key: string): readonly unknown[] => {
  const list: unknown = isJsonObject(value) ? value[key] : undefined;
  return Array.isArray(list) ? list : [];
};

/** Acting without a protected principal can lock everybody out, so the two go together or not at all. */
function protectedBeforeActing(policy: unknown): readonly Found[] {
  if (!isJsonObject(policy)) return [];
  const { mode } = policy;
  if (mode !== 'enforce' && mode !== 'approve') return [];
  const given = policy.protected;
  if (given !== undefined && given !== null && !(Array.isArray(given) && given.length === 0)) return [];
  const why = 'or everybody could be locked out: write e.g. - arn:aws:iam::*:role/BreakGlass*';
  return given === undefined
    ? [{ path: ['mode'], message: `${mode} needs at least one entry in protected, ${why}` }]
    : [{ path: ['protected'], message: `needs at least one entry in mode ${mode}, ${why}` }];
}

function someRules(policy: unknown): readonly Found[] {
  const folders = isJsonObject(policy) ? policy.rules : undefined;
  return Array.isArray(folders) && folders.length === 0
    ? [{ path: ['rules'], message: 'names no folder, so nothing would ever be detected: write e.g. - rules' }]
    : [];
}

/** Where the policy lists who is subscribed to a topic. */
const SUBSCRIPTIONS: readonly (readonly [string, string])[] = [
  ['alerts', 'page'],
  ['alerts', 'information'],
  ['tickets', 'topic'],
];

function endpointsFit(policy: unknown): readonly Found[] {
  return SUBSCRIPTIONS.flatMap(([section, key]) =>
    listAt(isJsonObject(policy) ? policy[section] : undefined, key).flatMap((subscription, index) => {
      if (!isJsonObject(subscription) || !isProtocol(subscription.protocol)) return [];
      const message = endpointProblem(subscription.protocol, subscription.endpoint);
      return message === undefined ? [] : [{ path: [section, key, index, 'endpoint'], message }];
    }),
  );
}

function responsesAnswer(policy: unknown): readonly Found[] {
  return listAt(policy, 'responses').flatMap((response, index) =>
    isJsonObject(response) && ['playbook', 'mode', 'for'].every((key) => response[key] === undefined)
      ? [{ path: ['responses', index], message: 'answers nothing: give it a playbook, a mode or both' }]
      : [],
  );
}

/** What ends by itself must say when; what a person ends must not look as if it ended by itself. */
function locksEnd(policy: unknown): readonly Found[] {
  return listAt(policy, 'responses').flatMap((response, index): readonly Found[] => {
    if (!isJsonObject(response) || response.playbook === undefined) return [];
    const { playbook } = response;
    const path = ['responses', index];
    if (playbook === 'lock' && response.for === undefined) {
      const message = 'lock must say for how long: write e.g. for: 4 h, or use contain, which a person ends';
      return [{ path: [...path, 'playbook'], message }];
    }
    return !(typeof playbook === 'string' && isTimed(playbook)) && response.for !== undefined
      ? [
          {
            path: [...path, 'for'],
            at: 'key',
            message: 'goes with playbook lock or revoke-access only: what others do, a person ends',
          },
        ]
      : [];
  });
}

function repeated(list: readonly unknown[], path: readonly PropertyKey[]): readonly Found[] {
  const seen = new Set<string>();
  return list.flatMap((entry, index) => {
    const text = JSON.stringify(entry) ?? '';
    const again = seen.has(text);
    seen.add(text);
    return again ? [{ path: [...path, index], message: 'is written twice: remove one' }] : [];
  });
}

function nothingTwice(policy: unknown): readonly Found[] {
  const record = isJsonObject(policy) ? policy.record : undefined;
  return [
    ...['protected', 'rules', 'sensitive', 'accounts', 'regions'].flatMap((key) =>
      repeated(listAt(policy, key), [key]),
    ),
    ...['services', 'actions', 'resources'].flatMap((key) => repeated(listAt(record, key), ['record', key])),
    ...SUBSCRIPTIONS.flatMap(([section, key]) =>
      repeated(listAt(isJsonObject(policy) ? policy[section] : undefined, key), [section, key]),
    ),
  ];
}

/** Rules write these names: `%name%` takes no other letters. */
const NAME = /^[A-Za-z0-9][\w.-]*$/;

function namesAreWords(policy: unknown): readonly Found[] {
  if (!isJsonObject(policy)) return [];
  return ['schedules', 'lists'].flatMap((key) => {
    const map = policy[key];
    if (!isJsonObject(map)) return [];
    const wrong = Object.keys(map).filter((name) => !NAME.test(name));
    const message = 'is not a name: write letters, digits and hyphens';
    return wrong.map((name): Found => ({ path: [key, name], message, at: 'key' }));
  });
}

function windowsHaveSchedules(policy: unknown): readonly Found[] {
  const given = isJsonObject(policy) && isJsonObject(policy.schedules) ? Object.keys(policy.schedules) : [];
  const known = [...new Set([...given, DEFAULT_SCHEDULE])];
  return listAt(policy, 'change-windows').flatMap((window, index) => {
    const name: unknown = isJsonObject(window) ? window.schedule : undefined;
    if (typeof name !== 'string' || known.includes(name)) return [];
    const path = ['change-windows', index, 'schedule'];
    return [{ path, message: unknownName('schedule', name, known) }];
  });
}

/**
 * What concerns several keys at once. It reads the file's own values and not the checked ones, so that these problems
 * show together with all others and not one round later.
 */
export function checkAcrossKeys(policy: unknown): readonly Found[] {
  return [
    protectedBeforeActing,
    someRules,
    endpointsFit,
    responsesAnswer,
    locksEnd,
    nothingTwice,
    namesAreWords,
    windowsHaveSchedules,
  ].flatMap((check) => check(policy));
}
