import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { JobFunction } from './job-function.ts';
import { STOP_PARAMETER_NAME } from './names.ts';

/**
 * Read just before the first write of a containment; anything but `off`, and being unreadable, means stopped.
 * A later deployment leaves the value that a person set, because CloudFormation changes only what changed in the template.
 */
export class StopSwitch extends Construct {
  readonly parameter: StringParameter;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.parameter = new StringParameter(this, 'Parameter', {
      parameterName: STOP_PARAMETER_NAME,
      description: 'Rescind contains nobody unless this is off. Set it with: rescind stop | rescind resume',
      stringValue: 'off',
    });
  }

  useRead(job: JobFunction): void {
    job.allow({ actions: ['ssm:GetParameter'], resources: [this.parameter.parameterArn] });
    job.setEnvironment('STOP_PARAMETER', this.parameter.parameterName);
  }
}
