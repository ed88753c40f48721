/**
 * Calls that EventBridge delivers only to a rule in the state ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS:
 * names that begin with Get, List or Describe, save for the two that hand out credentials.
 * Source: "AWS service events delivered via CloudTrail", Amazon EventBridge user guide.
 */
export function isReadEventName(eventName: string): boolean {
  const name = eventName.toLowerCase();
  if (name === 'getfederationtoken' || name === 'getsessiontoken') return false;
  return name.startsWith('get') || name.startsWith('list') || name.startsWith('describe');
}
