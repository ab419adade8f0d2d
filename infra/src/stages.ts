const MIB = 1024 * 1024;

export type Stage = {
  /** Keeps what it holds, whatever becomes of the stack: bucket and database. */
  retain: boolean;
  database: {
    /** https://aws.amazon.com/rds/instance-types/ */
    instance: string;
    vcpus: number;
    multiAz: boolean;
    storageGib: number;
    /** It grows by itself up to this. */
    storageMaxGib: number;
    backupDays: number;
    /** Less than what RDS would allow by the instance's memory, so that all of them fit into it (10 MB each). */
    maxConnections: number;
  };
  /** Batches of row messages that are written at the same time: as many as the database has cores, two at least. */
  rowWriters: number;
  /** Segments that are read at the same time. */
  segmentReaders: number;
  api: {
    cpu: number;
    memoryMib: number;
    uploadMemoryBytes: number;
    poolMax: number;
    min: number;
    max: number;
    spot: boolean;
  };
  backfill: {
    /** Folders of files must be below it: the function can read no other objects. */
    prefix: string;
    /** Files of one backfill that are under way at the same time at most: each takes a connection. */
    concurrencyMax: number;
    /** A folder whose new files are loaded on a schedule of EventBridge, in UTC; undefined: none is. */
    pickup: { prefix: string; profile?: string; schedule: string } | undefined;
  };
  /** Zones in which queues can be reached from the database's network: each costs by the hour. */
  endpointZones: number;
  /** Rules of AWS and a limit of requests in front of the API. */
  firewall: boolean;
  /** Without one, the API speaks HTTP. */
  certificateRequired: boolean;
  uploadRetentionDays: number;
  logRetentionDays: number;
};

/** What differs between the stages, and nothing else does. */
export const STAGES = {
  dev: {
    retain: false,
    database: {
      instance: 't4g.micro',
      vcpus: 2,
      multiAz: false,
      storageGib: 20,
      storageMaxGib: 50,
      backupDays: 1,
      maxConnections: 85,
    },
    rowWriters: 2,
    segmentReaders: 2,
    api: { cpu: 256, memoryMib: 512, uploadMemoryBytes: 96 * MIB, poolMax: 4, min: 1, max: 1, spot: true },
    backfill: { prefix: 'incoming/', concurrencyMax: 4, pickup: undefined },
    endpointZones: 1,
    firewall: false,
    certificateRequired: false,
    uploadRetentionDays: 30,
    logRetentionDays: 7,
  },
  prod: {
    retain: true,
    database: {
      instance: 'm7g.large',
      vcpus: 2,
      multiAz: true,
      storageGib: 100,
      storageMaxGib: 1000,
      backupDays: 14,
      maxConnections: 260,
    },
    rowWriters: 2,
    segmentReaders: 4,
    api: { cpu: 1024, memoryMib: 2048, uploadMemoryBytes: 512 * MIB, poolMax: 8, min: 2, max: 6, spot: false },
    // To turn it on: pickup: { prefix: 'incoming/', profile: 'payroll', schedule: 'cron(30 2 * * ? *)' }.
    backfill: { prefix: 'incoming/', concurrencyMax: 20, pickup: undefined },
    endpointZones: 2,
    firewall: true,
    certificateRequired: true,
    uploadRetentionDays: 365,
    logRetentionDays: 90,
  },
} as const satisfies Record<string, Stage>;

export type StageName = keyof typeof STAGES;

export const STAGE_NAMES = Object.keys(STAGES) as StageName[];

export function isStageName(name: string | undefined): name is StageName {
  return name !== undefined && Object.hasOwn(STAGES, name);
}

/** Name of the stack, and the first part of the names of what an operator has to find. */
export function stackName(stage: StageName): string {
  return `rowferry-${stage}`;
}

/** Names of buckets are of all the world. */
export function bucketNameOf(stage: StageName, account: string, region: string): string {
  return `${stackName(stage)}-files-${account}-${region}`;
}
