import type { Alert } from './alert.ts';
import { identifier } from './plain-text.ts';
import { type Suggestion, situationOf } from './situation.ts';

const COMMANDS = {
  show: { label: 'Look', command: (id: string) => `npx rescind case show ${id}` },
  approve: { label: 'Approve', command: (id: string) => `npx rescind approve ${id}` },
  reject: { label: 'Reject', command: (id: string) => `npx rescind reject ${id}` },
  release: { label: 'Give the access back', command: (id: string) => `npx rescind release ${id}` },
  extend: { label: 'Keep it taken for longer', command: (id: string) => `npx rescind extend ${id} 2h` },
  'release-all': { label: 'Give back the rest too', command: (id: string) => `npx rescind release ${id} --all` },
  cases: { label: 'Look', command: () => 'npx rescind cases' },
  'close-breaker': { label: 'Close the breaker', command: () => 'npx rescind breaker close' },
} as const satisfies Record<Suggestion, { readonly label: string; readonly command: (id: string) => string }>;

/** The commands that make sense next, in the order in which they are wanted. */
export function commandsFor(alert: Alert): readonly { readonly label: string; readonly command: string }[] {
  const id = identifier(alert.caseId, 40);
  return situationOf(alert).suggestions.map((name) => ({
    label: COMMANDS[name].label,
    command: COMMANDS[name].command(id),
  }));
}
