/**
 * Fields of a log line of which CloudWatch makes metrics: no call, no permission, and nothing is lost while it is slow.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricLine(metrics: Readonly<Record<string, number>>, at: Date): Readonly<Record<string, unknown>> {
  return {
    ...metrics,
    _aws: {
      Timestamp: at.getTime(),
      CloudWatchMetrics: [
        {
          Namespace: METRICS,
          Dimensions: [[]],
          Metrics: Object.keys(metrics).map((Name) => ({ Name, Unit: 'Count' })),
        },
      ],
    },
  };
}

export const METRICS = 'Rescind';
export const LOST_RECORDS = 'LostRecords';
export const RECONCILE_BACKLOG = 'ReconcileBacklog';
