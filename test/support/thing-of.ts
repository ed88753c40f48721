const MEMBERS = [
  'UserName',
  'RoleName',
  'PolicyArn',
  'PolicyName',
  'AccessKeyId',
  'ServiceSpecificCredentialId',
  'SSHPublicKeyId',
  'CertificateId',
];

/** What a call changes, whichever way: attaching and detaching change the same. */
export function thingOf(operation: string, input: { readonly [name: string]: unknown }): string {
  const members = MEMBERS.flatMap((name) => (input[name] === undefined ? [] : [`${name}=${String(input[name])}`]));
  return operation === 'UpdateAssumeRolePolicy' ? `${members.join(' ')} trust` : members.join(' ');
}
