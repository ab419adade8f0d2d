import { BACKFILL_MACHINE } from '@rowferry/backfill-lambda';
import { PROFILE_PREFIX, SETTINGS_PREFIX, UPLOAD_PREFIX } from '@rowferry/messages';
import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Database } from './database.ts';
import type { Files } from './files.ts';
import { type Context, createFunction, roleOf } from './functions.ts';
import type { Network } from './network.ts';
import type { Settings } from './settings.ts';
import { stackName } from './stages.ts';

/** Connections of one container (apps/backfill-lambda/src/lambda.ts). */
export const BACKFILL_POOL_MAX = 1;

/** As of the longest task in the state machine, which copies an object. */
const TIMEOUT_SECONDS = 15 * 60;

export type Backfills = { function: lambda.Function; stateMachine: sfn.StateMachine };

/** Loads folders of files: the state machine that a worker runs on one machine, and the function that does its tasks. */
export function createBackfills(
  scope: Construct,
  context: Context,
  { network, database, files }: { network: Network; database: Database; files: Files },
): Backfills {
  const { settings } = context;
  const tasks = createFunction(scope, 'backfill', context, {
    bundle: 'backfill',
    handler: 'handler',
    timeoutSeconds: TIMEOUT_SECONDS,
    environment: {
      ...database.environment,
      UPLOAD_BUCKET: files.bucketName,
      BACKFILL_PREFIX: settings.backfill.prefix,
      BACKFILL_CONCURRENCY_MAX: String(settings.backfill.concurrencyMax),
    },
    network: { ...network, functions: network.backfill },
  });
  database.grantConnect(roleOf(tasks));
  files.allow(roleOf(tasks), {
    [settings.backfill.prefix]: ['s3:GetObject'],
    [UPLOAD_PREFIX]: ['s3:PutObject', 's3:AbortMultipartUpload'],
    [SETTINGS_PREFIX]: ['s3:PutObject'],
    [PROFILE_PREFIX]: ['s3:GetObject'],
  });
  const stateMachine = createStateMachine(scope, settings, tasks);
  if (settings.backfill.pickup !== undefined) schedulePickup(scope, settings.backfill.pickup, stateMachine);
  return { function: tasks, stateMachine };
}

function createStateMachine(scope: Construct, { name, logRetentionDays }: Settings, tasks: lambda.Function) {
  const stateMachineName = `${stackName(name)}-backfill`;
  const role = new iam.Role(scope, 'BackfillsRole', { assumedBy: new iam.ServicePrincipal('states.amazonaws.com') });
  // By its name and not by a reference: the state machine would have to be there before its role.
  const itself = Stack.of(scope).formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: stateMachineName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  for (const [action, resource] of [
    ['lambda:InvokeFunction', tasks.functionArn],
    ['states:StartExecution', itself],
  ] as const)
    role.addToPolicy(new iam.PolicyStatement({ actions: [action], resources: [resource] }));
  return new sfn.StateMachine(scope, 'Backfills', {
    stateMachineName,
    role,
    definitionBody: sfn.DefinitionBody.fromString(JSON.stringify(BACKFILL_MACHINE)),
    definitionSubstitutions: { BackfillFunction: tasks.functionArn },
    tracingEnabled: true,
    logs: {
      destination: new logs.LogGroup(scope, 'BackfillsLog', {
        // Log groups of Step Functions begin so: a policy of a resource for each would be too long.
        logGroupName: `/aws/vendedlogs/states/${stateMachineName}`,
        retention: logRetentionDays,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      level: sfn.LogLevel.ALL,
      // It has ids only; but an error may quote a file.
      includeExecutionData: false,
    },
  });
}

/** Starts the state machine at each moment of the schedule. While the backfill before is running, that changes nothing. */
export function schedulePickup(
  scope: Construct,
  { schedule, ...request }: NonNullable<Settings['backfill']['pickup']>,
  stateMachine: sfn.IStateMachine,
): void {
  new scheduler.Schedule(scope, 'Pickup', {
    schedule: scheduler.ScheduleExpression.expression(schedule),
    target: new StepFunctionsStartExecution(stateMachine, {
      input: scheduler.ScheduleTargetInput.fromObject(request),
      retryAttempts: 10,
    }),
  });
}
