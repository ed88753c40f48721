import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** A finding of cdk-nag that stays, and why. */
export type Acknowledgement = { readonly finding: string; readonly reason: string; readonly constructPath: string };

/** Why a role holds a statement about `*`: the one reason that several constructs share. */
export const TAKES_NO_RESOURCE =
  'X-Ray, log delivery, the history of CloudTrail, describing in EC2 and what is of a whole account take no resource; groups are read, and only the account has any; a managed policy that is read may be of any account; a bucket is bound by aws:ResourceAccount, for its ARN names no account.';

/** Made by the construct that causes the finding, on the narrowest construct that has it. */
export function acknowledge(construct: IConstruct, finding: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: finding, reason });
}

/** Every acknowledgement below `root`, in the order of the tree. */
export function acknowledgementsOf(root: IConstruct): readonly Acknowledgement[] {
  return root.node.findAll().flatMap((construct) =>
    construct.node.metadata
      .filter((entry) => entry.type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap((entry) => Object.entries(entry.data as Readonly<Record<string, string>>))
      // The CDK stores the id behind the name of the plugin it believes it belongs to.
      .map(([id, reason]) => ({
        finding: id.replace(/^annotation::/i, ''),
        reason,
        constructPath: construct.node.path,
      })),
  );
}

/** The README's table: one row for each distinct pair of finding and reason, with the constructs it stands on. */
export function acknowledgementTable(acknowledgements: readonly Acknowledgement[]): string {
  const rows = new Map<string, Acknowledgement & { readonly paths: string[] }>();
  for (const entry of acknowledgements) {
    const key = `${entry.finding}\n${entry.reason}`;
    const row = rows.get(key) ?? { ...entry, paths: [] };
    row.paths.push(entry.constructPath);
    rows.set(key, row);
  }
  return [
    '| finding | on | why it stays |',
    '|---|---|---|',
    ...[...rows.values()].map(({ finding, reason, paths }) => {
      const places = [...new Set(paths)].sort().map((path) => `\`${path}\``);
      return `| \`${finding}\` | ${places.join(', ')} | ${reason} |`;
    }),
  ].join('\n');
}
