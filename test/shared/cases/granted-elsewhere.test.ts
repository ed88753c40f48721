import { describe, expect, it } from 'vitest';
import type { Granted } from '../../../shared/cases/case.ts';
import { grantedElsewhere } from '../../../shared/cases/granted-elsewhere.ts';
import { detection, newCase } from '../../support/case-scene.ts';

const ARN = 'arn:aws:iam::aws:policy/AdministratorAccess';
const told = (...granted: Granted[]) => grantedElsewhere(newCase(), [detection({ granted })]);

describe('what was given to somebody else than user mallory', () => {
  it('is what a role of the same name got', () => {
    expect(told({ kind: 'policy-attached', principal: 'mallory', to: 'role', policyArn: ARN })).toHaveLength(1);
    expect(told({ kind: 'trust-opened', principal: 'mallory', accounts: ['*'] })).toHaveLength(1);
  });

  it('is nothing that she got, in whatever letters the call wrote her name', () => {
    expect(
      told(
        { kind: 'policy-attached', principal: 'MALLORY', to: 'user', policyArn: ARN },
        { kind: 'access-key-created', principal: 'Mallory', accessKeyId: 'AKIANEW' },
      ),
    ).toEqual([]);
  });

  it('is told with a command in which no text of a record is more than a name', () => {
    const [residual] = told({ kind: 'access-key-created', principal: 'x; rm -rf ~', accessKeyId: '$(id)' });
    expect(residual?.humanStep).toBe(
      'aws iam update-access-key --user-name USER --access-key-id KEY-ID --status Inactive',
    );
  });
});
