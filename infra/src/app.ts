import { type App, CfnOutput, Stack, Tags } from 'aws-cdk-lib';
import { createApiService } from './api-service.ts';
import { createBackfills } from './backfill.ts';
import type { Bundles } from './bundle/bundle.ts';
import { createDatabase } from './database.ts';
import { createEvents } from './events.ts';
import { allowPartsFrom, createFiles } from './files.ts';
import { createFirewall } from './firewall.ts';
import { createFunctions } from './functions.ts';
import { createMigrations } from './migrations.ts';
import { createMonitoring } from './monitoring.ts';
import { createNetwork } from './network.ts';
import { createQueues } from './queues.ts';
import type { Settings } from './settings.ts';
import { stackName } from './stages.ts';
import { createEventsTopic } from './topic.ts';
import { createWebhooks } from './webhooks.ts';

/** The whole of one stage, as one stack, in the account and region that it is deployed to. */
export function createStack(app: App, settings: Settings, bundles: Bundles): Stack {
  const stack = new Stack(app, stackName(settings.name), {
    description: `Rowferry, stage ${settings.name}`,
    terminationProtection: settings.retain,
  });
  Tags.of(stack).add('rowferry:stage', settings.name);
  const context = { settings, bundles };
  const network = createNetwork(stack, settings);
  const database = createDatabase(stack, settings, network);
  const files = createFiles(stack, settings);
  const queues = createQueues(stack);
  const topic = createEventsTopic(stack, settings);
  const parts = { network, database, files, queues, topic };
  const importing = createFunctions(stack, context, parts);
  const webhooks = createWebhooks(stack, context, parts);
  const backfills = createBackfills(stack, context, parts);
  const events = createEvents(stack, context, { ...parts, webhooks: webhooks.queues.events });
  const functions = { ...importing, ...webhooks.functions, ...events.functions, backfill: backfills.function };
  const { trigger, keys, firstKey } = createMigrations(stack, context, database, network);
  const api = createApiService(stack, context, { ...parts, backfills });
  // A certificate says for which names it is, but not to a template; nor does a task its address.
  allowPartsFrom(files, settings.certificate ? 'https://*' : 'http://*');
  // New code comes after the schema that it needs.
  trigger.executeBefore(...Object.values(functions), keys, api.service);
  if (settings.firewall && api.entrance) createFirewall(stack, settings, api.entrance.loadBalancer);
  createMonitoring(stack, { settings, functions, queues, webhooks, events, backfills, database, api });
  for (const [name, value] of Object.entries({ Bucket: files.bucketName, FirstKeySecret: firstKey.secretName }))
    new CfnOutput(stack, name, { value });
  return stack;
}
