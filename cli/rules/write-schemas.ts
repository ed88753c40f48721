import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemaFiles } from './schema-files.ts';

/** `npm run schemas`: after a change of what `rescind.yaml` or a rule may say. */
for (const { path, schema } of schemaFiles()) {
  writeFileSync(join(import.meta.dirname, '..', '..', path), JSON.stringify(schema));
  console.log(path);
}
