import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { Settings } from './settings.ts';

export type Network = {
  vpc: ec2.Vpc;
  /** Of the functions that use the database. */
  functions: ec2.SecurityGroup;
  /** Of the function that copies objects, which reaches S3 as well. */
  backfill: ec2.SecurityGroup;
  api: ec2.SecurityGroup;
  database: ec2.SecurityGroup;
  /** Undefined where clients reach the API's task itself. */
  loadBalancer: ec2.SecurityGroup | undefined;
};

const POSTGRES = ec2.Port.tcp(5432);
/** What the API listens on. */
export const API_PORT = 3000;

/**
 * No NAT gateway: it costs more than everything that it would serve. The database and the functions that use it are in
 * subnets without a way out, with endpoints for SQS and SNS. The API's tasks are in public subnets with addresses of their own: they
 * fetch their image and the keys of an OIDC issuer from the internet. Only the load balancer can reach them, or, without a
 * certificate, those who were named: the load balancer would cost as much as the rest of `dev`.
 */
export function createNetwork(scope: Construct, settings: Settings): Network {
  const vpc = new ec2.Vpc(scope, 'Network', {
    maxAzs: 2,
    natGateways: 0,
    subnetConfiguration: [
      { name: 'Public', subnetType: ec2.SubnetType.PUBLIC, cidrMask: 22 },
      { name: 'Isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 22 },
    ],
    gatewayEndpoints: { S3: { service: ec2.GatewayVpcEndpointAwsService.S3 } },
  });
  const group = (id: string, description: string, allowAllOutbound = false) =>
    new ec2.SecurityGroup(scope, id, { vpc, description, allowAllOutbound });
  const functions = group('FunctionsGroup', 'functions that use the database');
  const backfill = group('BackfillGroup', 'the function of backfills');
  const api = group('ApiGroup', 'tasks of the API', true);
  const database = group('DatabaseGroup', 'the database');
  const queues = group('QueuesGroup', 'the endpoint of SQS');
  const topics = group('TopicsGroup', 'the endpoint of SNS');

  for (const [client, reason] of [
    [functions, 'functions'],
    [backfill, 'backfills'],
    [api, 'the API'],
  ] as const)
    database.addIngressRule(client, POSTGRES, `Postgres, by ${reason}`);
  functions.addEgressRule(database, POSTGRES, 'Postgres');
  backfill.addEgressRule(database, POSTGRES, 'Postgres');
  // In subnets without a way out, that is the gateway endpoint of S3, whose addresses a template does not know.
  backfill.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.HTTPS, 'S3');
  functions.addEgressRule(queues, ec2.Port.HTTPS, 'SQS');
  queues.addIngressRule(functions, ec2.Port.HTTPS, 'SQS, by functions');
  functions.addEgressRule(topics, ec2.Port.HTTPS, 'SNS');
  topics.addIngressRule(functions, ec2.Port.HTTPS, 'SNS, by functions');
  const loadBalancer = settings.certificate === undefined ? undefined : group('LoadBalancerGroup', 'the load balancer');
  // In the clear, only those who were named may come in, and nobody where nobody was.
  const named = settings.from === undefined ? undefined : ec2.Peer.ipv4(settings.from);
  if (loadBalancer === undefined) {
    if (named) api.addIngressRule(named, ec2.Port.tcp(API_PORT), 'clients');
  } else {
    loadBalancer.addIngressRule(named ?? ec2.Peer.anyIpv4(), ec2.Port.HTTPS, 'clients');
    loadBalancer.addEgressRule(api, ec2.Port.tcp(API_PORT), 'the API');
    api.addIngressRule(loadBalancer, ec2.Port.tcp(API_PORT), 'by the load balancer');
  }

  for (const [id, service, securityGroup] of [
    ['QueuesEndpoint', ec2.InterfaceVpcEndpointAwsService.SQS, queues],
    ['TopicsEndpoint', ec2.InterfaceVpcEndpointAwsService.SNS, topics],
  ] as const)
    vpc.addInterfaceEndpoint(id, {
      service,
      subnets: { subnets: vpc.isolatedSubnets.slice(0, settings.endpointZones) },
      securityGroups: [securityGroup],
      open: false,
    });
  return { vpc, functions, backfill, api, database, loadBalancer };
}
