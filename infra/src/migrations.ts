import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { InvocationType, Trigger } from 'aws-cdk-lib/triggers';
import type { Construct } from 'constructs';
import type { Database } from './database.ts';
import { type Context, createFunction, roleOf } from './functions.ts';
import type { Network } from './network.ts';

const START_TIMEOUT_SECONDS = 15 * 60;
/** Less than that of the one that calls it, so that the caller hears of it. */
const MIGRATE_TIMEOUT_SECONDS = 14 * 60;
const KEYS_TIMEOUT_SECONDS = 30;

export type Migrations = { trigger: Trigger; keys: lambda.Function; firstKey: secretsmanager.Secret };

/**
 * Brings the schema up to date, once in each deployment that changes it, before the new code of the others; when it fails, the
 * deployment fails and what ran before goes on. Also makes API keys: the first one by itself.
 */
export function createMigrations(scope: Construct, context: Context, database: Database, network: Network): Migrations {
  const environment = database.environment;
  const migrate = createFunction(scope, 'migrate', context, {
    bundle: 'migration',
    handler: 'migrate',
    timeoutSeconds: MIGRATE_TIMEOUT_SECONDS,
    environment,
    network,
  });
  const keys = createFunction(scope, 'keys', context, {
    bundle: 'migration',
    handler: 'keys',
    timeoutSeconds: KEYS_TIMEOUT_SECONDS,
    environment,
    network,
  });
  database.grantConnect(roleOf(keys));
  const firstKey = new secretsmanager.Secret(scope, 'FirstKey', {
    secretName: `rowferry/${context.settings.name}/first-api-key`,
    description: 'The API key that the first deployment made',
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const start = createFunction(scope, 'migrations', context, {
    bundle: 'migration',
    handler: 'start',
    timeoutSeconds: START_TIMEOUT_SECONDS,
    environment: {
      OWNER_SECRET_ARN: database.ownerSecretArn,
      MIGRATE_FUNCTION: migrate.functionName,
      FIRST_KEY_SECRET_ARN: firstKey.secretArn,
    },
  });
  const rights = [
    ['secretsmanager:GetSecretValue', database.ownerSecretArn],
    ['secretsmanager:PutSecretValue', firstKey.secretArn],
    ['lambda:InvokeFunction', migrate.functionArn],
  ] as const;
  for (const [action, resource] of rights)
    roleOf(start).addToPrincipalPolicy(new iam.PolicyStatement({ actions: [action], resources: [resource] }));
  const trigger = new Trigger(scope, 'Migration', {
    handler: start,
    invocationType: InvocationType.REQUEST_RESPONSE,
    timeout: Duration.seconds(START_TIMEOUT_SECONDS),
    executeOnHandlerChange: true,
    executeAfter: [database.instance, migrate, roleOf(start) as iam.Role],
  });
  return { trigger, keys, firstKey };
}
