import { accessBlockIn } from '../../shared/aws/resources/access-block-calls.ts';
import { createResources } from '../../shared/aws/resources/create-resources.ts';
import type { ResourceService } from '../../shared/aws/resources/resource-service.ts';
import type { AccessBlock } from '../../shared/containment/access-block.ts';
import type { ResourceCall } from '../../shared/containment/call.ts';
import type { StandingRule } from '../../shared/containment/ingress.ts';
import {
  type ResourceKind,
  type ResourceRef,
  type ResourceState,
  resourceKindOf,
} from '../../shared/containment/resource.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Resources } from '../../shared/ports/resources.ts';
import type { Fault } from './fake-iam.ts';
import { IamFault } from './iam-account.ts';
import type { Things } from './oracle.ts';
import { permissionText } from './thing-of.ts';

type Kind = Exclude<ResourceKind, 'permission-set'>;

/** By the names that each service gives them. */
const ERRORS: Readonly<Record<Fault, Readonly<Record<Kind, string>>>> = {
  denied: {
    trail: 'AccessDeniedException',
    'security-group': 'UnauthorizedOperation',
    bucket: 'AccessDenied',
    account: 'AccessDenied',
    secret: 'AccessDeniedException',
  },
  throttled: {
    trail: 'ThrottlingException',
    'security-group': 'RequestLimitExceeded',
    bucket: 'SlowDown',
    account: 'SlowDown',
    secret: 'ThrottlingException',
  },
  'server-error': {
    trail: 'InternalFailure',
    'security-group': 'InternalError',
    bucket: 'InternalError',
    account: 'InternalError',
    secret: 'InternalServiceError',
  },
  missing: {
    trail: 'TrailNotFoundException',
    'security-group': 'InvalidGroup.NotFound',
    bucket: 'NoSuchBucket',
    account: 'NoSuchBucket',
    secret: 'ResourceNotFoundException',
  },
  quota: {
    trail: 'LimitExceededException',
    'security-group': 'RulesPerSecurityGroupLimitExceeded',
    bucket: 'LimitExceeded',
    account: 'LimitExceeded',
    secret: 'LimitExceededException',
  },
  unavailable: {
    trail: 'UnknownOperationException',
    'security-group': 'InvalidAction',
    bucket: 'NotImplemented',
    account: 'NotImplemented',
    secret: 'UnknownOperationException',
  },
  timeout: {
    trail: 'TimeoutError',
    'security-group': 'TimeoutError',
    bucket: 'TimeoutError',
    account: 'TimeoutError',
    secret: 'TimeoutError',
  },
  'answer-lost': {
    trail: 'TimeoutError',
    'security-group': 'TimeoutError',
    bucket: 'TimeoutError',
    account: 'TimeoutError',
    secret: 'TimeoutError',
  },
};

const READ_BY: Readonly<Record<Kind, string>> = {
  trail: 'GetTrailStatus',
  'security-group': 'DescribeSecurityGroupRules',
  bucket: 'GetPublicAccessBlock',
  account: 'GetAccountPublicAccessBlock',
  secret: 'DescribeSecret',
};

/** A secret in Secrets Manager. Whoever reads its state moves its rotation on: no clock runs here. */
export type FakeSecret = {
  readonly arn: string;
  readonly rotates: boolean;
  readonly managed: boolean;
  current: string;
  previous: string | null;
  pending: string | null;
  /** How often its password was changed, and when last. */
  rotations: number;
  rotatedAt: string | null;
  /** How many reads a rotation takes; Infinity: it never comes to an end. */
  readonly lasts: number;
  left: number;
};

