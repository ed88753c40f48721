/**
 * A name of a record inside a command that a person copies into a shell: as it is where no shell would read it as more
 * than a name, else a stand-in in capitals. Quoting is not enough: an alert rewrites text, backticks into quotes among others.
 */
export function commandWord(text: string | undefined, standIn: string): string {
  return text !== undefined && /^[\w/][\w+=,.@:/-]{0,255}$/.test(text) ? text : standIn;
}

/** The calls that a record's text leads to, by one of CloudTrail's lookup keys (90 days, management events). */
export function lookUp(
  key: 'EventId' | 'EventSource' | 'ResourceName' | 'Username' | 'AccessKeyId',
  value: string | undefined,
  standIn: string,
): string {
  return `aws cloudtrail lookup-events --lookup-attributes AttributeKey=${key},AttributeValue=${commandWord(value, standIn)}`;
}
