import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Mac } from '../../shared/ports/mac.ts';

/** HMACs like those of the key service, with a key that everybody can read here. */
export function createMemoryMac(key = 'a key of the tests'): Mac {
  const codeOf = (message: Uint8Array) => createHmac('sha256', key).update(message).digest();
  return {
    generate: async (message) => codeOf(message).toString('base64'),
    async verify(message, code) {
      const given = Buffer.from(code, 'base64');
      const made = codeOf(message);
      return given.length === made.length && timingSafeEqual(given, made);
    },
  };
}
