import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** Clients of which no error is told from another by its class: any fault of SSM means stopped, any of SQS not parked, any of KMS no code, those of IAM and SFN are told by name. */
const SCHEMAS_OF = /client-(?:iam|kms|sfn|sqs|ssm)[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/;
const REGISTERED = /^n0_registry\.registerError\(/gm;

/**
 * Leaves out the classes of errors that nobody asks for. A client registers each of its errors as it is loaded, which
 * keeps all of them in a bundle: half of the SSM client, which is there for a single call. An error that is not registered still bears its
 * name.
 */
export const unnamedErrors: Plugin = {
  name: 'unnamed-errors',
  setup(build) {
    build.onLoad({ filter: SCHEMAS_OF }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll(REGISTERED, (call) => `/* @__PURE__ */ ${call}`),
      loader: 'js',
    }));
  },
};
