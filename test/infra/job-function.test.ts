import { App, Stack } from 'aws-cdk-lib';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, test } from 'vitest';
import { JobFunction } from '../../infra/constructs/job-function.ts';
import type { VariableName } from '../../shared/config/environment.ts';

/** notify, given these variables. */
function synthesise(names: readonly VariableName[]): () => void {
  const app = new App({ builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'S');
  const notify = new JobFunction(stack, 'notify', {
    codeOf: () => Code.fromAsset(import.meta.dirname),
    guard: ManagedPolicy.fromManagedPolicyName(stack, 'Guard', 'Rescind-Guard'),
    pageTopic: new Topic(stack, 'Page'),
    embedded: false,
  });
  for (const name of names) notify.setEnvironment(name, 'x');
  return () => app.synth();
}

const WHAT_NOTIFY_READS = ['CASES_TABLE', 'PAGE_TOPIC_ARN', 'TICKETS_TOPIC_ARN', 'INFORMATION_TOPIC_ARN'] as const;

describe('a function', () => {
  test('is synthesised when it is given exactly what it reads from its environment', () => {
    expect(synthesise(WHAT_NOTIFY_READS)).not.toThrow();
  });

  test('is refused when it lacks a variable', () => {
    expect(synthesise(['CASES_TABLE', 'PAGE_TOPIC_ARN', 'TICKETS_TOPIC_ARN'])).toThrow(
      'notify is not given INFORMATION_TOPIC_ARN',
    );
  });

  test('is refused when it is given one that it does not read', () => {
    expect(synthesise([...WHAT_NOTIFY_READS, 'STOP_PARAMETER'])).toThrow('notify does not read STOP_PARAMETER');
  });
});
