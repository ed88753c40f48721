import { isJsonObject, type Json } from '../json.ts';
import type { AccessEvent } from './access-event.ts';

/** Whether the caller had given a second factor; `undefined` where the record does not say, as for long-term keys. */
export function usedMultiFactor({ record }: AccessEvent): boolean | undefined {
  const session = member(member(member(record.userIdentity, 'sessionContext'), 'attributes'), 'mfaAuthenticated');
  // Text in API calls ("true"), a word in sign-ins ("Yes").
  const signIn = member(record.additionalEventData, 'MFAUsed');
  for (const word of [signIn, session]) {
    if (word === 'Yes' || word === 'true' || word === true) return true;
    if (word === 'No' || word === 'false' || word === false) return false;
  }
  return undefined;
}

function member(value: Json | undefined, name: string): Json | undefined {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
