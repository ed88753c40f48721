import { test as base } from 'vitest';
import { type OpenStage, openStage } from './open-stage.ts';

/** A stage that notes which cases a test had to do with. */
export type Stage = OpenStage;

/** Opened once a worker, by the first test that asks. */
const opened = new Map<'main' | 'narrow', Promise<OpenStage>>();

function scenarioOn(name: 'main' | 'narrow') {
  return base.extend<{ stage: Stage }>({
    stage: async ({ onTestFailed }, use) => {
      const opening = opened.get(name) ?? openStage(name);
      opened.set(name, opening);
      const stage = await opening;
      const cases = new Set<string>();
      // A test that failed tells what became of its cases, for a difference of two lists tells nobody why.
      onTestFailed(async ({ task }) => {
        const stories = await Promise.all([...cases].map(stage.story));
        console.error(
          [`What became of the cases of "${task.name}":`, ...stories, await stage.lastLogLines()].join('\n'),
        );
      });
      await use({
        ...stage,
        openCaseOf: async (subjectKey) => {
          const found = await stage.openCaseOf(subjectKey);
          cases.add(found.caseId);
          return found;
        },
      });
    },
  });
}

/** A scenario that minds its own subjects. */
export const scenario = scenarioOn('main');

/** A scenario that would disturb all others, on a deployment of its own. */
export const narrowScenario = scenarioOn('narrow');
