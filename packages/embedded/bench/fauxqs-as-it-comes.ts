/** fauxqs started by itself, to compare with: `node fauxqs-as-it-comes.ts <data directory>`. It listens on all interfaces. */
import { join } from 'node:path';
import { startFauxqs } from 'fauxqs';

const dataDir = process.argv[2] ?? '.';
const server = await startFauxqs({ port: 0, logger: false, dataDir, s3StorageDir: join(dataDir, 's3') });
process.once('disconnect', () => process.exit(0));
process.send?.({ port: server.port });
