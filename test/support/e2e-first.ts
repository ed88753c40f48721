import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The end-to-end tests wait most of their time: begun first, they cost a run little more than the others take anyway. */
export class EndToEndFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => Number(isEndToEnd(b)) - Number(isEndToEnd(a)));
  }
}

function isEndToEnd({ project }: TestSpecification): boolean {
  return project.name === 'e2e';
}
