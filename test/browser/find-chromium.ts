import { existsSync } from 'node:fs';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser that is installed, or the sentence that helps whoever has none. Nothing is downloaded. */
export function findChromium(
  env: { readonly CHROMIUM?: string | undefined },
  exists: (path: string) => boolean = existsSync,
): { readonly path: string } | { readonly problem: string } {
  if (env.CHROMIUM !== undefined && env.CHROMIUM !== '') {
    return exists(env.CHROMIUM)
      ? { path: env.CHROMIUM }
      : { problem: `CHROMIUM names ${env.CHROMIUM}, and there is no such file: name the program of Chromium.` };
  }
  const path = PLACES.find(exists);
  return path === undefined
    ? {
        problem:
          'The browser tests need Chromium: install it (on Debian: apt-get install chromium) or set CHROMIUM to its path.',
      }
    : { path };
}
