import { PROFILE_PREFIX, SETTINGS_PREFIX, UPLOAD_PREFIX } from '@rowferry/messages';
import { CfnOutput, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Backfills } from './backfill.ts';
import type { Database } from './database.ts';
import type { Files } from './files.ts';
import { type Context, caFile, metricsNamespace } from './functions.ts';
import { API_PORT, type Network } from './network.ts';
import type { Queues } from './queues.ts';
import type { Settings } from './settings.ts';
import { stackName } from './stages.ts';

/** The API stops within 30 s (apps/api/src/run-api.ts); the load balancer sends it nothing for so long, and then it may be killed. */
const DEREGISTRATION_SECONDS = 45;
const STOP_SECONDS = 60;

/** What clients of a stage with a certificate reach. */
export type Entrance = { loadBalancer: elb.ApplicationLoadBalancer; targets: elb.ApplicationTargetGroup };

export type ApiService = { service: ecs.FargateService; entrance: Entrance | undefined };

type Parts = { network: Network; database: Database; files: Files; queues: Queues; backfills: Backfills };

/** The API on Fargate: behind a load balancer that has the certificate, or, without one, a task that is reached itself. */
export function createApiService(scope: Construct, context: Context, parts: Parts): ApiService {
  const { settings } = context;
  const { network } = parts;
  const hasEntrance = network.loadBalancer !== undefined;
  const cluster = new ecs.Cluster(scope, 'Cluster', {
    vpc: network.vpc,
    clusterName: stackName(settings.name),
    enableFargateCapacityProviders: true,
    containerInsightsV2: ecs.ContainerInsights.DISABLED,
  });
  const service = new ecs.FargateService(scope, 'Api', {
    cluster,
    serviceName: 'api',
    taskDefinition: createTask(scope, context, parts),
    vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
    assignPublicIp: true,
    securityGroups: [network.api],
    capacityProviderStrategies: [{ capacityProvider: settings.api.spot ? 'FARGATE_SPOT' : 'FARGATE', weight: 1 }],
    desiredCount: settings.api.min,
    minHealthyPercent: 100,
    maxHealthyPercent: 200,
    circuitBreaker: { enable: true, rollback: true },
    ...(hasEntrance && { healthCheckGracePeriod: Duration.seconds(60) }),
    propagateTags: ecs.PropagatedTagSource.SERVICE,
  });
  service
    .autoScaleTaskCount({ minCapacity: settings.api.min, maxCapacity: settings.api.max })
    .scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: 60 });
  return { service, entrance: createEntrance(scope, settings, network, service) };
}

