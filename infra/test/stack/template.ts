import { globSync, readFileSync } from 'node:fs';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { MAX_RECEIVE_COUNT, SQS_BATCH_SIZE } from '@rowferry/aws';
import { readEnvironment, type VariableName } from '@rowferry/runtime';
import { setupClients } from '@rowferry/testing';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { expect, test } from 'vitest';
import { ensureQueues } from '../../../apps/local/src/resources.ts';
import { BACKFILL_POOL_MAX, schedulePickup } from '../../src/backfill.ts';
import { BOOTSTRAP_VERSION } from '../../src/commands/deploy.ts';
import { countsOf } from '../../src/cost/cost.ts';
import { RESERVED_CONNECTIONS } from '../../src/database.ts';
import { EVENT_POOL_MAX } from '../../src/events.ts';
import { CONSUMER_POOL_MAX, LEAST_CONCURRENCY } from '../../src/functions.ts';
import { WEBHOOK_POOL_MAX } from '../../src/webhooks.ts';
import { rightsByHand, rightsTable } from './rights.ts';
import { functionsOf, nameOf, type Properties, prod, STAGES } from './stages.ts';

test('the queues are those of npm start, but for the time for which a message is hidden', async () => {
  const { sqs } = setupClients();
  const urls = await ensureQueues(sqs, {
    rows: undefined,
    rowsDlq: undefined,
    segments: undefined,
    segmentsDlq: undefined,
  });
  const of = async (QueueUrl: string) => {
    const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    const { maxReceiveCount } = JSON.parse(Attributes.RedrivePolicy ?? '{}');
    return { retention: Number(Attributes.MessageRetentionPeriod), maxReceiveCount };
  };
  const template = (id: string) => {
    const { MessageRetentionPeriod, RedrivePolicy } = prod.only('AWS::SQS::Queue', id);
    return { retention: MessageRetentionPeriod, maxReceiveCount: RedrivePolicy?.maxReceiveCount };
  };

  const pairs = [
    [urls.rows, /^Rows[0-9A-F]{8}$/],
    [urls.rowsDlq, /^RowsDlq/],
    [urls.segments, /^Segments[0-9A-F]{8}$/],
    [urls.segmentsDlq, /^SegmentsDlq/],
  ] as const;
  for (const [url, pattern] of pairs) {
    const id = Object.keys(prod.ofType('AWS::SQS::Queue')).find((one) => pattern.test(one)) ?? '';
    expect(template(id)).toEqual(await of(url));
  }
  expect(Object.keys(prod.ofType('AWS::SQS::Queue'))).toHaveLength(16);
});

