import { resourcesOf } from '../../access/resources-of.ts';
import type { ResourceReader } from './engine.ts';

export const namedResources: ResourceReader = (event) => resourcesOf(event).map(({ arn }) => arn);
