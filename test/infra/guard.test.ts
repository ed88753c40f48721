import { App, Stack } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { Guard } from '../../infra/constructs/guard.ts';

function synthesise(protectedArns: readonly string[]) {
  const app = new App({ builtinCloudFormationValidation: false });
  new Guard(new Stack(app, 'S'), 'Guard', { protectedArns, quarantinePolicyArn: 'arn:aws:iam::111122223333:policy/Q' });
  return app.synth();
}

describe('the guard', () => {
  test('takes as many protected principals as fit into a policy, and says what to do about one too many', () => {
    const names = (count: number) =>
      Array.from({ length: count }, (_, i) => `arn:aws:iam::111122223333:user/person-${i}`);
    expect(() => synthesise(names(50))).not.toThrow();
    expect(() => synthesise(names(150))).toThrow(/protected.*too long for IAM: join some with a star/);
  });

  test('says nothing about protected principals where there are none', () => {
    const [stack] = synthesise([]).stacks;
    expect(JSON.stringify(stack?.template)).not.toContain('NeverTouchTheProtected');
  });
});
