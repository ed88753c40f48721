import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { allowReads } from './iam-permissions.ts';
import { JobFunction, type JobSurroundings } from './job-function.ts';
import type { Remediation } from './remediation.ts';
import type { Tables } from './tables.ts';

/** The operator's door: a function URL that takes only requests signed with AWS credentials. */
export class Operating extends Construct {
  readonly operate: JobFunction;
  readonly url: string;

  constructor(
    scope: Construct,
    id: string,
    props: { readonly tables: Tables; readonly remediation: Remediation; readonly surroundings: JobSurroundings },
  ) {
    super(scope, id);
    this.operate = new JobFunction(this, 'operate', props.surroundings);
    this.operate.neverInvokedAsynchronously();
    props.tables.useCases(this.operate);
    props.tables.useState(this.operate);
    props.remediation.useStart(this.operate);
    props.remediation.useAnswer(this.operate);
    // To bind a containment by hand to the unique id behind the name that was given.
    allowReads(this.operate, ['iam:GetUser', 'iam:GetRole']);
    this.url = this.operate.lambda.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM }).url;
  }
}
