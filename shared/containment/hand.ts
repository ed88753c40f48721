import { assertNever } from '../json.ts';
import type { LedgerEntry } from '../ports/ledger.ts';
import type { Change, Stage } from './action.ts';
import type { Call, CallResult } from './call.ts';
import { isOpen } from './chain.ts';
import type { ContainDeps } from './contain.ts';
import { isSetAsRead, isSetCall } from './permission-set-change.ts';
import { readLive, sourceOf } from './read-live.ts';
import type { ContainableSubject } from './read-subject.ts';
import { whyGone } from './same-principal.ts';
import { sendCall } from './send-call.ts';
import { isStillPrior } from './trust-change.ts';
import type { Attempt, Due, Work } from './work.ts';

/** What became of one step. */
export type StepReport = Pick<Work, 'stepKey' | 'actionId' | 'target' | 'title'> & {
  readonly stage: Stage;
  /** `stands`: made earlier. `unknown`: it could not be read whether it still stands. */
  readonly result: 'done' | 'stands' | 'reasserted' | 'failed' | 'unknown';
  /** The call really made, or that made it stand. */
  readonly call: Call;
  readonly detail?: string;
  /** When it went through: ISO 8601. */
  readonly at?: string;
  /** How often it was put back, this time included. */
  readonly reasserted: number;
};

export type CarriedOut =
  | { readonly kind: 'report'; readonly report: StepReport }
  | { readonly kind: 'gone'; readonly detail: string };

/** Makes changes, each after its intent and before its result is written: the only place that sends a containing call. */
export function createHand(
  deps: Pick<ContainDeps, 'iam' | 'resources' | 'ledger' | 'clock'>,
  subject: ContainableSubject,
  entries: readonly LedgerEntry[],
) {
  const { ledger, clock } = deps;
  let order = Math.max(-1, ...entries.map((entry) => entry.order)) + 1;
  let calls = 0;

  /** Writes intents in one batch. A call that could not be undone earlier starts over from what is there now. */
  const write = async (intents: readonly { readonly work: Work; readonly attempt: Attempt }[]): Promise<void> => {
    for (const { attempt } of intents) {
      if (attempt.entry?.state !== 'conflict') continue;
      await ledger.settle(attempt.key, { state: 'undone', detail: attempt.entry.detail ?? 'not undone' });
    }
    const missing = intents.filter(({ attempt: { entry } }) => entry === undefined || !isOpen(entry));
    if (missing.length === 0) return;
    await ledger.intend(
      missing.map(({ work: { actionId, target }, attempt: { key, call, prior } }) => ({
        key,
        actionId,
        target,
        call,
        prior,
        order: order++,
      })),
    );
  };

  const send = async (change: Change): Promise<CallResult | { readonly kind: 'gone'; readonly detail: string }> => {
    const { call } = change;
    if (call.operation === 'UpdateAssumeRolePolicy') {
      // The one call that writes a whole document of somebody else's: only from the text that it was made from.
      const live = await readLive(deps, subject, []);
      const nobody = whyGone(subject, live);
      if (live.kind === 'absent' || nobody !== undefined) return { kind: 'gone', detail: nobody ?? 'It is gone.' };
      if (!isStillPrior(change, live)) {
        return { kind: 'failed', error: 'ChangedMeanwhile', detail: 'the trust policy is not the one that was read' };
      }
    }
    if (isSetCall(change) && !isSetAsRead(change, await readLive(deps, subject, [sourceOf(call)]))) {
      return { kind: 'failed', error: 'ChangedMeanwhile', detail: 'the permission set is not as it was read' };
    }
    calls += 1;
    const result = await sendCall(deps, call);
    if (result.kind !== 'missing') return result;
    // The thing, or the whole principal? Only in the second case is there nobody left to contain.
    const gone = whyGone(subject, await readLive(deps, subject, []));
    if (gone !== undefined) return { kind: 'gone', detail: gone };
    return isGoalWhenMissing(call) ? { kind: 'done' } : result;
  };

  /** Sends the attempts from `from` on, until one goes through. */
  const make = async (work: Work, from: number, made?: LedgerEntry): Promise<CarriedOut> => {
    let failure: { readonly call: Call; readonly detail: string } | undefined;
    for (const [index, attempt] of [...work.attempts.entries()].slice(from)) {
      // The first attempt's intent was written in the batch.
      if (index > from) await write([{ work, attempt }]);
      const result = await send(attempt);
      if (result.kind === 'gone') {
        await ledger.settle(attempt.key, { state: 'failed', detail: result.detail });
        return result;
      }
      if (result.kind === 'done') {
        const again = index === from && made !== undefined;
        await ledger.settle(attempt.key, again ? { state: 'done', reasserted: true } : { state: 'done' });
        const at = clock.now().toISOString();
        const reasserted = again ? made.reasserted + 1 : 0;
        return reported(work, attempt.call, { result: again ? 'reasserted' : 'done', at, reasserted });
      }
      const detail = detailOf(result);
      await ledger.settle(attempt.key, { state: 'failed', detail });
      failure = { call: attempt.call, detail };
    }
    if (failure === undefined) throw new TypeError(`${work.stepKey} has no call`);
    return reported(work, failure.call, { result: 'failed', detail: failure.detail, reasserted: 0 });
  };

  return {
    mutatingCalls: () => calls,

    intend: (some: readonly { readonly work: Work; readonly due: Due }[]): Promise<void> =>
      write(
        some.flatMap(({ work, due }) => {
          const [attempt] = work.attempts;
          return due.kind === 'make' && attempt !== undefined ? [{ work, attempt }] : [];
        }),
      ),

    async carryOut(work: Work, due: Due): Promise<CarriedOut> {
      switch (due.kind) {
        case 'make':
          return make(work, 0);
        case 'again':
          return make(work, due.attempt, due.entry);
        case 'settle':
          await ledger.settle(due.entry.key, { state: 'done' });
          return reported(work, due.entry.call, { result: 'stands', at: due.entry.intendedAt, reasserted: 0 });
        case 'stands':
        case 'unknown': {
          const { call, settledAt, reasserted } = due.entry;
          const at = settledAt === undefined ? {} : { at: settledAt };
          return reported(work, call, { result: due.kind, ...at, reasserted });
        }
      }
    },
  };
}

/** Taking off or switching off what is no longer there has reached its goal. */
function isGoalWhenMissing({ operation }: Call): boolean {
  if (operation === 'UpdateAssumeRolePolicy') return false;
  return /^(Detach|Delete|Update|Revoke)/.test(operation);
}

function detailOf(result: Exclude<CallResult, { kind: 'done' }>): string {
  switch (result.kind) {
    case 'failed':
      return `${result.error}: ${result.detail}`;
    case 'quota':
      return `quota: ${result.detail}`;
    case 'missing':
      return `not there: ${result.detail}`;
    case 'unavailable':
      return `unavailable: ${result.detail}`;
    default:
      return assertNever(result);
  }
}

function reported(
  { stepKey, actionId, target, title, stage }: Work,
  call: Call,
  result: Pick<StepReport, 'result' | 'detail' | 'at' | 'reasserted'>,
): CarriedOut {
  return { kind: 'report', report: { stepKey, actionId, target, title, stage, call, ...result } };
}
