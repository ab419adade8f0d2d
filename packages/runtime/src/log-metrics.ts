/**
 * Turns `metrics` of a log line into what CloudWatch reads metrics from, the Embedded Metric Format: no call, no library
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
 * Without a namespace the line is as if it had none.
 */
export function withMetrics(fields: object, namespace?: string | undefined, now = Date.now()): Record<string, unknown> {
  if (!('metrics' in fields)) return { ...fields };
  const { metrics, ...others } = fields;
  if (namespace === undefined) return others;
  const values = Object.entries(Object(metrics));
  const Metrics = values.map(([Name]) => ({ Name }));
  const CloudWatchMetrics = [{ Namespace: namespace, Dimensions: [[]], Metrics }];
  return { ...others, ...Object.fromEntries(values), _aws: { Timestamp: now, CloudWatchMetrics } };
}

/** The metric that counts the rows of an outcome: `RowsInserted`. */
export function metricOfOutcome(outcome: string): string {
  return `Rows${outcome[0]?.toUpperCase()}${outcome.slice(1)}`;
}
