import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { Settings } from './settings.ts';

export type Network = {
  vpc: ec2.Vpc;
  /** Of the functions that use the database. */
  functions: ec2.SecurityGroup;
  api: ec2.SecurityGroup;
  database: ec2.SecurityGroup;
  loadBalancer: ec2.SecurityGroup;
};

const POSTGRES = ec2.Port.tcp(5432);
/** What the API listens on. */
export const API_PORT = 3000;

/**
 * No NAT gateway: it costs more than everything that it would serve. The database and the functions that use it are in
 * subnets without a way out, with an endpoint for SQS. The API's tasks are in public subnets with addresses of their own, which
 * only the load balancer can reach: they fetch their image and the keys of an OIDC issuer from the internet.
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
  const api = group('ApiGroup', 'tasks of the API', true);
  const database = group('DatabaseGroup', 'the database');
  const loadBalancer = group('LoadBalancerGroup', 'the load balancer');
  const queues = group('QueuesGroup', 'the endpoint of SQS');

  for (const [client, reason] of [
    [functions, 'functions'],
    [api, 'the API'],
  ] as const)
    database.addIngressRule(client, POSTGRES, `Postgres, by ${reason}`);
  functions.addEgressRule(database, POSTGRES, 'Postgres');
  functions.addEgressRule(queues, ec2.Port.HTTPS, 'SQS');
  queues.addIngressRule(functions, ec2.Port.HTTPS, 'SQS, by functions');
  api.addIngressRule(loadBalancer, ec2.Port.tcp(API_PORT), 'by the load balancer');
  loadBalancer.addEgressRule(api, ec2.Port.tcp(API_PORT), 'the API');

  vpc.addInterfaceEndpoint('QueuesEndpoint', {
    service: ec2.InterfaceVpcEndpointAwsService.SQS,
    subnets: { subnets: vpc.isolatedSubnets.slice(0, settings.endpointZones) },
    securityGroups: [queues],
    open: false,
  });
  return { vpc, functions, api, database, loadBalancer };
}