/** Things of other services in memory, behind the adapter that Rescind uses, with a log of calls and a script of faults. */
export function createFakeResources() {
  /** Whether each trail logs, what each group lets in, and what each bucket and account blocks: by their ARNs. */
  const trails = new Map<string, boolean>();
  const groups = new Map<string, readonly StandingRule[]>();
  const blocks = new Map<string, AccessBlock | null>();
  const secrets = new Map<string, FakeSecret>();
  const log: { readonly operation: string; readonly call?: ResourceCall }[] = [];
  const faults: { readonly operation: string; occurrence: number; last: number; readonly fault: Fault }[] = [];
  let rules = 0;

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
  const look = ({ arn }: ResourceRef, kind: Kind): ResourceState => {
    const [isLogging, standing, block] = [trails.get(arn), groups.get(arn), blocks.get(arn)];
    const secret = secrets.get(arn);
    if (secret !== undefined) return stateOf(secret);
    if (isLogging !== undefined) return { kind: 'trail', isLogging };
    if (standing !== undefined) return { kind: 'security-group', rules: standing };
    if (block !== undefined) return { kind: 'access-block', block };
    throw fault('missing', kind);
  };
  const perform = (call: ResourceCall, kind: Kind): void => {
    const { arn } = call.on;
    look(call.on, kind);
    switch (call.operation) {
      case 'StartLogging':
      case 'StopLogging':
        trails.set(arn, call.operation === 'StartLogging');
        return;
      case 'RotateSecret':
        rotate(secrets.get(arn), String(call.input.ClientRequestToken));
        return;
      case 'PutPublicAccessBlock':
        blocks.set(arn, accessBlockIn(call));
        return;
      case 'DeletePublicAccessBlock':
        blocks.set(arn, null);
        return;
      case 'RevokeSecurityGroupIngress': {
        const before = groups.get(arn) ?? [];
        const left = before.filter((one) => textOf(one) !== permissionText(call.input.IpPermissions));
        // As in a VPC that is not the default one.
        if (left.length === before.length) throw new IamFault('InvalidPermission.NotFound', 'no such rule');
        groups.set(arn, left);
        return;
      }
      case 'AuthorizeSecurityGroupIngress': {
        const rule = ruleIn(call.input.IpPermissions);
        const before = groups.get(arn) ?? [];
        // That it stands already the adapter takes for done.
        if (before.some((one) => textOf(one) === textOf(rule))) return;
        rules += 1;
        groups.set(arn, [...before, { ...rule, ruleId: `sgr-a${rules}` }]);
        return;
      }
    }
  };
  const serviceOf = (kind: Kind, clock: Pick<Clock, 'now'>): ResourceService => ({
    reads: READ_BY[kind],
    async read(of) {
      log.push({ operation: READ_BY[kind] });
      const met = meet(READ_BY[kind]);
      if (met !== undefined) throw fault(met, kind);
      moveOn(secrets.get(of.arn), clock.now().toISOString());
      return look(of, kind);
    },
    prepare: (call) => async () => {
      log.push({ operation: call.operation, call });
      const met = meet(call.operation);
      if (met !== undefined && met !== 'answer-lost') throw fault(met, kind);
      perform(call, kind);
      if (met !== undefined) throw fault(met, kind);
    },
  });

  return {
    trails,
    groups,
    blocks,
    secrets,
    log,
    calls: (): readonly ResourceCall[] => log.flatMap(({ call }) => (call === undefined ? [] : [call])),
    /** The n-th call of this operation from now, counted from 1, meets this fault; and so do the next ones, `times` in all. */
    failOn(operation: string, occurrence: number, met: Fault, times = 1): void {
      faults.push({ operation, occurrence, last: occurrence + times - 1, fault: met });
    },
    resourcesWith: (clock: Clock, random: () => number): Resources =>
      createResources(
        async (kind) => {
          if (kind === 'permission-set') throw new TypeError('Permission sets are in fake-identity-center.ts');
          return serviceOf(kind, clock);
        },
        { clock, random },
      ),
    /** By the names that `thingOf` gives to what their calls change. */
    things: (): Things =>
      new Map([
        ...[...trails].map(([arn, isLogging]) => [`Name=${arn}`, String(isLogging)] as const),
        ...[...groups].flatMap(([arn, standing]) =>
          standing.map((rule) => [`GroupId=${nameIn(arn)} ${textOf(rule)}`, rule.description ?? ''] as const),
        ),
        ...[...secrets.values()].map(({ arn, current }) => [`SecretId=${arn}`, current] as const),
        ...[...blocks].map(
          ([arn, block]) =>
            [
              resourceKindOf(arn) === 'account' ? `AccountId=${arn.split(':')[4]}` : `Bucket=${nameIn(arn)}`,
              block === null ? 'none' : JSON.stringify(Object.entries(block).sort()),
            ] as const,
        ),
      ]),
    /** What a case about the thing must not leave open, by a look of one's own. `before`: what was there before the attack. */
    open(arn: string, opened: readonly string[] = []): readonly string[] {
      const block = blocks.get(arn);
      return [
        ...(trails.get(arn) === false ? [`${arn} does not log`] : []),
        ...(groups.get(arn) ?? [])
          .map(textOf)
          .filter((text) => opened.includes(text))
          .map((text) => `${text} is let in`),
        ...(block === undefined || (block !== null && Object.values(block).every(Boolean))
          ? []
          : [`${arn} is not blocked`]),
      ];
    },
    /** Secrets whose handed out value may still open something, by a look of one's own. */
    stillValid: (): readonly string[] =>
      [...secrets.values()]
        .filter(({ rotations, managed }) => rotations < (managed ? 1 : 2))
        .map(({ arn }) => `the value of ${arn} is valid`),
    isThere: (arn: string): boolean => trails.has(arn) || groups.has(arn) || blocks.has(arn),
  };
}

