import { accessEvent, sessionPrincipal } from '../support/case-scene.ts';
import { ADMIN_SET, EVE, EVES_ROLE } from '../support/fake-identity-center.ts';
import type { Appear } from './cast-principals.ts';

/** Of somebody else, with white space of their own. */
const THEIRS = '{\n  "Version": "2012-10-17",\n  "Statement": [ {"Effect":"Allow","Action":"s3:*","Resource":"*"} ]\n}';

/** A session of a permission set makes a call: the record tells the id of whose it is, or no more than the name. */
export function byEve({ told, policy }: { readonly told: 'id' | 'name'; readonly policy?: 'theirs' }): Appear {
  return ({ center }, eventId) => {
    const set = center?.sets.get(ADMIN_SET);
    if (set === undefined) throw new Error('The world has no Identity Center');
    if (policy === 'theirs') {
      set.inline = THEIRS;
      for (const account of set.accounts.keys()) set.accounts.set(account, THEIRS);
    }
    const name = 'eve@example.com';
    const event = accessEvent({
      eventId,
      principal: sessionPrincipal(EVES_ROLE, { sessionName: name, ...(told === 'id' ? { onBehalfOf: EVE } : {}) }),
    });
    return { event, name };
  };
}
