import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { Entrance } from './api-service.ts';
import { createDashboard } from './dashboard.ts';
import { metricsNamespace } from './functions.ts';
import type { Monitored } from './monitored.ts';
import { stackName } from './stages.ts';

const MINUTES = 60;
const GIB = 1024 ** 3;

type Condition = {
  metric: cloudwatch.IMetric;
  above?: number;
  below?: number;
  /** Periods in a row. Default: 1. */
  periods?: number;
};

/** Alarms by name. docs/aws.md says of each what it means and what to do; a test compares the names. */
function conditionsOf({
  settings,
  functions,
  queues,
  webhooks,
  events,
  database,
  api,
  backfills,
}: Monitored): Record<string, Condition> {
  const own = (metricName: string, statistic = 'Sum') =>
    new cloudwatch.Metric({
      namespace: metricsNamespace(settings),
      metricName,
      statistic,
      period: Duration.minutes(5),
    });
  // An alarm adds up ten metrics at most.
  const { relay, notifications, alerts, webhooks: planner, webhookSender, webhookAnswers, ...importing } = functions;
  const ofRows = Object.values(importing);
  const ofEvents = [relay, notifications, alerts, planner, webhookSender, webhookAnswers];
  const sum = (metrics: cloudwatch.IMetric[]) =>
    new cloudwatch.MathExpression({
      expression: 'SUM(METRICS())',
      usingMetrics: Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric])),
      period: Duration.minutes(5),
    });
  const { instance } = database;
  return {
    // The handlers empty the dead-letter queues, so their depth says nothing.
    'dead-rows': { metric: own('DeadRows'), above: 0 },
    'unreadable-messages': { metric: own('UnreadableMessages'), above: 0 },
    'stalled-uploads': { metric: own('OldestOpenUploadSeconds', 'Maximum'), above: 60 * MINUTES },
    'lost-events': { metric: queues.lostEvents.queue.metricNumberOfMessagesSent(), above: 0 },
    'lost-events-dead': { metric: queues.lostEvents.dlq.metricApproximateNumberOfMessagesVisible(), above: 0 },
    'rows-waiting': {
      metric: queues.rows.queue.metricApproximateAgeOfOldestMessage(),
      above: 15 * MINUTES,
      periods: 3,
    },
    'segments-waiting': {
      metric: queues.segments.queue.metricApproximateAgeOfOldestMessage(),
      above: 30 * MINUTES,
      periods: 3,
    },
    'dead-letters-waiting': { metric: queues.rows.dlq.metricApproximateAgeOfOldestMessage(), above: 60 * MINUTES },
    'events-waiting': { metric: own('OldestEventSeconds', 'Maximum'), above: 15 * MINUTES },
    'events-dead': {
      metric: sum(Object.values(events.queues).map(({ dlq }) => dlq.metricApproximateNumberOfMessagesVisible())),
      above: 0,
    },
    'webhooks-waiting': {
      metric: webhooks.queues.events.queue.metricApproximateAgeOfOldestMessage(),
      above: 15 * MINUTES,
    },
    'webhooks-dead': {
      metric: sum(Object.values(webhooks.queues).map(({ dlq }) => dlq.metricApproximateNumberOfMessagesVisible())),
      above: 0,
    },
    'backfills-failed': { metric: backfills.stateMachine.metricFailed(), above: 0 },
    'function-errors': { metric: sum(ofRows.map((one) => one.metricErrors())), above: 0, periods: 3 },
    'function-throttles': { metric: sum(ofRows.map((one) => one.metricThrottles())), above: 100, periods: 3 },
    'event-function-errors': { metric: sum(ofEvents.map((one) => one.metricErrors())), above: 0, periods: 3 },
    'rows-at-their-limit': {
      metric: functions.rows.metric('ConcurrentExecutions', { statistic: 'Maximum' }),
      above: settings.rowWriters - 1,
      periods: 6,
    },
    'database-connections': {
      metric: instance.metricDatabaseConnections({ statistic: 'Maximum' }),
      above: Math.floor(settings.database.maxConnections * 0.8),
    },
    'database-cpu': { metric: instance.metricCPUUtilization(), above: 90, periods: 3 },
    'database-storage': {
      metric: instance.metricFreeStorageSpace({ statistic: 'Minimum' }),
      below: 0.1 * settings.database.storageGib * GIB,
    },
    'database-log': {
      metric: instance.metric('TransactionLogsDiskUsage', { statistic: 'Maximum' }),
      above: 0.2 * settings.database.storageGib * GIB,
    },
    ...(api.entrance && conditionsOfEntrance(api.entrance)),
  };
}

function conditionsOfEntrance({ targets }: Entrance): Record<string, Condition> {
  return {
    'api-errors': {
      metric: targets.metrics.httpCodeTarget(elb.HttpCodeTarget.TARGET_5XX_COUNT, { statistic: 'Sum' }),
      above: 5,
      periods: 2,
    },
    'api-unreachable': {
      metric: targets.metrics.unhealthyHostCount({ statistic: 'Minimum' }),
      above: 0,
      periods: 2,
    },
    'api-slow': { metric: targets.metrics.targetResponseTime({ statistic: 'p95' }), above: 2, periods: 3 },
  };
}

/** Alarms to one topic, and a dashboard. */
export function createMonitoring(scope: Construct, monitored: Monitored): void {
  const { settings } = monitored;
  const topic = new sns.Topic(scope, 'Alarms', { topicName: `${stackName(settings.name)}-alarms`, enforceSSL: true });
  if (settings.email !== undefined) topic.addSubscription(new EmailSubscription(settings.email));
  const action = new SnsAction(topic);
  for (const [name, { metric, above, below, periods = 1 }] of Object.entries(conditionsOf(monitored))) {
    const alarm = new cloudwatch.Alarm(scope, `alarm-${name}`, {
      alarmName: `${stackName(settings.name)}-${name}`,
      metric,
      threshold: above ?? below ?? 0,
      comparisonOperator:
        above === undefined
          ? cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
          : cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      alarmDescription: `docs/aws.md, Alarms, ${name}`,
    });
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
  createDashboard(scope, monitored);
}
