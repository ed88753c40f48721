const MEMBERS = [
  'UserName',
  'RoleName',
  'PolicyArn',
  'PolicyName',
  'AccessKeyId',
  'ServiceSpecificCredentialId',
  'SSHPublicKeyId',
  'CertificateId',
  'Name',
];

/** What a call changes, whichever way: attaching and detaching change the same. */
export function thingOf(operation: string, input: { readonly [name: string]: unknown }): string {
  let thing = '';
  for (const name of MEMBERS) {
    const value = input[name];
    if (value !== undefined) thing += thing === '' ? `${name}=${String(value)}` : ` ${name}=${String(value)}`;
  }
  return operation === 'UpdateAssumeRolePolicy' ? `${thing} trust` : thing;
}