test.for(STAGES)(
  '%s: what reads a queue answers which messages failed, within a sixth of their hiding',
  ([, stage]) => {
    const mappings = Object.values(stage.ofType('AWS::Lambda::EventSourceMapping'));
    const functions = new Map(functionsOf(stage));
    expect(mappings).toHaveLength(10);
    for (const { Properties } of mappings) {
      expect(Properties.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
      const queue = stage.resources[Properties.EventSourceArn['Fn::GetAtt'][0]]?.Properties;
      const { Timeout } = functions.get(Properties.FunctionName.Ref) ?? {};
      expect(queue?.VisibilityTimeout).toBe(6 * Timeout);
      expect([1, SQS_BATCH_SIZE, 10 * SQS_BATCH_SIZE]).toContain(Properties.BatchSize);
      // More than ten messages need a window (docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html).
      expect(Properties.BatchSize > 10).toBe(Properties.MaximumBatchingWindowInSeconds >= 1);
    }
    const rows = stage.only('AWS::Lambda::EventSourceMapping', 'rowsQueue');
    expect(rows.ScalingConfig.MaximumConcurrency).toBe(Math.max(LEAST_CONCURRENCY, stage.settings.database.vcpus));
  },
);

test.for(STAGES)('%s: all connections that there can be fit into the database', ([, stage]) => {
  const { api, database } = stage.settings;
  const inNetwork = new Set(functionsOf(stage).flatMap(([id, { VpcConfig }]) => (VpcConfig === undefined ? [] : [id])));
  const connections = Object.values(stage.ofType('AWS::Lambda::EventSourceMapping')).flatMap(({ Properties }) => {
    const { FunctionName, ScalingConfig } = Properties;
    const poolMax = poolMaxOf(FunctionName.Ref);
    return inNetwork.has(FunctionName.Ref) ? [ScalingConfig.MaximumConcurrency * poolMax] : [];
  });
  expect(connections).toHaveLength(8);
  // Step Functions calls it; of two backfills at the same time.
  connections.push(2 * stage.settings.backfill.concurrencyMax * BACKFILL_POOL_MAX);
  // Of each container and task the one that it replaces may still be there, and a task asks once more whether it may come in.
  const consumers = 2 * connections.reduce((sum, count) => sum + count, 0);
  const tasks = 2 * api.max * (api.poolMax + 1);
  const migration = 2 + 1;
  // A schedule calls it, one call after the other.
  const relay = 2 * EVENT_POOL_MAX;
  expect(consumers + relay + tasks + migration + RESERVED_CONNECTIONS).toBeLessThan(database.maxConnections);
  expect(stage.only('AWS::RDS::DBParameterGroup').Parameters.max_connections).toBe(String(database.maxConnections));
  const lambda = (name: string) => readFileSync(`apps/${name}-lambda/src/lambda.ts`, 'utf8');
  expect(lambda('consumer')).toContain(`const POOL_MAX = ${CONSUMER_POOL_MAX};`);
  expect(lambda('webhook')).toContain(`const POOL_MAX = ${WEBHOOK_POOL_MAX};`);
  expect(lambda('backfill')).toContain(`const POOL_MAX = ${BACKFILL_POOL_MAX};`);
  expect(lambda('event')).toContain(`const POOL_MAX = ${EVENT_POOL_MAX};`);
});

function poolMaxOf(id: string): number {
  if (id.startsWith('webhook')) return WEBHOOK_POOL_MAX;
  return /^(notifications|alerts)/.test(id) ? EVENT_POOL_MAX : CONSUMER_POOL_MAX;
}

test.for(STAGES)('%s: functions run on Node 24 and ARM, are traced, and each handler is in its bundle', ([, stage]) => {
  const functions = functionsOf(stage);
  expect(functions).toHaveLength(16);
  for (const [, properties] of functions) {
    const { Runtime, Architectures, TracingConfig, Handler, FunctionName, Environment } = properties;
    expect({ Runtime, Architectures, TracingConfig }).toEqual({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'Active' },
    });
    const name = Handler.replace('index.', '');
    const source = readFileSync(`apps/${stage.bundleOf(properties)}-lambda/src/lambda.ts`, 'utf8');
    expect(source).toMatch(new RegExp(`export (const|async function) ${name}\\b`));
    expect(FunctionName).toMatch(new RegExp(`^rowferry-${stage.settings.name}-`));
    expectKnown(Environment.Variables);
  }
});

/** Read by the functions of migrations alone, and by Node. */
const OTHER_VARIABLES = ['NODE_OPTIONS', 'OWNER_SECRET_ARN', 'MIGRATE_FUNCTION', 'FIRST_KEY_SECRET_ARN'];

/** A value that stands for one that is known only when the stack is made. */
function sampleOf(name: string): string {
  if (name.endsWith('_PORT')) return '5432';
  return name.endsWith('_TOPIC_ARN') ? 'arn:aws:sns:eu-central-1:123456789012:events' : 'https://example.com';
}

/** Whether every variable is one that Rowferry reads, with a value that it takes. */
function expectKnown(variables: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (OTHER_VARIABLES.includes(name)) continue;
    const text = typeof value === 'string' ? value : sampleOf(name);
    // Of a name that is unknown, it knows no form.
    expect(() => readEnvironment([name as VariableName], [], { [name]: text }), name).not.toThrow();
  }
}

