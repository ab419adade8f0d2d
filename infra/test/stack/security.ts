import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { acknowledgementsOf } from '../../src/acknowledgements.ts';
import { BODY_RULES } from '../../src/firewall.ts';
import { API_PORT, createNetwork } from '../../src/network.ts';
import { readSettings } from '../../src/settings.ts';
import { statementsOf } from './rights.ts';
import {
  CERTIFICATE,
  dev,
  functionsOf,
  nameOf,
  PROVIDER,
  type Properties,
  prod,
  type Resource,
  STAGES,
} from './stages.ts';

test.for(STAGES)(
  '%s: cdk-nag finds nothing but what is acknowledged, and all of that',
  ([, { findings, settings }]) => {
    const acknowledged = acknowledgementsOf(settings).flatMap(({ id, at }) => at.map((path) => ({ id, path })));
    const key = ({ id, path }: { id: string; path: string }) => `${id} at ${path}`;
    expect(findings.map(key).toSorted()).toEqual(acknowledged.map(key).toSorted());
    for (const { reason } of acknowledgementsOf(settings)) expect(reason.length).toBeGreaterThan(30);
  },
);

/** What takes no resource in a policy (docs.aws.amazon.com/service-authorization), and the keys of the account's own policies. */
const WITHOUT_RESOURCE = [
  /^xray:Put(TraceSegments|TelemetryRecords)$/,
  /^ec2:(Create|Describe|Delete)NetworkInterfaces?$/,
  /^ec2:DescribeSubnets$/,
  /^ec2:(Assign|Unassign)PrivateIpAddresses$/,
  /^ecr:GetAuthorizationToken$/,
  /^xray:GetSampling(Rules|Targets)$/,
  // Of Step Functions, for its log (docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html).
  /^logs:(Create|Get|Update|Delete|List)LogDeliver(y|ies)$/,
  /^logs:(PutResourcePolicy|DescribeResourcePolicies|DescribeLogGroups)$/,
];

test.for(STAGES)('%s: no role may do more than it needs', ([, stage]) => {
  const allowed = statementsOf(stage);
  expect(allowed.length).toBeGreaterThan(50);
  expect(allowed.filter(({ action }) => action.includes('*'))).toEqual([]);
  const everywhere = allowed.filter(({ resource }) => resource === '*').map(({ action }) => action);
  expect(everywhere.filter((action) => !WITHOUT_RESOURCE.some((pattern) => pattern.test(action)))).toEqual([]);
  const partly = allowed.filter(({ resource }) => resource !== '*' && /\*/.test(resource.replace(/:\*$/, '')));
  for (const { resource } of partly)
    expect(resource).toMatch(
      /-files-\S+\/(uploads|import-settings|import-settings\/uploads|import-profiles|incoming)\/\*$/,
    );
  expect(JSON.stringify(stage.resources)).not.toMatch(/NotAction|NotResource"|AdministratorAccess|PowerUser/);
  const managed = Object.entries(stage.ofType('AWS::IAM::Role')).filter(
    ([, { Properties }]) => Properties.ManagedPolicyArns,
  );
  expect(managed.map(([id]) => id).filter((id) => !PROVIDER.test(id))).toEqual([]);
});

test.for(STAGES)('%s: the database is private and encrypted, and wants TLS and tokens', ([name, stage]) => {
  expect(stage.only('AWS::RDS::DBInstance')).toMatchObject({
    Engine: 'postgres',
    EngineVersion: expect.stringMatching(/^18/),
    PubliclyAccessible: false,
    StorageEncrypted: true,
    EnableIAMDatabaseAuthentication: true,
    ManageMasterUserPassword: true,
    MultiAZ: name === 'prod',
    DeletionProtection: name === 'prod',
    BackupRetentionPeriod: name === 'prod' ? 14 : 1,
  });
  expect(stage.only('AWS::RDS::DBInstance').MasterUserPassword).toBeUndefined();
  expect(stage.only('AWS::RDS::DBParameterGroup').Parameters).toMatchObject({
    'rds.force_ssl': '1',
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
  });
  const kept = ['AWS::RDS::DBInstance', 'AWS::S3::Bucket'].flatMap((type) => Object.values(stage.ofType(type)));
  expect(kept.map(({ DeletionPolicy }) => DeletionPolicy)).toEqual(
    name === 'prod' ? ['Retain', 'Retain'] : ['Delete', 'Delete'],
  );
});

test.for(STAGES)(
  '%s: the bucket is private, and tells the producer itself of what comes below uploads/',
  ([, stage]) => {
    const bucket = stage.only('AWS::S3::Bucket');
    expect(bucket).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      NotificationConfiguration: {
        LambdaConfigurations: [
          { Event: 's3:ObjectCreated:*', Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'uploads/' }] } } },
        ],
      },
    });
    expect(bucket.BucketEncryption).toBeDefined();
    const page = stage.settings.certificate ? 'https://*' : 'http://*';
    expect(bucket.CorsConfiguration.CorsRules).toEqual([
      { AllowedMethods: ['PUT'], AllowedOrigins: [page], ExposedHeaders: ['ETag'], MaxAge: 600 },
    ]);
    const [abort, uploads] = bucket.LifecycleConfiguration.Rules;
    expect(abort).toMatchObject({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: 'Enabled' });
    expect(uploads).toMatchObject({ Prefix: 'uploads/', ExpirationInDays: stage.settings.uploadRetentionDays });
    const [, called] =
      functionsOf(stage).find(
        ([id]) => id === bucket.NotificationConfiguration.LambdaConfigurations[0].Function['Fn::GetAtt'][0],
      ) ?? [];
    expect(called?.Handler).toBe('index.objectHandler');
    expect(JSON.stringify(stage.only('AWS::S3::BucketPolicy'))).toContain('"aws:SecureTransport":"false"');
  },
);

