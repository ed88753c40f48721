import { GenerateMacCommand, type KMSClient, MacAlgorithmSpec, VerifyMacCommand } from '@aws-sdk/client-kms';
import type { Mac } from '../ports/mac.ts';
import { errorNameOf } from './iam-errors.ts';

const ALGORITHM = { MacAlgorithm: MacAlgorithmSpec.HMAC_SHA_256 };
/** Of HMAC-SHA-256. */
const CODE_BYTES = 32;

/** HMACs by KMS, which keeps the key to itself. Who may make codes and who may only check them is for IAM to say. */
export function createMac(client: KMSClient, keyArn: string): Mac {
  return {
    async generate(message) {
      const answer = await client.send(new GenerateMacCommand({ KeyId: keyArn, Message: message, ...ALGORITHM }));
      if (answer.Mac === undefined) throw new Error('KMS answered GenerateMac without a code.');
      return Buffer.from(answer.Mac).toString('base64');
    },
    async verify(message, code) {
      const bytes = Buffer.from(code, 'base64');
      if (bytes.length !== CODE_BYTES) return false;
      try {
        const answer = await client.send(
          new VerifyMacCommand({ KeyId: keyArn, Message: message, Mac: bytes, ...ALGORITHM }),
        );
        return answer.MacValid === true;
      } catch (error) {
        if (errorNameOf(error) === 'KMSInvalidMacException') return false;
        throw error;
      }
    },
  };
}