test.for(STAGES)('%s: new code waits for the migration, which runs again when it changes', ([, stage]) => {
  const [trigger = ''] = Object.keys(stage.ofType('Custom::Trigger'));
  expect(trigger).not.toBe('');
  const waiting = Object.entries(stage.resources).filter(([, { DependsOn = [] }]) =>
    [DependsOn].flat().includes(trigger),
  );
  const ids = waiting.map(([id]) => id);
  const ofMigrations = /^(migrations|migrate)[0-9A-F]{8}$/;
  const code = [...functionsOf(stage).map(([id]) => id), ...Object.keys(stage.ofType('AWS::ECS::Service'))];
  expect(code.filter((id) => !ofMigrations.test(id) && !ids.includes(id))).toEqual([]);
  expect(code.filter((id) => ofMigrations.test(id))).toHaveLength(2);
  expect(stage.only('Custom::Trigger').HandlerArn.Ref).toMatch(/^migrationsCurrentVersion/);
});

test.for(STAGES)('%s: the state machine is the one that a worker runs', ([name, stage]) => {
  const { DefinitionString, DefinitionSubstitutions, ...properties } = stage.only('AWS::StepFunctions::StateMachine');
  const file = JSON.parse(readFileSync('apps/backfill-lambda/backfill.asl.json', 'utf8'));
  expect(JSON.parse(DefinitionString)).toEqual(file);
  const [, target = ''] =
    /^(backfill)[0-9A-F]{8}$/.exec(DefinitionSubstitutions.BackfillFunction['Fn::GetAtt'][0]) ?? [];
  expect(target).toBe('backfill');
  expect(properties).toMatchObject({
    StateMachineName: `rowferry-${name}-backfill`,
    TracingConfiguration: { Enabled: true },
    LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
  });
  const [container] = stage.only('AWS::ECS::TaskDefinition').ContainerDefinitions;
  expect(container.Environment).toContainEqual({ Name: 'BACKFILL_PREFIX', Value: stage.settings.backfill.prefix });
});

test('a pickup starts the state machine on its schedule, and may do nothing else', () => {
  const stack = new Stack(new App(), 'pickup');
  const arn = 'arn:aws:states:eu-central-1:123456789012:stateMachine:rowferry-prod-backfill';
  const pickup = { prefix: 'incoming/', profile: 'payroll', schedule: 'cron(30 2 * * ? *)' };

  schedulePickup(stack, pickup, StateMachine.fromStateMachineArn(stack, 'Backfills', arn));

  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::Scheduler::Schedule', {
    ScheduleExpression: 'cron(30 2 * * ? *)',
    Target: { Arn: arn, Input: '{"prefix":"incoming/","profile":"payroll"}' },
  });
  const [policy, ...others] = Object.values(template.findResources('AWS::IAM::Policy'));
  expect(others).toEqual([]);
  expect(policy?.Properties.PolicyDocument.Statement).toEqual([
    { Action: 'states:StartExecution', Effect: 'Allow', Resource: arn },
  ]);
});

test('a region is prepared by as new a CDK as the template asks for', () => {
  const { CheckBootstrapVersion } = prod.rules;
  expect(CheckBootstrapVersion.Assertions[0].AssertDescription).toContain(`version ${BOOTSTRAP_VERSION} required`);
});

