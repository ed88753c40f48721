import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { STOP_PARAMETER } from '../../shared/cases/stop-switch.ts';
import type { JobFunction } from './job-function.ts';

/**
 * Read just before the first write of a containment; anything but `off`, and being unreadable, means stopped.
 * A later deployment leaves the value that a person set, because CloudFormation changes only what changed in the template:
 * so nothing of this parameter may change from version to version, or that deployment would start Rescind again.
 */
export class StopSwitch extends Construct {
  readonly parameter: StringParameter;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.parameter = new StringParameter(this, 'Parameter', {
      parameterName: STOP_PARAMETER,
      description: 'Rescind contains nobody unless this is off. Set it with: rescind stop | rescind start',
      stringValue: 'off',
    });
  }

  useRead(job: JobFunction): void {
    job.allow({ actions: ['ssm:GetParameter'], resources: [this.parameter.parameterArn] });
    job.setEnvironment('STOP_PARAMETER', this.parameter.parameterName);
  }
}
