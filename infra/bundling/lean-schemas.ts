import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** In which a client describes its operations, all of them: the largest part of a client. */
const SCHEMAS = /client-[\w-]+[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/;
/**
 * Clients of which no error is told from another by its class: whatever SSM fails with means stopped, SQS not parked, KMS no
 * code; those of IAM and SFN are told by name.
 */
const ERRORS_UNNAMED = /client-(?:iam|kms|sfn|sqs|ssm)[\\/]/;
const REGISTERED = /^n0_registry\.registerError\(/gm;
const CONSTANT = /^const (_\w+) = ("[^"\\]*");$/gm;
const COMPUTED_KEY = /\[(_\w+)\]:/g;

/** Leaves out what a function never asks of a client. */
export const leanSchemas: Plugin = {
  name: 'lean-schemas',
  setup(build) {
    build.onLoad({ filter: SCHEMAS }, async ({ path }) => {
      const plain = withPlainKeys(await readFile(path, 'utf8'));
      return { contents: ERRORS_UNNAMED.test(path) ? withoutErrors(plain) : plain, loader: 'js' };
    });
  },
};

/**
 * A schema with a computed key counts as code that may do something, so it would be kept, with all that it names: nine
 * tenths of the EC2 client. The keys are constants of the same file.
 */
export function withPlainKeys(schemas: string): string {
  const constants = new Map([...schemas.matchAll(CONSTANT)].map(([, name, value]) => [name, value]));
  return schemas.replace(COMPUTED_KEY, (whole, name: string) => {
    const value = constants.get(name);
    return value === undefined ? whole : `${value}:`;
  });
}

/**
 * A client registers each of its errors as it is loaded, which keeps all of them in a bundle: half of the SSM client,
 * which is there for a single call. An error that is not registered still bears its name.
 */
function withoutErrors(schemas: string): string {
  return schemas.replaceAll(REGISTERED, (call) => `/* @__PURE__ */ ${call}`);
}
