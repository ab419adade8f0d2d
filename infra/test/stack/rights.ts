import { nameOf, type Properties, type TestedStage } from './stages.ts';

export type Right = { role: string; action: string; resource: string };

/** Every right that a policy of the stage gives: one action on one resource, as text. Policies of resources are not among them. */
export function statementsOf({ resources }: TestedStage): Right[] {
  return Object.entries(resources).flatMap(([id, { Type, Properties }]) => {
    const documents: Properties[] =
      Type === 'AWS::IAM::Policy'
        ? [Properties.PolicyDocument]
        : Type === 'AWS::IAM::Role'
          ? (Properties.Policies ?? []).map(({ PolicyDocument }: Properties) => PolicyDocument)
          : [];
    return documents
      .flatMap(({ Statement }) => Statement)
      .flatMap((statement: Properties) => {
        if (statement.Effect !== 'Allow') return [];
        return [statement.Action].flat().flatMap((action: string) =>
          [statement.Resource].flat().map((resource: unknown) => ({
            role: roleOf(id, Properties),
            action,
            resource: textOf(resource),
          })),
        );
      });
  });
}

function roleOf(id: string, { Roles = [] }: Properties): string {
  return nameOf(String(Roles[0]?.Ref ?? id));
}

/** `Fn::Join`, `Fn::GetAtt` and `Ref` as one line, with `<…>` for what is not known before. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const { 'Fn::Join': join, 'Fn::GetAtt': att, Ref: ref } = Object(value);
  if (join !== undefined) return join[1].map(textOf).join(join[0]);
  if (att !== undefined) return `<${att[0]}>`;
  if (ref !== undefined) return `<${ref}>`;
  return JSON.stringify(value);
}

/** What every function has, and the state machine for its log, which docs/aws.md says once. */
const OF_EVERY_FUNCTION =
  /^(logs:(CreateLogStream|PutLogEvents|\w+LogDeliver(y|ies)|\w+ResourcePolic(y|ies)|DescribeLogGroups)|xray:.*|ec2:.*)$/;

/** The roles and their rights as rows of a table in Markdown: one a role and resource. */
export function rightsTable(stage: TestedStage): string[] {
  return tableOf(stage, roleInWords);
}

/** Those who make the parts by hand need roles for these; functions of one bundle may share one. */
const BY_HAND: Record<string, RegExp> = {
  API: /^ApiTaskTaskRole$/,
  producer: /^(objects|segments)Role$/,
  consumer: /^(rows|deadletters|deadtasks|lostevents)Role$/,
};

/** The same for those whom docs/aws.md tells how to make by hand. */
export function rightsByHand(stage: TestedStage): string[] {
  return tableOf(stage, (role) => Object.keys(BY_HAND).find((name) => BY_HAND[name]?.test(role)));
}

function tableOf(stage: TestedStage, nameWho: (role: string) => string | undefined): string[] {
  const special = statementsOf(stage).filter(
    ({ role, action }) => nameWho(role) !== undefined && !OF_EVERY_FUNCTION.test(action),
  );
  const rights = Map.groupBy(special, ({ role, resource }) => `| ${nameWho(role)} | ${plain(resource)}`);
  return [...rights].map(([start, group]) => {
    const actions = new Set(group.map(({ action }) => `\`${action}\``));
    return `${start} | ${[...actions].join(', ')} |`;
  });
}

const NAMES: Record<string, string> = {
  AWSCDKTriggerCustomResourceProviderCustomResourceProviderRole: 'trigger of CDK',
  ApiTaskTaskRole: 'API',
  BackfillsRole: 'state machine of backfills',
  ApiTaskExecutionRole: 'Fargate, to start the API',
};

function roleInWords(role: string): string {
  const id = role.replace(/Role$/, '').replace(/^(dead|lost|webhook(?=sender|answers))/, '$1-');
  return NAMES[role] ?? `function \`${id}\``;
}

/** A resource in words: what of its ARN tells it from others. */
function plain(resource: string): string {
  const bucket = /^arn:.*-files-[^/]*?(?:\/(.*)\*)?$/.exec(resource);
  if (bucket) return bucket[1] === undefined ? 'the bucket' : `objects below \`${bucket[1]}\``;
  if (resource.includes(':stateMachine:')) return 'itself';
  if (resource === '*') return 'takes no resource';
  if (resource.includes(':dbuser:')) return 'user `rowferry_app` of the database';
  if (resource.includes(':repository/')) return 'repository of CDK';
  const [, id = resource] = /^<(\w+?)[0-9A-F]{8}>(?::\*)?$/.exec(resource) ?? [];
  return RESOURCES[id] ?? id;
}

const RESOURCES: Record<string, string> = {
  Rows: 'row queue',
  RowsDlq: 'dead-letter queue of rows',
  Segments: 'segment queue',
  SegmentsDlq: 'dead-letter queue of segments',
  LostEvents: 'queue of lost events',
  Notifications: 'queue of notifications',
  Alerts: 'queue of alerts',
  Events: 'topic of events',
  Webhooks: 'webhook queue',
  WebhookRequests: 'queue of attempts of webhooks',
  WebhookAnswers: 'queue of answers to webhooks',
  Database: 'secret of the owner',
  FirstKey: 'secret of the first key',
  Backfills: 'state machine of backfills',
  backfill: 'function `backfill`',
  migrate: 'function `migrate`',
  migrations: 'function `migrations`',
};
