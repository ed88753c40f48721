import { basename } from 'node:path';
import type { Plugin } from 'esbuild';

/** Actions on a thing of another service: a case about one goes to revert at once, see `containCase`. */
const ON_THINGS = /containment[\\/]actions[\\/]revert-(?:access-block|ingress|trail)\.ts$/;

/** Keeps out of contain what contain never comes to: it knows such an action by its id and stage, and cannot carry it out. */
export const leftToRevert: Plugin = {
  name: 'left-to-revert',
  setup(build) {
    build.onLoad({ filter: ON_THINGS }, ({ path }) => {
      const id = basename(path, '.ts');
      const name = id.replace(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase());
      const never = `() => { throw new TypeError('${id} is made by revert only'); }`;
      return {
        contents: `const never = ${never}; export const ${name} = { id: '${id}', title: '${id}', stage: 'revert', requires: [], inlineNames: never, plan: never, state: never, undo: never };`,
        loader: 'js',
      };
    });
  },
};
