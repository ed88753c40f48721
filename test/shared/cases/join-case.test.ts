import { describe, expect, it } from 'vitest';
import type { Case } from '../../../shared/cases/case.ts';
import { type Joining, joinCase } from '../../../shared/cases/join-case.ts';
import type { Outcome } from '../../../shared/cases/outcome.ts';
import { detection, mallory, newCase } from '../../support/case-scene.ts';

const NOW = '2026-11-21T03:00:00.000Z';
const joining = (of: Partial<Joining> = {}): Joining => ({
  subject: mallory,
  detection: detection({ ruleId: 'rule-b', eventId: 'event-2', level: 'medium' }),
  mode: 'enforce',
  actions: ['quarantine', 'deactivate-keys'],
  newCaseId: 'C-9',
  now: NOW,
  ...of,
});
const standing = newCase({ state: 'contained', version: 3, revision: 9, planVersion: 1 });

describe('a detection', () => {
  it('opens a case where none is open', () => {
    expect(joinCase(undefined, joining())).toEqual({
      isNew: true,
      planDue: true,
      alertDue: false,
      next: {
        caseId: 'C-9',
        subject: mallory,
        state: 'open',
        severity: 'medium',
        version: 0,
        planVersion: 1,
        mode: 'enforce',
        actions: ['quarantine', 'deactivate-keys'],
        asked: { quarantine: 'enforce', 'deactivate-keys': 'enforce' },
        playbooks: ['contain'],
        ruleIds: ['rule-b'],
        openedAt: NOW,
        updatedAt: NOW,
        releases: 0,
        revision: 1,
      },
    });
  });

  it('that shows a contained subject at work reopens its case as partial', () => {
    const contained = newCase({
      state: 'contained',
      version: 3,
      revision: 9,
      planVersion: 1,
      outcome: { kind: 'contained', grade: 'B', residual: [], unavailable: [] },
    });
    const { next, planDue, alertDue } = joinCase(contained, joining({ provesAccess: true }));
    expect({ planDue, alertDue }).toEqual({ planDue: false, alertDue: true });
    expect(next).toMatchObject({ state: 'needs-human', version: 4, revision: 10 });
    expect(next.outcome).toMatchObject({ kind: 'partial', missing: [{ item: 'the deny' }] });
  });

  it('joins the open case quietly when it asks for nothing new', () => {
    const { next, isNew, planDue } = joinCase(standing, joining());
    expect({ isNew, planDue }).toEqual({ isNew: false, planDue: false });
    expect(next).toMatchObject({ state: 'contained', version: 3, revision: 10, planVersion: 1, severity: 'high' });
    expect(next.ruleIds).toEqual(['rule-a', 'rule-b']);
  });

  it('makes a plan due when it adds an action', () => {
    const { next, planDue } = joinCase(standing, joining({ actions: ['detach-policies'] }));
    expect(planDue).toBe(true);
    expect(next).toMatchObject({ planVersion: 2, actions: ['quarantine', 'deactivate-keys', 'detach-policies'] });
  });

  it('makes a plan due when it raises the mode', () => {
    const { next, planDue } = joinCase({ ...standing, mode: 'observe' }, joining());
    expect(planDue).toBe(true);
    expect(next).toMatchObject({ planVersion: 2, mode: 'enforce' });
  });

  it('raises the severity and never lowers it', () => {
    const grave = detection({ level: 'critical' });
    const raised = joinCase(standing, joining({ detection: grave })).next;
    expect(raised.severity).toBe('critical');
    expect(joinCase(raised, joining()).next.severity).toBe('critical');
  });

  it('wins over a release', () => {
    const { next, planDue } = joinCase({ ...standing, state: 'releasing', planVersion: 2 }, joining());
    expect(planDue).toBe(true);
    expect(next).toMatchObject({ state: 'open', planVersion: 3 });
  });
});

describe('the mode of one rule', () => {
  it('is no leave to act on another in a lower mode', () => {
    const told = newCase({ actions: [], asked: {}, mode: 'enforce', playbooks: ['alert'] });
    const { next } = joinCase(told, joining({ mode: 'observe' }));
    expect(next).toMatchObject({ mode: 'observe', actions: ['quarantine', 'deactivate-keys'] });

    const watched = newCase({ mode: 'observe' });
    const quarantineOnly = joinCase(watched, joining({ mode: 'enforce', actions: ['quarantine'] })).next;
    expect(quarantineOnly).toMatchObject({ mode: 'enforce', actions: ['quarantine'] });
    expect(quarantineOnly.asked).toEqual({ quarantine: 'enforce', 'deactivate-keys': 'observe' });
  });

  it('is that of an alert only as long as nothing is to be done', () => {
    const told = newCase({ actions: [], asked: {}, mode: 'observe', playbooks: ['alert'] });
    expect(joinCase(told, joining({ mode: 'enforce', actions: [] })).next).toMatchObject({
      mode: 'enforce',
      actions: [],
    });
    const watched = newCase({ mode: 'observe' });
    expect(joinCase(watched, joining({ mode: 'enforce', actions: [] })).next.mode).toBe('observe');
  });

  it('makes a plan due when its rule is promoted later', () => {
    const part = joinCase(newCase({ mode: 'observe' }), joining({ mode: 'enforce', actions: ['quarantine'] })).next;
    const { next, planDue } = joinCase(part, joining({ mode: 'enforce' }));
    expect(planDue).toBe(true);
    expect(next.actions).toEqual(['quarantine', 'deactivate-keys']);
  });

  it('is not lowered by noise of a rule in observe', () => {
    const { next, planDue } = joinCase(standing, joining({ mode: 'observe', actions: ['detach-policies'] }));
    expect(planDue).toBe(false);
    expect(next).toMatchObject({ mode: 'enforce', actions: ['quarantine', 'deactivate-keys'] });
  });
});

describe('a case whose last plan came to nothing', () => {
  const refused = (reason: Extract<Outcome, { kind: 'refused' }>['reason']): Outcome => ({
    kind: 'refused',
    reason,
    detail: '',
  });
  const partial: Outcome = { kind: 'partial', missing: [], residual: [], unavailable: [] };
  const stuck = (outcome: Outcome): Case => ({ ...standing, state: 'needs-human', outcome });

  it.each([
    ['the breaker was open', refused('breaker')],
    ['everything was stopped', refused('stopped')],
    ['the plan had changed', refused('stale-plan')],
    ['nobody answered in time', { kind: 'planned' } as const],
    ['part of it failed', partial],
  ])('is planned anew by the next detection that joins: %s', (_, outcome) => {
    expect(joinCase(stuck(outcome), joining())).toMatchObject({ planDue: true, next: { planVersion: 2 } });
  });

  it.each([
    ['nobody may touch the subject', refused('protected')],
    ['a person said no', refused('rejected')],
    ['no change reaches the subject', { kind: 'not-containable', why: '', humanSteps: [] } as const],
  ])('is left alone where a new plan would come to the same: %s', (_, outcome) => {
    expect(joinCase(stuck(outcome), joining())).toMatchObject({ planDue: false, next: { planVersion: 1 } });
  });
});
