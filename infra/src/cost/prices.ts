/**
 * When and where the prices below were to be read on AWS's public pages (https://aws.amazon.com/pricing/, and the page of each
 * service). They were written down from memory, without asking AWS: check them before you rely on them.
 */
export const PRICES_OF = { month: '2025-06', region: 'us-east-1' };

/** US dollars, on demand, without free tiers and discounts. */
export const PRICES = {
  /** A gigabyte-second of Lambda on ARM, and a call. */
  lambdaGbSecond: 0.000_013_333_4,
  lambdaCall: 0.2e-6,
  /** A request of SQS, of up to 64 KiB. */
  sqsRequest: 0.4e-6,
  s3Put: 0.005 / 1000,
  s3Get: 0.0004 / 1000,
  s3GbMonth: 0.023,
  /** RDS for PostgreSQL in one zone; two cost twice as much. */
  rdsGbMonth: 0.115,
  fargateCpuHour: 0.032_38,
  fargateGbHour: 0.003_56,
  /** Spot is some 70 % cheaper. */
  fargateSpot: 0.3,
  loadBalancerHour: 0.0225,
  addressHour: 0.005,
  endpointZoneHour: 0.01,
  firewallMonth: 5,
  firewallRuleMonth: 1,
  /** For each metric that an alarm watches. */
  alarmMonth: 0.1,
  metricMonth: 0.3,
  dashboardMonth: 3,
  secretMonth: 0.4,
  logGb: 0.5,
} as const;

export type Instance = { name: string; hour: number; vcpus: number };

/** From small to large: general purpose, Graviton. */
export const INSTANCES: readonly Instance[] = [
  { name: 't4g.micro', hour: 0.016, vcpus: 2 },
  { name: 'm7g.large', hour: 0.168, vcpus: 2 },
  { name: 'm7g.xlarge', hour: 0.337, vcpus: 4 },
  { name: 'm7g.2xlarge', hour: 0.674, vcpus: 8 },
  { name: 'm7g.4xlarge', hour: 1.348, vcpus: 16 },
  { name: 'm7g.8xlarge', hour: 2.696, vcpus: 32 },
  { name: 'm7g.16xlarge', hour: 5.392, vcpus: 64 },
];
