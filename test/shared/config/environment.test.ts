import { describe, expect, it } from 'vitest';
import { EnvironmentError, readEnvironment } from '../../../shared/config/environment.ts';

describe("a function's environment", () => {
  it('holds the named variables and nothing else', () => {
    const environment = { CASES_TABLE: 'cases', QUARANTINE_POLICY_ARN: 'arn:x', OTHER: 'y' };
    expect(readEnvironment(environment, ['CASES_TABLE', 'QUARANTINE_POLICY_ARN'])).toEqual({
      CASES_TABLE: 'cases',
      QUARANTINE_POLICY_ARN: 'arn:x',
    });
  });

  it('names all that is missing or empty at once', () => {
    const read = () =>
      readEnvironment({ CASES_TABLE: ' ' }, ['CASES_TABLE', 'QUARANTINE_POLICY_ARN', 'STOP_PARAMETER']);
    expect(read).toThrow(EnvironmentError);
    expect(read).toThrow('missing or empty in the environment: CASES_TABLE, QUARANTINE_POLICY_ARN, STOP_PARAMETER');
  });
});
