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
  'GroupId',
  'Bucket',
  'AccountId',
  'SecretId',
  'PermissionSetArn',
];

/** What a call changes, whichever way: attaching and detaching change the same. */
export function thingOf(operation: string, input: { readonly [name: string]: unknown }): string {
  let thing = '';
  for (const name of MEMBERS) {
    const value = input[name];
    if (value !== undefined) thing += thing === '' ? `${name}=${String(value)}` : ` ${name}=${String(value)}`;
  }
  if (input.IpPermissions !== undefined) return `${thing} ${permissionText(input.IpPermissions)}`;
  if (operation.endsWith('PermissionsBoundary')) return `${thing} boundary`;
  if (/^(Tag|Untag)/.test(operation)) return `${thing} held`;
  return operation === 'UpdateAssumeRolePolicy' ? `${thing} trust` : thing;
}

/** `tcp 22 22 0.0.0.0/0`: what the one permission of a call lets in, whatever its description. */
export function permissionText(permissions: unknown): string {
  const [only] = Array.isArray(permissions) ? permissions : [];
  const { IpProtocol, FromPort = -1, ToPort = -1, ...lists } = only ?? {};
  const sources = Object.values(lists).flatMap((list) => (Array.isArray(list) ? list : []));
  const [{ CidrIp, CidrIpv6, PrefixListId, GroupId } = {}] = sources;
  return [IpProtocol, FromPort, ToPort, CidrIp ?? CidrIpv6 ?? PrefixListId ?? GroupId].join(' ');
}
