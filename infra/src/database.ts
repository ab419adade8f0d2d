import { APPLICATION_USER } from '@rowferry/database';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import type { Network } from './network.ts';
import type { Settings } from './settings.ts';

const OWNER = 'rowferry_owner';
const DATABASE = 'rowferry';

/** Connections that RDS keeps for itself and for superusers. */
export const RESERVED_CONNECTIONS = 5;

export type Database = {
  instance: rds.DatabaseInstance;
  /** `{"username":…,"password":…}`, made and rotated by RDS. */
  ownerSecretArn: string;
  /** What a process is told of it. */
  environment: Record<string, string>;
  /** Lets a role enter as the application's user, by tokens. */
  grantConnect(role: iam.IRole): void;
};

/** RDS PostgreSQL: private, encrypted, entered by TLS alone. */
export function createDatabase(scope: Construct, settings: Settings, { vpc, database }: Network): Database {
  const { instance: type, multiAz, storageGib, storageMaxGib, backupDays, maxConnections } = settings.database;
  const engine = rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_18_3 });
  const instance = new rds.DatabaseInstance(scope, 'Database', {
    engine,
    instanceType: new ec2.InstanceType(type),
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    securityGroups: [database],
    publiclyAccessible: false,
    databaseName: DATABASE,
    credentials: rds.Credentials.fromUsername(OWNER),
    manageMasterUserPassword: true,
    iamAuthentication: true,
    caCertificate: rds.CaCertificate.RDS_CA_RSA2048_G1,
    multiAz,
    storageType: rds.StorageType.GP3,
    allocatedStorage: storageGib,
    maxAllocatedStorage: storageMaxGib,
    storageEncrypted: true,
    backupRetention: Duration.days(backupDays),
    copyTagsToSnapshot: true,
    deletionProtection: settings.retain,
    removalPolicy: settings.retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    deleteAutomatedBackups: !settings.retain,
    enablePerformanceInsights: true,
    performanceInsightRetention: rds.PerformanceInsightRetention.DEFAULT,
    autoMinorVersionUpgrade: true,
    parameterGroup: new rds.ParameterGroup(scope, 'DatabaseParameters', {
      engine,
      parameters: {
        'rds.force_ssl': '1',
        max_connections: String(maxConnections),
        // Errors of statements quote rows. They are the client's to log, as with the embedded Postgres.
        log_error_verbosity: 'terse',
        log_min_error_statement: 'panic',
        log_min_messages: 'log',
        log_statement: 'none',
        log_min_duration_statement: '-1',
      },
    }),
  });
  const ownerSecretArn = instance.secret?.secretArn;
  if (ownerSecretArn === undefined) throw new Error('RDS was not asked to manage the password');
  return {
    instance,
    ownerSecretArn,
    environment: {
      DATABASE_HOST: instance.dbInstanceEndpointAddress,
      DATABASE_PORT: instance.dbInstanceEndpointPort,
      DATABASE_NAME: DATABASE,
      DATABASE_USER: APPLICATION_USER,
    },
    grantConnect: (role) => void instance.grantConnect(role, APPLICATION_USER),
  };
}
