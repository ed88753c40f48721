import type { Detection } from '../cases/case.ts';
import type { LastRelease } from '../cases/last-release.ts';
import type { Outcome } from '../cases/outcome.ts';
import { assertNever } from '../json.ts';
import type { ResidueItem } from '../residue/residue.ts';
import { clean } from './plain-text.ts';

/** Most letters of each kind of text in the document for programs. */
export const NAME = 256;
export const SENTENCE = 400;
/** An ARN of IAM with the longest path and name has fewer letters. */
export const ARN = 700;

/** A detection whose every text is on one line and cut in length. */
export function cleanDetection(detection: Detection): Detection {
  const { sourceIp, accessKeyId, granted, touched, unfit, mode, forSeconds, releasedSince } = detection;
  return {
    ruleId: clean(detection.ruleId, 128),
    ruleTitle: clean(detection.ruleTitle, NAME),
    ruleFile: clean(detection.ruleFile, NAME),
    level: detection.level,
    eventId: clean(detection.eventId, 64),
    eventTime: clean(detection.eventTime, 40),
    detectedAt: clean(detection.detectedAt, 40),
    eventSource: clean(detection.eventSource, 128),
    eventName: clean(detection.eventName, 128),
    region: clean(detection.region, 40),
    actor: clean(detection.actor, NAME),
    ...(sourceIp === undefined ? {} : { sourceIp: clean(sourceIp, 128) }),
    ...(accessKeyId === undefined ? {} : { accessKeyId: clean(accessKeyId, 128) }),
    granted: granted.slice(0, 5).map((grant) => {
      switch (grant.kind) {
        case 'policy-attached':
          return { ...grant, principal: clean(grant.principal, NAME), policyArn: clean(grant.policyArn, ARN) };
        case 'access-key-created':
          return { ...grant, principal: clean(grant.principal, NAME), accessKeyId: clean(grant.accessKeyId, 128) };
        case 'inline-policy-put':
          return { ...grant, principal: clean(grant.principal, NAME), policyName: clean(grant.policyName, NAME) };
        case 'trust-opened':
          return { ...grant, principal: clean(grant.principal, NAME), accounts: grant.accounts.slice(0, 5) };
        // Of an ARN's own alphabet: `changedOn` takes no other.
        case 'trail-stopped':
        case 'access-block-removed':
          return grant;
        case 'ingress-opened':
          return {
            ...grant,
            rules: grant.rules.slice(0, 5).map(({ description: _theirs, ...rule }) => rule),
            leftOut: grant.leftOut + Math.max(0, grant.rules.length - 5),
          };
        default:
          return assertNever(grant);
      }
    }),
    ...(touched === undefined
      ? {}
      : {
          touched: {
            resources: touched.resources.slice(0, 5).map((one) => ({ ...one, arn: clean(one.arn, ARN) })),
            leftOut: touched.leftOut + Math.max(0, touched.resources.length - 5),
          },
        }),
    playbook: clean(detection.playbook, 64),
    ...(mode === undefined ? {} : { mode }),
    ...(forSeconds === undefined ? {} : { forSeconds }),
    ...(releasedSince === undefined ? {} : { releasedSince: cleanRelease(releasedSince) }),
    ...(unfit === undefined ? {} : { unfit: clean(unfit, SENTENCE) }),
  };
}

export function cleanRelease({ caseId, at }: LastRelease): LastRelease {
  return { caseId: clean(caseId, 64), at: clean(at, 40) };
}

/** What somebody left behind, likewise. What it gave is for a release, and told by its own words. */
export function cleanThing({ granted: _granted, ...thing }: ResidueItem): ResidueItem {
  return {
    ...thing,
    what: clean(thing.what, SENTENCE),
    by: clean(thing.by, NAME),
    at: clean(thing.at, 40),
    eventId: clean(thing.eventId, 64),
    contain: clean(thing.contain, SENTENCE),
  };
}

/** An outcome likewise, with at most `limit` entries in each of its lists. */
export function cleanOutcome(outcome: Outcome, limit: number): Outcome {
  switch (outcome.kind) {
    case 'planned':
      return outcome;
    case 'gone':
      return { ...outcome, detail: clean(outcome.detail, SENTENCE) };
    case 'refused': {
      const { humanSteps, ...refusal } = outcome;
      return {
        ...refusal,
        detail: clean(outcome.detail, SENTENCE),
        ...(humanSteps === undefined ? {} : { humanSteps: cleanSteps(humanSteps, limit) }),
      };
    }
    case 'not-containable':
      return { ...outcome, why: clean(outcome.why, SENTENCE), humanSteps: cleanSteps(outcome.humanSteps, limit) };
    case 'contained':
    case 'partial': {
      const residual = outcome.residual
        .slice(0, limit)
        .map(({ what, humanStep }) => ({ what: clean(what, SENTENCE), humanStep: clean(humanStep, SENTENCE) }));
      const unavailable = outcome.unavailable
        .slice(0, limit)
        .map(({ operation, reason }) => ({ operation: clean(operation, 128), reason: clean(reason, SENTENCE) }));
      if (outcome.kind === 'contained') return { ...outcome, residual, unavailable };
      const missing = outcome.missing
        .slice(0, limit)
        .map(({ item, reason }) => ({ item: clean(item, SENTENCE), reason: clean(reason, SENTENCE) }));
      return { ...outcome, missing, residual, unavailable };
    }
    default:
      return assertNever(outcome);
  }
}

function cleanSteps(steps: readonly string[], limit: number): readonly string[] {
  return steps.slice(0, limit).map((step) => clean(step, SENTENCE));
}
