import { PROFILE_PREFIX, SETTINGS_NOTE_PREFIX, SETTINGS_PREFIX, UPLOAD_PREFIX } from '@rowferry/messages';
import { type Stack, Validations } from 'aws-cdk-lib';
import type { Settings } from './settings.ts';
import { bucketNameOf } from './stages.ts';

/** A finding of cdk-nag that stays as it is. A test fails for one that nothing finds. */
export type Acknowledgement = {
  id: string;
  /** Paths of constructs, below the stack. */
  at: readonly string[];
  reason: string;
};

const PRODUCER = ['objectsRole', 'segmentsRole'];
const WITH_DATABASE = [
  'rowsRole',
  'dead-lettersRole',
  'dead-tasksRole',
  'lost-eventsRole',
  'relayRole',
  'notificationsRole',
  'alertsRole',
  'webhooksRole',
  'webhook-answersRole',
  'backfillRole',
  'migrateRole',
  'keysRole',
];

const API = 'ApiTask/TaskRole';
const BACKFILL = 'backfillRole';
/** Who may use objects below a prefix. */
const OBJECTS = {
  [UPLOAD_PREFIX]: [...PRODUCER, API, BACKFILL],
  [SETTINGS_PREFIX]: [...PRODUCER, API, BACKFILL],
  [SETTINGS_NOTE_PREFIX]: PRODUCER,
  [PROFILE_PREFIX]: [...PRODUCER, API, BACKFILL],
};

export function acknowledgementsOf({
  name,
  database,
  retain,
  from,
  certificate,
  backfill,
}: Settings): Acknowledgement[] {
  const policies = (roles: readonly string[]) => roles.map((role) => `${role}/DefaultPolicy/Resource`);
  const bucket = `arn:<AWS::Partition>:s3:::${bucketNameOf(name, '<AWS::AccountId>', '<AWS::Region>')}`;
  const isOpen = certificate !== undefined && from === undefined;
  return [
    {
      id: 'AwsSolutions-IAM5[Resource::*]',
      at: policies([...PRODUCER, 'webhook-senderRole', 'migrationsRole']),
      reason: 'X-Ray takes no resource in a policy (xray:PutTraceSegments, xray:PutTelemetryRecords)',
    },
    {
      id: 'AwsSolutions-IAM5[Resource::*]',
      at: policies(WITH_DATABASE),
      reason: 'X-Ray takes no resource in a policy, nor do the network interfaces that Lambda makes for a function',
    },
    {
      id: 'AwsSolutions-IAM5[Resource::*]',
      at: ['ApiTask/ExecutionRole/DefaultPolicy/Resource'],
      reason: 'ecr:GetAuthorizationToken takes no resource; images can be pulled from the one repository',
    },
    {
      id: 'AwsSolutions-IAM5[Resource::*]',
      at: policies(['BackfillsRole']),
      reason: 'X-Ray takes no resource in a policy, nor does the delivery of the logs of Step Functions',
    },
    {
      id: `AwsSolutions-IAM5[Resource::${bucket}/${backfill.prefix}*]`,
      at: policies([BACKFILL]),
      reason: 'a folder of files is loaded, whose names are not known beforehand; no object elsewhere can be read',
    },
    ...Object.entries(OBJECTS).map(([prefix, roles]) => ({
      id: `AwsSolutions-IAM5[Resource::${bucket}/${prefix}*]`,
      at: policies(roles),
      reason: 'objects are named by uploads, which are not known beforehand; the rest of the bucket is out of reach',
    })),
    {
      id: 'AwsSolutions-VPC7',
      at: ['Network/Resource'],
      reason:
        'the only ways out of the isolated subnets are the endpoints of SQS and SNS: flow logs would cost more than they tell',
    },
    {
      id: 'AwsSolutions-RDS11',
      at: ['Database/Resource'],
      reason: 'the database is reached from two security groups only; another port would hide it from nobody',
    },
    ...(database.multiAz
      ? []
      : [{ id: 'AwsSolutions-RDS3', at: ['Database/Resource'], reason: 'a stage for trying things out has one zone' }]),
    ...(retain
      ? []
      : [
          {
            id: 'AwsSolutions-RDS10',
            at: ['Database/Resource'],
            reason: 'a stage for trying things out can be deleted',
          },
        ]),
    ...(isOpen
      ? [{ id: 'AwsSolutions-EC23', at: ['LoadBalancerGroup/Resource'], reason: 'the API is for everybody with a key' }]
      : []),
    {
      id: 'AwsSolutions-S1',
      at: ['Files/Resource'],
      reason:
        'the API logs who uploaded what; access logs would need a bucket more, and name files that can be named after people',
    },
    ...(certificate === undefined
      ? []
      : [
          {
            id: 'AwsSolutions-ELB2',
            at: ['LoadBalancer/Resource'],
            reason:
              'access logs would keep what was searched for, which is personal data; the API logs requests without it',
          },
        ]),
    {
      id: 'AwsSolutions-SMG4',
      at: ['FirstKey/Resource'],
      reason: 'an API key is rotated by making another and revoking the first, not by overwriting it here',
    },
    {
      id: 'AwsSolutions-ECS4',
      at: ['Cluster/Resource'],
      reason: 'the metrics of the load balancer and of the API itself say the same, without the price by task',
    },
    {
      id: 'AwsSolutions-ECS2',
      at: ['ApiTask/Resource'],
      reason: 'the environment has names and addresses; the password of the database is a token of IAM',
    },
  ];
}

/** @throws when an acknowledgement names a construct that the stack does not have. */
export function acknowledge(stack: Stack, settings: Settings): void {
  const constructs = new Map(stack.node.findAll().map((one) => [one.node.path, one]));
  for (const { id, at, reason } of acknowledgementsOf(settings)) {
    for (const path of at) {
      const construct = constructs.get(`${stack.node.path}/${path}`);
      if (construct === undefined) throw new Error(`acknowledgements.ts names ${path}, which the stack does not have`);
      Validations.of(construct).acknowledge({ id, reason });
    }
  }
}
