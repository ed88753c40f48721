/** https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_User.html */
const USER_ID = /^(?:[0-9a-f]{10}-)?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/;

/** Whether a text is the id of a user of Identity Center, which no other user ever bears. */
export function isUserId(text: string): boolean {
  return USER_ID.test(text);
}

/** How cases name such a user, and `protected` does. */
export function personKey(userId: string): string {
  return `idc:${userId}`;
}