function createTask(
  scope: Construct,
  { settings, bundles }: Context,
  { network, database, files, queues, backfills }: Parts,
): ecs.FargateTaskDefinition {
  const { cpu, memoryMib, uploadMemoryBytes, poolMax } = settings.api;
  const task = new ecs.FargateTaskDefinition(scope, 'ApiTask', {
    family: `${stackName(settings.name)}-api`,
    cpu,
    memoryLimitMiB: memoryMib,
    runtimePlatform: {
      cpuArchitecture: ecs.CpuArchitecture.ARM64,
      operatingSystemFamily: ecs.OperatingSystemFamily.LINUX,
    },
    volumes: [{ name: 'tmp' }],
  });
  const container = task.addContainer('api', {
    image: ecs.ContainerImage.fromAsset(bundles.image, { platform: Platform.LINUX_ARM64 }),
    command: ['api'],
    user: 'node',
    readonlyRootFilesystem: true,
    stopTimeout: Duration.seconds(STOP_SECONDS),
    portMappings: [{ containerPort: API_PORT }],
    healthCheck: {
      command: ['CMD', 'node', 'health.mjs'],
      interval: Duration.seconds(10),
      timeout: Duration.seconds(5),
      startPeriod: Duration.seconds(30),
    },
    logging: ecs.LogDrivers.awsLogs({
      streamPrefix: 'api',
      logGroup: new logs.LogGroup(scope, 'ApiLog', {
        logGroupName: `/rowferry/${settings.name}/api`,
        retention: settings.logRetentionDays,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
    }),
    environment: {
      ...database.environment,
      BACKFILL_PREFIX: settings.backfill.prefix,
      BACKFILL_STATE_MACHINE_ARN: backfills.stateMachine.stateMachineArn,
      DATABASE_CA_FILE: caFile(scope, '/opt/rowferry'),
      DATABASE_POOL_MAX: String(poolMax),
      METRICS_NAMESPACE: metricsNamespace(settings),
      PORT: String(API_PORT),
      ROW_DLQ_URL: queues.rows.dlq.queueUrl,
      ROW_QUEUE_URL: queues.rows.queue.queueUrl,
      SEGMENT_DLQ_URL: queues.segments.dlq.queueUrl,
      SEGMENT_QUEUE_URL: queues.segments.queue.queueUrl,
      TRUSTED_PROXIES: network.loadBalancer === undefined ? '0' : '1',
      UPLOAD_BUCKET: files.bucketName,
      UPLOAD_MEMORY_BYTES: String(uploadMemoryBytes),
    },
  });
  // Dry runs keep large files there for a moment; nothing else can be written.
  container.addMountPoints({ sourceVolume: 'tmp', containerPath: '/tmp', readOnly: false });
  allowApi(task.taskRole, { database, files, queues });
  backfills.stateMachine.grantStartExecution(task.taskRole);
  return task;
}

function allowApi(role: iam.IRole, { database, files, queues }: Pick<Parts, 'database' | 'files' | 'queues'>): void {
  database.grantConnect(role);
  const readAndWrite = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'];
  files.allow(role, {
    [UPLOAD_PREFIX]: [
      's3:GetObject',
      's3:GetObjectVersion',
      's3:PutObject',
      's3:AbortMultipartUpload',
      's3:ListMultipartUploadParts',
    ],
    [SETTINGS_PREFIX]: readAndWrite,
    [PROFILE_PREFIX]: readAndWrite,
  });
  const { rows, segments } = queues;
  const allow = (action: string, targets: readonly { queueArn: string }[]) =>
    role.addToPrincipalPolicy(
      new iam.PolicyStatement({ actions: [action], resources: targets.map(({ queueArn }) => queueArn) }),
    );
  allow('sqs:SendMessage', [rows.queue, segments.queue]);
  allow('sqs:GetQueueAttributes', [rows.queue, rows.dlq, segments.queue, segments.dlq]);
}

function createEntrance(
  scope: Construct,
  { certificate, retain }: Settings,
  network: Network,
  service: ecs.FargateService,
): Entrance | undefined {
  if (network.loadBalancer === undefined || certificate === undefined) return undefined;
  const loadBalancer = new elb.ApplicationLoadBalancer(scope, 'LoadBalancer', {
    vpc: network.vpc,
    internetFacing: true,
    securityGroup: network.loadBalancer,
    dropInvalidHeaderFields: true,
    deletionProtection: retain,
  });
  const listener = loadBalancer.addListener('Listener', {
    port: 443,
    protocol: elb.ApplicationProtocol.HTTPS,
    certificates: [Certificate.fromCertificateArn(scope, 'Certificate', certificate)],
    open: false,
  });
  const targets = listener.addTargets('Targets', {
    port: API_PORT,
    protocol: elb.ApplicationProtocol.HTTP,
    targets: [service],
    deregistrationDelay: Duration.seconds(DEREGISTRATION_SECONDS),
    healthCheck: { path: '/healthz', interval: Duration.seconds(10), healthyThresholdCount: 2 },
  });
  new CfnOutput(scope, 'Address', { value: loadBalancer.loadBalancerDnsName });
  return { loadBalancer, targets };
}
