import { OUTCOMES } from '@rowferry/roster';
import { metricOfOutcome } from '@rowferry/runtime';
import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { metricsNamespace } from './functions.ts';
import type { Monitored } from './monitored.ts';
import { stackName } from './stages.ts';

/** One page: what comes of the rows, where they wait, how long it takes, and what it costs. */
export function createDashboard(scope: Construct, { settings, functions, queues, database, api }: Monitored): void {
  const graph = (title: string, left: cloudwatch.IMetric[], right: cloudwatch.IMetric[] = []) =>
    new cloudwatch.GraphWidget({ title, left, right, width: 12 });
  const own = (metricName: string, label: string) =>
    new cloudwatch.Metric({
      namespace: metricsNamespace(settings),
      metricName,
      label,
      statistic: 'Sum',
      period: Duration.minutes(5),
    });
  const { rows, segments } = queues;
  const { instance } = database;
  new cloudwatch.Dashboard(scope, 'Dashboard', {
    dashboardName: stackName(settings.name),
    widgets: [
      [
        graph(
          'Rows by outcome, of completed uploads',
          OUTCOMES.map((outcome) => own(metricOfOutcome(outcome), outcome)),
        ),
        graph(
          'Messages that wait, and the age of the oldest',
          [rows.queue, segments.queue, rows.dlq].map((queue) => queue.metricApproximateNumberOfMessagesVisible()),
          [rows.queue, segments.queue].map((queue) => queue.metricApproximateAgeOfOldestMessage()),
        ),
      ],
      [
        graph(
          'Time of a batch and of a segment',
          [functions.rows, functions.segments].map((one) => one.metricDuration()),
        ),
        ...(api.entrance === undefined
          ? []
          : [
              graph(
                'Time of a request',
                [api.entrance.targets.metrics.targetResponseTime()],
                [api.entrance.loadBalancer.metrics.requestCount()],
              ),
            ]),
      ],
      [
        graph('Database', [instance.metricCPUUtilization()], [instance.metricDatabaseConnections()]),
        graph('Storage', [instance.metricFreeStorageSpace()], [instance.metricWriteIOPS()]),
      ],
      [
        graph(
          'Cost: calls of functions',
          Object.values(functions).map((one) => one.metricInvocations()),
        ),
        graph(
          'Cost: messages',
          [rows.queue, segments.queue].map((queue) => queue.metricNumberOfMessagesSent()),
        ),
      ],
    ],
  });
}
