/** S3's four switches against public access. https://docs.aws.amazon.com/AmazonS3/latest/API/API_PublicAccessBlockConfiguration.html */
export const ACCESS_BLOCK_SWITCHES = [
  'BlockPublicAcls',
  'IgnorePublicAcls',
  'BlockPublicPolicy',
  'RestrictPublicBuckets',
] as const;
export type AccessBlock = Readonly<Record<(typeof ACCESS_BLOCK_SWITCHES)[number], boolean>>;

/** What a new bucket has since April 2023, and what is put back: which of them were on before is in no record. */
export const ALL_BLOCKED: AccessBlock = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

/** Each switch as given; one that is not named is off, as S3 takes it. */
export function readAccessBlock(from: { readonly [name: string]: unknown }): AccessBlock {
  const isOn = (name: string): boolean => from[name] === true || from[name] === 'true';
  return {
    BlockPublicAcls: isOn('BlockPublicAcls'),
    IgnorePublicAcls: isOn('IgnorePublicAcls'),
    BlockPublicPolicy: isOn('BlockPublicPolicy'),
    RestrictPublicBuckets: isOn('RestrictPublicBuckets'),
  };
}

/** `null`: there is no such block, which is the same as one with every switch off, save in what is given back. */
export function sameAccessBlock(a: AccessBlock | null, b: AccessBlock | null): boolean {
  if (a === null || b === null) return a === b;
  return ACCESS_BLOCK_SWITCHES.every((name) => a[name] === b[name]);
}