/** What may come in from addresses outside the network, by security group. */
function openingsOf(resources: Record<string, Resource>): unknown[] {
  return Object.entries(resources)
    .filter(([, { Type }]) => /^AWS::EC2::SecurityGroup(Ingress)?$/.test(Type))
    .flatMap(([id, { Type, Properties }]) => {
      const rules = Type === 'AWS::EC2::SecurityGroup' ? (Properties.SecurityGroupIngress ?? []) : [Properties];
      return rules.map((rule: Properties) => ({ id, rule }));
    })
    .filter(({ rule }) => rule.CidrIp !== undefined || rule.CidrIpv6 !== undefined)
    .map(({ id, rule }) => [nameOf(id), rule.CidrIp, rule.FromPort]);
}

test('with a certificate only the load balancer can be reached from outside, by TLS', () => {
  expect(openingsOf(prod.resources)).toEqual([['LoadBalancerGroup', '0.0.0.0/0', 443]]);
  expect(prod.only('AWS::ElasticLoadBalancingV2::Listener')).toMatchObject({
    Protocol: 'HTTPS',
    Certificates: [{ CertificateArn: CERTIFICATE }],
    SslPolicy: expect.stringMatching(/TLS13/),
  });
  for (const [, stage] of STAGES) expect(stage.ofType('AWS::EC2::NatGateway')).toEqual({});
});

test('without a certificate only those who are named reach the API, and nobody where nobody is', () => {
  expect(openingsOf(dev.resources)).toEqual([['ApiGroup', dev.settings.from, API_PORT]]);
  expect(dev.ofType('AWS::ElasticLoadBalancingV2::LoadBalancer')).toEqual({});

  const stack = new Stack();
  createNetwork(stack, readSettings({ stage: 'dev' }));
  expect(openingsOf(Template.fromStack(stack).toJSON().Resources)).toEqual([]);
});

test.for(STAGES)('%s: a backfill reads its folder, writes uploads, and can do no more', ([name, stage]) => {
  const rightsOf = (role: string) =>
    statementsOf(stage)
      .filter((right) => right.role === role && right.resource !== '*' && !/^logs:/.test(right.action))
      .map(
        ({ action, resource }) =>
          `${action} ${nameOf(resource.replace(/^.*-files-[^/]*|^.*:(?=stateMachine:)|[<>]/g, ''))}`,
      )
      .toSorted();

  expect(rightsOf('backfillRole').filter((right) => !right.startsWith('rds-db:connect '))).toEqual([
    's3:AbortMultipartUpload /uploads/*',
    's3:GetObject /import-profiles/*',
    's3:GetObject /incoming/*',
    's3:ListBucket ',
    's3:PutObject /import-settings/*',
    's3:PutObject /uploads/*',
  ]);
  expect(rightsOf('BackfillsRole')).toEqual([
    expect.stringMatching(/^lambda:InvokeFunction backfill$/),
    `states:StartExecution stateMachine:rowferry-${name}-backfill`,
  ]);
  // It has a way out to the endpoint of S3 alone: its subnets have no other.
  const [, tasks] = functionsOf(stage).find(([id]) => /^backfill[0-9A-F]{8}$/.test(id)) ?? [];
  expect(JSON.stringify(tasks?.VpcConfig.SubnetIds)).toContain('IsolatedSubnet');
  expect(stage.ofType('AWS::Scheduler::Schedule')).toEqual({});
});

test('the firewall refuses floods, and counts only what it sees in a body', () => {
  const { Rules, DefaultAction } = prod.only('AWS::WAFv2::WebACL');
  expect(DefaultAction).toEqual({ Allow: {} });
  const [rate, ...groups] = Rules;
  expect(rate).toMatchObject({ Action: { Block: {} }, Statement: { RateBasedStatement: { AggregateKeyType: 'IP' } } });
  const counted = groups.flatMap(
    ({ Statement }: Properties) => Statement.ManagedRuleGroupStatement.RuleActionOverrides ?? [],
  );
  expect(counted).toEqual(
    Object.values(BODY_RULES)
      .flat()
      .map((Name) => ({ Name, ActionToUse: { Count: {} } })),
  );
  expect(counted.every(({ Name }: Properties) => Name.endsWith('_BODY'))).toBe(true);
  expect(dev.ofType('AWS::WAFv2::WebACL')).toEqual({});
});
