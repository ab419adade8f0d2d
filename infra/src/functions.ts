import { SQS_BATCH_SIZE } from '@rowferry/aws';
import { PROFILE_PREFIX, SETTINGS_NOTE_PREFIX, SETTINGS_PREFIX, UPLOAD_PREFIX } from '@rowferry/messages';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Bundles, FunctionName } from './bundle/bundle.ts';
import type { Database } from './database.ts';
import { type Files, notifyOfUploads } from './files.ts';
import type { Network } from './network.ts';
import { OBJECT_TIMEOUT_SECONDS, QUEUE_TIMEOUT_SECONDS, type Queues } from './queues.ts';
import type { Settings } from './settings.ts';
import { stackName } from './stages.ts';
import { allowPublish } from './topic.ts';

/** Messages of one write: a write of a thousand rows costs Postgres half as much a row as one of a hundred. */
const ROW_BATCH_SIZE = 10 * SQS_BATCH_SIZE;
/** Longest that Lambda gathers a batch: what a single row waits. */
const ROW_WINDOW_SECONDS = 1;
/** The least that Lambda takes (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html). */
export const LEAST_CONCURRENCY = 2;
/** Connections of one container of the consumer (apps/consumer-lambda/src/lambda.ts). */
export const CONSUMER_POOL_MAX = 2;
const MEMORY_MIB = 512;

export type Context = { settings: Settings; bundles: Bundles };

type FunctionProps = {
  bundle: FunctionName;
  handler: string;
  timeoutSeconds: number;
  environment: Record<string, string>;
  /** In the database's network. */
  network?: Network;
};

/** Where the CAs of RDS are in a bundle; the region is known when it is deployed. */
export function caFile(scope: Construct, directory: string): string {
  return `${directory}/ca/${Stack.of(scope).region}.pem`;
}

export function metricsNamespace({ name }: Settings): string {
  return `Rowferry/${name}`;
}

