import { Duration } from 'aws-cdk-lib';
import {
  Alarm as CloudWatchAlarm,
  ComparisonOperator,
  type Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Level } from '../../shared/rules/rule.ts';
import { NAME_PREFIX } from './names.ts';

export type AlarmProps = {
  /** What stands behind `Rescind-`: the operator's runbook and the alarm's page use it. */
  readonly name: string;
  readonly severity: Level;
  /** What it means, and what to do. */
  readonly meaning: string;
  readonly metric: Metric;
  readonly topic: ITopic;
  /** Of what is measured once a cycle: rings when it was above `moreThan` (0) so many times in a row. */
  readonly cycles?: { readonly every: Duration; readonly times: number; readonly moreThan?: number };
};

/** Rings at the first occurrence within a minute, on the page topic, and says when it is over. */
export class Alarm extends CloudWatchAlarm {
  constructor(scope: Construct, id: string, props: AlarmProps) {
    const { cycles = { every: Duration.minutes(1), times: 1 } } = props;
    super(scope, id, {
      alarmName: `${NAME_PREFIX}${props.name}`,
      alarmDescription: `${props.severity}: ${props.meaning}`,
      metric: props.metric.with({ period: cycles.every }),
      threshold: (cycles.moreThan ?? 0) + 1,
      evaluationPeriods: cycles.times,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      // Queues, functions and machines report nothing while nothing happens.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    this.addAlarmAction(new SnsAction(props.topic));
    this.addOkAction(new SnsAction(props.topic));
  }
}
