import { describe, expect, test } from 'vitest';
import { alertOf } from '../../../shared/cases/move-case.ts';
import { detection, newCase } from '../../support/case-scene.ts';

describe('the alert of a case', () => {
  test('tells a step whose time is the containment itself in words, and not by what stands for it in a plan', () => {
    const steps = [
      { title: 'deny everything to session s, for tokens issued before AT-CONTAINMENT', state: 'done' },
    ] as const;
    expect(alertOf(newCase(), [detection()], steps).steps).toEqual([
      { title: 'deny everything to session s, for tokens issued before the containment', state: 'done' },
    ]);
  });
});
