import { isJsonObject, type Json } from '../json.ts';
import type { AccessEvent } from './access-event.ts';

/** How a call ended. `denied`: AWS knew what was asked and let the caller not; `failed`: anything else that went wrong. */
export type Result = 'success' | 'denied' | 'failed';

export function resultOf(event: AccessEvent): Result {
  if (event.errorCode !== undefined) return isDenial(event.errorCode) ? 'denied' : 'failed';
  return isRefusedSignIn(event) ? 'denied' : 'success';
}

/**
 * How the error codes begin by which services say no; some stand behind a prefix (`Client.`), some before a word more
 * (`Exception`, `ForDependency`). Sources: "Common errors" in the API references; "Error codes for the Amazon EC2 API".
 */
const DENIALS = [
  'accessdenied',
  'allaccessdisabled',
  'authfailure',
  'authorizationerror',
  'forbidden',
  'insufficientprivileges',
  'invalidclienttokenid',
  'notauthorized',
  'unauthorized',
] as const;

function isDenial(errorCode: string): boolean {
  const code = errorCode.slice(errorCode.lastIndexOf('.') + 1).toLowerCase();
  return DENIALS.some((denial) => code.startsWith(denial));
}

/**
 * Sign-ins end in an answer named after the call, and not always in an error code: `{"ConsoleLogin": "Failure"}`. Those of
 * Identity Center stand in `serviceEventDetails`.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html
 */
function isRefusedSignIn({ eventName, record }: AccessEvent): boolean {
  return [record.responseElements, record.serviceEventDetails].some((answer) => refuses(answer, eventName));
}

function refuses(answer: Json | undefined, eventName: string): boolean {
  return isJsonObject(answer) && Object.hasOwn(answer, eventName) && answer[eventName] === 'Failure';
}