/** A function with a log and a role of its own, which may write to that log and nothing else. */
export function createFunction(
  scope: Construct,
  id: string,
  { settings, bundles }: Context,
  props: FunctionProps,
): lambda.Function {
  const logGroup = new logs.LogGroup(scope, `${id}Log`, {
    logGroupName: `/rowferry/${settings.name}/${id}`,
    retention: settings.logRetentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = new iam.Role(scope, `${id}Role`, { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  logGroup.grantWrite(role);
  if (props.network !== undefined) allowNetwork(role);
  return new lambda.Function(scope, id, {
    functionName: `${stackName(settings.name)}-${id}`,
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    code: lambda.Code.fromAsset(bundles[props.bundle]),
    handler: `index.${props.handler}`,
    timeout: Duration.seconds(props.timeoutSeconds),
    memorySize: MEMORY_MIB,
    tracing: lambda.Tracing.ACTIVE,
    role,
    logGroup,
    ...(props.network && {
      vpc: props.network.vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      securityGroups: [props.network.functions],
    }),
    environment: {
      NODE_OPTIONS: '--enable-source-maps',
      LOG_LEVEL: 'info',
      METRICS_NAMESPACE: metricsNamespace(settings),
      ...(props.network && { DATABASE_CA_FILE: caFile(scope, '/var/task') }),
      ...props.environment,
    },
  });
}

/** Lambda makes the network interfaces of a function as the function's own role. */
function allowNetwork(role: iam.Role): void {
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: [
        'ec2:CreateNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
        'ec2:DeleteNetworkInterface',
        'ec2:AssignPrivateIpAddresses',
        'ec2:UnassignPrivateIpAddresses',
      ],
      resources: ['*'],
    }),
  );
}

export type Functions = Record<
  'objects' | 'segments' | 'rows' | 'deadLetters' | 'deadTasks' | 'lostEvents',
  lambda.Function
>;

type Parts = { network: Network; database: Database; files: Files; queues: Queues; topic: sns.Topic };

/** Producer and consumer, and what calls each. */
export function createFunctions(scope: Construct, context: Context, parts: Parts): Functions {
  const { queues } = parts;
  const objects = createProducer(scope, 'objects', context, parts, OBJECT_TIMEOUT_SECONDS);
  const segments = createProducer(scope, 'segments', context, parts, QUEUE_TIMEOUT_SECONDS);
  const functions = {
    objects,
    segments,
    rows: createConsumer(scope, 'rows', 'handler', context, parts),
    deadLetters: createConsumer(scope, 'dead-letters', 'deadLetterHandler', context, parts),
    deadTasks: createConsumer(scope, 'dead-tasks', 'deadTaskHandler', context, parts),
    lostEvents: createConsumer(scope, 'lost-events', 'lostEventHandler', context, parts),
  };
  readQueue(functions.segments, queues.segments.queue, {
    batchSize: 1,
    maxConcurrency: context.settings.segmentReaders,
  });
  readQueue(functions.rows, queues.rows.queue, {
    batchSize: ROW_BATCH_SIZE,
    maxBatchingWindow: Duration.seconds(ROW_WINDOW_SECONDS),
    maxConcurrency: context.settings.rowWriters,
  });
  const rare = { batchSize: SQS_BATCH_SIZE, maxConcurrency: LEAST_CONCURRENCY };
  readQueue(functions.deadLetters, queues.rows.dlq, rare);
  readQueue(functions.deadTasks, queues.segments.dlq, rare);
  readQueue(functions.lostEvents, queues.lostEvents.queue, rare);
  for (const [reader, queue] of [
    [functions.segments, queues.segments.queue],
    [functions.rows, queues.rows.queue],
  ] as const)
    allow(reader, ['sqs:ChangeMessageVisibility'], queue);
  callForUploads(scope, objects, parts);
  return functions;
}

function createProducer(
  scope: Construct,
  id: 'objects' | 'segments',
  context: Context,
  { files, queues }: Parts,
  timeoutSeconds: number,
) {
  const producer = createFunction(scope, id, context, {
    bundle: 'producer',
    handler: id === 'objects' ? 'objectHandler' : 'segmentHandler',
    timeoutSeconds,
    environment: { ROW_QUEUE_URL: queues.rows.queue.queueUrl, SEGMENT_QUEUE_URL: queues.segments.queue.queueUrl },
  });
  files.allow(roleOf(producer), {
    [UPLOAD_PREFIX]: ['s3:GetObject', 's3:GetObjectVersion'],
    [SETTINGS_PREFIX]: ['s3:GetObject'],
    // What a folder's profile said at the first attempt is noted there.
    [SETTINGS_NOTE_PREFIX]: ['s3:PutObject'],
    [PROFILE_PREFIX]: ['s3:GetObject'],
  });
  for (const { queue } of [queues.rows, queues.segments]) allow(producer, ['sqs:SendMessage'], queue);
  return producer;
}

function createConsumer(
  scope: Construct,
  id: string,
  handler: string,
  context: Context,
  { network, database, queues, topic }: Parts,
) {
  const consumer = createFunction(scope, id, context, {
    bundle: 'consumer',
    handler,
    timeoutSeconds: QUEUE_TIMEOUT_SECONDS,
    environment: {
      ...database.environment,
      ROW_QUEUE_URL: queues.rows.queue.queueUrl,
      EVENTS_TOPIC_ARN: topic.topicArn,
    },
    network,
  });
  database.grantConnect(roleOf(consumer));
  allowPublish(topic, roleOf(consumer));
  return consumer;
}

type Mapping = Pick<lambda.EventSourceMappingOptions, 'batchSize' | 'maxBatchingWindow' | 'maxConcurrency'>;

export function readQueue(reader: lambda.Function, queue: sqs.Queue, mapping: Mapping): void {
  allow(reader, ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], queue);
  const source = reader.addEventSourceMapping('Queue', {
    ...mapping,
    eventSourceArn: queue.queueArn,
    // The handlers answer which messages failed: without it, Lambda would take the others' answer for all.
    reportBatchItemFailures: true,
  });
  // Lambda asks at once whether the role may receive.
  source.node.addDependency(roleOf(reader));
}

/** S3 calls it for each new object; an event that it cannot handle goes to the queue of lost events. */
function callForUploads(scope: Construct, objects: lambda.Function, { files, queues }: Parts): void {
  const { account } = Stack.of(scope);
  new lambda.CfnEventInvokeConfig(scope, 'ObjectsFailures', {
    functionName: objects.functionName,
    qualifier: '$LATEST',
    maximumRetryAttempts: 2,
    destinationConfig: { onFailure: { destination: queues.lostEvents.queue.queueArn } },
  }).node.addDependency(roleOf(objects));
  allow(objects, ['sqs:SendMessage'], queues.lostEvents.queue);
  const permission = new lambda.CfnPermission(scope, 'ObjectsPermission', {
    action: 'lambda:InvokeFunction',
    principal: 's3.amazonaws.com',
    functionName: objects.functionArn,
    sourceArn: files.bucketArn,
    sourceAccount: account,
  });
  notifyOfUploads(files, objects.functionArn, permission);
}

export function allow(to: lambda.Function, actions: string[], queue: sqs.Queue): void {
  roleOf(to).addToPrincipalPolicy(new iam.PolicyStatement({ actions, resources: [queue.queueArn] }));
}

export function roleOf({ role }: lambda.Function): iam.IRole {
  if (role === undefined) throw new Error('a function without a role');
  return role;
}
