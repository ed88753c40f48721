import { createResources } from '../../shared/aws/resources/create-resources.ts';
import type { ResourceService } from '../../shared/aws/resources/resource-service.ts';
import type { ResourceCall } from '../../shared/containment/call.ts';
import type { ResourceRef, ResourceState } from '../../shared/containment/resource.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Resources } from '../../shared/ports/resources.ts';
import type { Fault } from './fake-iam.ts';
import { IamFault } from './iam-account.ts';
import type { Things } from './oracle.ts';
import { thingOf } from './thing-of.ts';

/** By the names of the services that are asked. */
const ERRORS: Readonly<Record<Fault, string>> = {
  denied: 'AccessDenied',
  throttled: 'ThrottlingException',
  'server-error': 'InternalFailure',
  missing: 'TrailNotFoundException',
  quota: 'LimitExceededException',
  unavailable: 'UnknownOperationException',
  timeout: 'TimeoutError',
  'answer-lost': 'TimeoutError',
};

/** Things of other services in memory, behind the adapter that Rescind uses, with a log of calls and a script of faults. */
export function createFakeResources() {
  /** Whether each trail logs, by its ARN. */
  const trails = new Map<string, boolean>();
  const log: { readonly operation: string; readonly call?: ResourceCall }[] = [];
  const faults: { readonly operation: string; occurrence: number; last: number; readonly fault: Fault }[] = [];

  const meet = (operation: string): Fault | undefined => {
    let found: Fault | undefined;
    for (const one of faults) {
      if (one.operation !== operation) continue;
      one.occurrence -= 1;
      one.last -= 1;
      if (one.occurrence <= 0 && one.last >= 0) found ??= one.fault;
    }
    return found;
  };
  const look = ({ arn }: ResourceRef): ResourceState => {
    const isLogging = trails.get(arn);
    if (isLogging === undefined) throw fault('missing');
    return { kind: 'trail', isLogging };
  };
  const perform = ({ operation, on: { arn } }: ResourceCall): void => {
    if (!trails.has(arn)) throw fault('missing');
    trails.set(arn, operation === 'StartLogging');
  };
  const service: ResourceService = {
    reads: 'GetTrailStatus',
    async read(of) {
      log.push({ operation: 'GetTrailStatus' });
      const met = meet('GetTrailStatus');
      if (met !== undefined) throw fault(met);
      return look(of);
    },
    async send(call) {
      log.push({ operation: call.operation, call });
      const met = meet(call.operation);
      if (met !== undefined && met !== 'answer-lost') throw fault(met);
      perform(call);
      if (met !== undefined) throw fault(met);
    },
  };

  return {
    trails,
    log,
    perform,
    calls: (): readonly ResourceCall[] => log.flatMap(({ call }) => (call === undefined ? [] : [call])),
    /** The n-th call of this operation from now, counted from 1, meets this fault; and so do the next ones, `times` in all. */
    failOn(operation: string, occurrence: number, met: Fault, times = 1): void {
      faults.push({ operation, occurrence, last: occurrence + times - 1, fault: met });
    },
    resourcesWith: (clock: Clock, random: () => number): Resources =>
      createResources(async () => service, { clock, random }),
    things: (): Things =>
      new Map([...trails].map(([Name, isLogging]) => [thingOf('StartLogging', { Name }), String(isLogging)])),
    /** What a case about the thing must not leave open, by a look of one's own. */
    open: (arn: string): readonly string[] => (trails.get(arn) === false ? [`${arn} does not log`] : []),
    isThere: (arn: string): boolean => trails.has(arn),
  };
}

export type FakeResources = ReturnType<typeof createFakeResources>;

function fault(of: Fault): IamFault {
  return new IamFault(ERRORS[of], of);
}