export type FakeResources = ReturnType<typeof createFakeResources>;

function stateOf({ arn, rotates, managed, current, previous, pending, rotatedAt }: FakeSecret): ResourceState {
  return { kind: 'secret', arn, rotates, managed, current, previous, pending: pending !== null, rotatedAt };
}

/** As Secrets Manager: the same token asks for the same rotation, and another must wait until that has ended. */
function rotate(secret: FakeSecret | undefined, token: string): void {
  if (secret === undefined) throw new IamFault('ResourceNotFoundException', 'no such secret');
  if ([secret.current, secret.previous, secret.pending].includes(token)) return;
  if (secret.pending !== null) throw new IamFault('InvalidRequestException', 'a previous rotation is not complete');
  secret.pending = token;
  secret.left = secret.lasts;
}

function moveOn(secret: FakeSecret | undefined, now: string): void {
  if (secret === undefined || secret.pending === null) return;
  secret.left -= 1;
  if (secret.left > 0) return;
  secret.previous = secret.current;
  secret.current = secret.pending;
  secret.pending = null;
  secret.rotations += 1;
  secret.rotatedAt = now;
}

/** As PutSecretValue: the labels move on, and what the value opens does not know. */
export function putValue(secret: FakeSecret, version: string): void {
  secret.previous = secret.current;
  secret.current = version;
  secret.pending = null;
}

/** A secret of this name, as a record names it that does not know the end of its ARN. */
export function secretAt(
  resources: Pick<FakeResources, 'secrets'>,
  name: string,
  of: Partial<Pick<FakeSecret, 'rotates' | 'managed' | 'lasts'>> = {},
): FakeSecret {
  const arn = `arn:aws:secretsmanager:us-east-1:111122223333:secret:${name}`;
  const { rotates = true, managed = false, lasts = 3 } = of;
  const made: FakeSecret = {
    arn: `${arn}-AbCdEf`,
    rotates,
    managed,
    lasts,
    rotations: 0,
    rotatedAt: null,
    current: 'version-1',
    previous: null,
    pending: null,
    left: 0,
  };
  resources.secrets.set(`${arn}-??????`, made);
  return made;
}

function fault(of: Fault, kind: Kind): IamFault {
  return new IamFault(ERRORS[of][kind], of);
}

function nameIn(arn: string): string {
  return arn.slice(Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1);
}

function textOf({ protocol, fromPort, toPort, source }: StandingRule): string {
  return [protocol, fromPort, toPort, source].join(' ');
}

function ruleIn(permissions: unknown): StandingRule {
  const [protocol = '', fromPort, toPort, source = ''] = permissionText(permissions).split(' ');
  const [, description] = /"Description":"([^"]*)"/.exec(JSON.stringify(permissions)) ?? [];
  return {
    protocol,
    fromPort: Number(fromPort),
    toPort: Number(toPort),
    source,
    ...(description === undefined ? {} : { description }),
  };
}
