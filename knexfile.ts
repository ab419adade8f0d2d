import { migrationSettings } from '@rowferry/database';
import { findDatabaseUrl } from '@rowferry/runtime';

export default { client: 'pg', connection: findDatabaseUrl(), migrations: migrationSettings };
