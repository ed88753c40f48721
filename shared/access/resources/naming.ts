/**
 * How the records of a service name one kind of resource. Paths are those of CloudTrail, which writes the first letter of
 * a parameter in lower case for most services: the reader tries both. Lists on the way are looked into.
 */
export type Naming = {
  /** As CloudTrail's own `resources[].type` calls it: the type of CloudFormation. */
  readonly type: string;
  /**
   * What stands after `arn:<partition>:`, with `{region}`, `{account}`, `{name}` (the value found) or a path into the
   * request; `{registryId|account}` takes the first that there is, `'…'` a fixed text.
   * Source: "Actions, resources, and condition keys", the service's page in the Service Authorization Reference.
   */
  readonly arn: string;
  /** Paths into `requestParameters` that hold its name, id or ARN. */
  readonly request?: readonly string[];
  /** Paths into `responseElements`. Where the response names the resource, the request's word for it is not needed. */
  readonly response?: readonly string[];
  /** Only in these calls; in every call of the service when absent. A name may end in `*`. */
  readonly calls?: readonly string[];
  /** What a value that is no ARN needs before it is a name. */
  readonly reads?: NameReading;
  /** Stands beside what `resources` says of the same type, not instead of it: the source of a copy. */
  readonly besides?: boolean;
};

export type NameReading =
  /** `https://sqs.<region>.amazonaws.com/<account>/<name>` becomes `<account>:<name>`. */
  | 'queue-url'
  /** SSM parameters: one slash stands before the name, whether it begins with one or not. */
  | 'path'
  /** `/hostedzone/Z1` becomes `Z1`. */
  | 'last-segment'
  /** `alias/<name>` stays, a key's id becomes `key/<id>`. */
  | 'key-or-alias'
  /** `<account>:function:<name>` and `<name>:<qualifier>` become the name. */
  | 'function-name'
  /**
   * A secret's ARN ends in six random characters that its name does not tell. They become `-??????`, as IAM's policies
   * say it. https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples.html
   */
  | 'secret-name'
  /** `bucket/key`, with a slash before it or not, letters escaped, a version behind it. */
  | 'copy-source';

/** Namings by the `eventSource` of a record. */
export type ServiceNamings = Readonly<Record<string, readonly Naming[]>>;
