import type { Job } from '../../shared/cases/own-roles.ts';
import type { Level } from '../../shared/rules/rule.ts';

export type JobFacts = {
  readonly description: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly reservedConcurrency?: number;
  /** How loud the alarm on its errors is, and what an error of it means. */
  readonly severity: Level;
  readonly errorMeans: string;
};

/**
 * Each function in a few lines of facts.
 *
 * Reserved concurrency is taken out of the account's: it keeps places for containment while a flood of events holds
 * evaluate at its cap, where events wait in Lambda's own queue for up to six hours. Lambda refuses to leave less than 100
 * unreserved (or 10, in an account whose quota was never raised): the account needs a quota of at least 129 in the home
 * region. Most have 1,000; a new one may have 10, and the increase is free (Service Quotas, "Concurrent executions").
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 *
 * More memory is more processor, and with it shorter cold starts: 1,769 MB is one full one.
 */
export const JOB_FACTS: Readonly<Record<Job, JobFacts>> = {
  evaluate: {
    description: 'Decides which rules a CloudTrail record meets, and opens or joins cases',
    timeoutSeconds: 30,
    memoryMb: 1024,
    reservedConcurrency: 15,
    severity: 'high',
    errorMeans: 'A record was not evaluated. It is tried twice more, then kept in the queue of failed records.',
  },
  plan: {
    description: 'Reads the live state of a subject and writes down the exact calls that would contain it',
    timeoutSeconds: 60,
    memoryMb: 1024,
    severity: 'high',
    errorMeans: 'A containment could not be planned. It is tried again; if the alarm stays, look at the execution.',
  },
  contain: {
    description: 'Takes access back: the deny first, every change in the ledger before it is made',
    timeoutSeconds: 60,
    memoryMb: 1024,
    reservedConcurrency: 5,
    severity: 'critical',
    errorMeans: 'A containment stumbled, and the access may still be there. Look at the case and its execution.',
  },
  revert: {
    description: 'Undoes what a detected call changed, every change in the ledger before it is made',
    timeoutSeconds: 60,
    memoryMb: 1024,
    reservedConcurrency: 2,
    severity: 'critical',
    errorMeans: 'An offending change was not undone, or only in part. Look at the case and its execution.',
  },
  verify: {
    description: 'Reads again whether the access is gone, and says so only when it is',
    timeoutSeconds: 60,
    memoryMb: 1024,
    reservedConcurrency: 5,
    severity: 'high',
    errorMeans: 'A containment could not be verified, so its case does not call it contained. Look at the execution.',
  },
  restore: {
    description: 'Gives back exactly what the ledger says was taken',
    timeoutSeconds: 60,
    memoryMb: 1024,
    reservedConcurrency: 2,
    severity: 'high',
    errorMeans: 'A release stumbled: somebody may lack access that was to be given back. Look at the case.',
  },
  notify: {
    description: 'Sends the alerts of the outbox',
    timeoutSeconds: 30,
    memoryMb: 512,
    severity: 'critical',
    errorMeans: 'Alerts are not being sent. Containment goes on: read the cases until this is mended.',
  },
  sweep: {
    description: 'Ends locks whose execution is lost, and keeps which resources bear the tags of the policy',
    timeoutSeconds: 60,
    memoryMb: 512,
    severity: 'high',
    errorMeans:
      'Locks whose execution is lost are not ended, or what bears a tag is not looked for. It is tried again within five minutes; look at its log.',
  },
  evidence: {
    description: 'Keeps what the subject of a new case did, for whoever investigates it',
    // Forty lookups, two a second, and as long again for waiting until CloudTrail lets it.
    timeoutSeconds: 120,
    memoryMb: 1024,
    severity: 'medium',
    errorMeans: 'What the subject of a case did was not kept. It is tried again; the case says what came of it.',
  },
  reconcile: {
    description: 'Looks in the history of CloudTrail for records that were never delivered',
    timeoutSeconds: 300,
    memoryMb: 1024,
    severity: 'high',
    errorMeans: 'Lost records were not all looked for. It comes by every fifteen minutes; look at its log.',
  },
  operate: {
    description: 'Answers the signed requests of operators: approve, extend, release, close',
    timeoutSeconds: 30,
    memoryMb: 512,
    severity: 'high',
    errorMeans: 'An order of an operator failed, and may not have been carried out. Look at the case.',
  },
  record: {
    description: 'Keeps who accessed what, and when',
    timeoutSeconds: 60,
    memoryMb: 512,
    severity: 'medium',
    errorMeans:
      'Accesses were not recorded. They come again, five times in all; then they wait in a queue with an alarm.',
  },
};

/** Longer than any function that the machine calls may run, so that Lambda's timeout is met first, and names itself. */
export const TASK_TIMEOUT_SECONDS = 90;