test.for(STAGES)('%s: no resource waits for itself', ([, { resources }]) => {
  const waitsFor = (id: string) =>
    new Set(
      [
        ...[resources[id]?.DependsOn ?? []].flat(),
        ...[...JSON.stringify(resources[id]).matchAll(/"Ref":"(\w+)"|"Fn::GetAtt":\["(\w+)"/g)].map(
          ([, ref, att]) => ref ?? att ?? '',
        ),
      ].filter((other) => other in resources),
    );
  const done = new Set<string>();
  const visit = (id: string, path: string[]): void => {
    if (done.has(id)) return;
    expect(path, 'a circle').not.toContain(id);
    for (const other of waitsFor(id)) visit(other, [...path, id]);
    done.add(id);
  };
  for (const id of Object.keys(resources)) visit(id, []);
});

test.for(STAGES)('%s: the API’s container is not root, writes to /tmp alone, and stops in time', ([, stage]) => {
  const [container] = stage.only('AWS::ECS::TaskDefinition').ContainerDefinitions;
  expect(container).toMatchObject({
    Command: ['api'],
    User: 'node',
    ReadonlyRootFilesystem: true,
    StopTimeout: 60,
    MountPoints: [{ ContainerPath: '/tmp', ReadOnly: false }],
    HealthCheck: { Command: ['CMD', 'node', 'health.mjs'] },
  });
  expectKnown(Object.fromEntries(container.Environment.map(({ Name, Value }: Properties) => [Name, Value])));
  const [, stop] = /STOP_TIMEOUT_MS = (\d+)_000/.exec(readFileSync('apps/api/src/run-api.ts', 'utf8')) ?? [];
  expect(Number(stop)).toBeGreaterThan(0);
  expect(container.StopTimeout).toBeGreaterThan(Number(stop));
  for (const { Properties } of Object.values(stage.ofType('AWS::ElasticLoadBalancingV2::TargetGroup'))) {
    const { Value } = Properties.TargetGroupAttributes.find(
      ({ Key }: Properties) => Key === 'deregistration_delay.timeout_seconds',
    );
    expect(Number(Value)).toBeGreaterThan(Number(stop));
    expect(container.StopTimeout).toBeGreaterThan(Number(Value));
  }
  const proxies = Object.keys(stage.ofType('AWS::ElasticLoadBalancingV2::TargetGroup')).length;
  expect(container.Environment).toContainEqual({ Name: 'TRUSTED_PROXIES', Value: String(proxies) });
  expect(proxies).toBe(stage.settings.certificate === undefined ? 0 : 1);
});

test.for(STAGES)('%s: every alarm tells the one topic, and what it watches is logged', ([name, stage]) => {
  const alarms = Object.values(stage.ofType('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
  const [topic = ''] = Object.keys(stage.ofType('AWS::SNS::Topic')).filter((id) => id.startsWith('Alarms'));
  const apps = globSync('apps/*/src/**/*.ts')
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  expect(alarms.length).toBeGreaterThan(15);
  for (const { AlarmActions, OKActions, Namespace, MetricName } of alarms) {
    expect([AlarmActions, OKActions]).toEqual([[{ Ref: topic }], [{ Ref: topic }]]);
    if (Namespace === `Rowferry/${name}`) expect(apps).toContain(`metrics: { ${MetricName}:`);
  }
  expect(alarms.filter(({ Namespace }) => Namespace === `Rowferry/${name}`)).toHaveLength(4);
  const subscriptions = Object.values(stage.ofType('AWS::SNS::Subscription')).filter(
    ({ Properties }) => Properties.TopicArn.Ref === topic,
  );
  expect(subscriptions).toHaveLength(name === 'prod' ? 1 : 0);
});

test.for(STAGES)(
  '%s: events go to an encrypted topic, and by filters to queues that take them from nobody else, each with a dead-letter queue',
  ([, stage]) => {
    const [id = '', topic] =
      Object.entries(stage.ofType('AWS::SNS::Topic')).find(([one]) => one.startsWith('Events')) ?? [];
    expect(JSON.stringify(topic)).toContain('alias/aws/sns');
    const subscriptions = Object.values(stage.ofType('AWS::SNS::Subscription')).filter(
      ({ Properties }) => Properties.TopicArn.Ref === id,
    );
    const filters = Object.fromEntries(
      subscriptions.map(({ Properties }) => [nameOf(Properties.Endpoint['Fn::GetAtt'][0]), Properties.FilterPolicy]),
    );
    const all = { type: [{ exists: true }] };
    expect(filters).toEqual({ Notifications: all, Alerts: { severity: ['alert'] }, Webhooks: all });
    for (const { Properties } of subscriptions) {
      expect(Properties).toMatchObject({
        Protocol: 'sqs',
        RawMessageDelivery: true,
        FilterPolicyScope: 'MessageAttributes',
      });
      for (const arn of [Properties.Endpoint, Properties.RedrivePolicy.deadLetterTargetArn]) {
        const [queue] = arn['Fn::GetAtt'];
        const policies = Object.values(stage.ofType('AWS::SQS::QueuePolicy')).filter(
          (policy) => policy.Properties.Queues[0].Ref === queue,
        );
        const statements: Properties[] = policies.flatMap((policy) => policy.Properties.PolicyDocument.Statement);
        const senders = statements.filter(
          ({ Effect, Principal }) => Effect === 'Allow' && Principal.Service === 'sns.amazonaws.com',
        );
        expect(senders.map(({ Action, Condition }) => [Action, Condition])).toEqual([
          ['sqs:SendMessage', { ArnEquals: { 'aws:SourceArn': { Ref: id } } }],
        ]);
      }
    }
    expect(stage.only('AWS::Events::Rule', 'RelaySchedule')).toMatchObject({ ScheduleExpression: 'rate(1 minute)' });
  },
);

test('the failures of the producer come to the queue of lost events, and messages die after as many attempts as anywhere', () => {
  const { DestinationConfig } = prod.only('AWS::Lambda::EventInvokeConfig', 'ObjectsFailures');
  const [queue] = DestinationConfig.OnFailure.Destination['Fn::GetAtt'];
  expect(queue).toMatch(/^LostEvents[0-9A-F]{8}$/);
  expect(prod.resources[queue]?.Properties.RedrivePolicy.maxReceiveCount).toBe(MAX_RECEIVE_COUNT);
});

test.for(STAGES)('%s: the template changes only when somebody means it', async ([name, { resources }]) => {
  const withoutHashes = JSON.stringify(resources, null, 1)
    .replaceAll(/\b[0-9a-f]{64}\b/g, '<hash>')
    .replaceAll(/CurrentVersion[0-9A-Fa-f]{40}/g, 'CurrentVersion<hash>');
  await expect(`${withoutHashes}\n`).toMatchFileSnapshot(`snapshots/${name}.json`);
});

test.for(STAGES)('%s: npm run cost counts what there is', ([, stage]) => {
  const count = (type: string) => Object.keys(stage.ofType(type)).length;
  const endpoints = Object.values(stage.ofType('AWS::EC2::VPCEndpoint')).map(({ Properties }) => Properties);
  const alarms = Object.values(stage.ofType('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
  expect(countsOf(stage.settings)).toEqual({
    loadBalancers: count('AWS::ElasticLoadBalancingV2::LoadBalancer'),
    endpointZones: endpoints.reduce((sum, { SubnetIds = [] }) => sum + SubnetIds.length, 0),
    alarmedMetrics: alarms.reduce(
      (sum, { Metrics = [{ MetricStat: {} }] }) =>
        sum + Metrics.filter(({ MetricStat }: Properties) => MetricStat !== undefined).length,
      0,
    ),
    queueReaders: count('AWS::Lambda::EventSourceMapping'),
    secrets: count('AWS::SecretsManager::Secret') + 1,
    dashboards: count('AWS::CloudWatch::Dashboard'),
  });
});

/** The rows of the table below a heading of docs/aws.md. */
function tableBelow(heading: string): string[] {
  const [, section = ''] = readFileSync('docs/aws.md', 'utf8').split(`\n## ${heading}\n`);
  const [own = ''] = section.split('\n## ');
  return own
    .split('\n')
    .filter((line) => /^\| (?!---)/.test(line))
    .slice(1);
}

test('docs/aws.md has the rights of the template', () => {
  expect(tableBelow('Rights')).toEqual(rightsTable(prod));
  expect(tableBelow('Rights by hand')).toEqual(rightsByHand(prod));
});

test('docs/aws.md says of every alarm what it means and what to do', () => {
  const alarms = Object.values(prod.ofType('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties.AlarmName);
  const rows = tableBelow('Alarms').map((row) => row.split(' | '));
  expect(rows.map(([name = '']) => `rowferry-prod-${name.replaceAll(/[|` ]/g, '')}`).toSorted()).toEqual(
    alarms.toSorted(),
  );
  for (const [, means = '', whatToDo = ''] of rows) expect(Math.min(means.length, whatToDo.length)).toBeGreaterThan(5);
});
