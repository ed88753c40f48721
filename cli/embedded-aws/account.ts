/**
 * Where the embedded AWS pretends to be. The account is the one that AWS's own documentation uses for examples, so that
 * nobody mistakes its output for a real account's.
 */
export const embeddedAccount = '111122223333';
export const embeddedRegion = 'us-east-1';
