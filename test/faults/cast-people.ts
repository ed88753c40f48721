import { accessEvent } from '../support/case-scene.ts';
import { ADMIN_SET, EVE } from '../support/fake-identity-center.ts';
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
    const roleName = 'AWSReservedSSO_Admin_0123456789abcdef';
    const name = 'eve@example.com';
    const event = accessEvent({
      eventId,
      principal: {
        kind: 'role-session',
        account: '111122223333',
        roleId: 'AROASSO',
        roleName,
        roleArn: `arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/${roleName}`,
        sessionName: name,
        serviceLinked: false,
        ...(told === 'id' ? { onBehalfOf: EVE } : {}),
      },
    });
    return { event, name };
  };
}
