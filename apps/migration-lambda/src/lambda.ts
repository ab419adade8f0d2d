import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { databasePassword } from '@rowferry/aws';
import { connect } from '@rowferry/database';
import { createLogger, readEnvironment } from '@rowferry/runtime';
import { createKeysHandler } from './keys-handler.ts';
import { createMigrateHandler } from './migrate-handler.ts';
import { createStartHandler } from './start-handler.ts';

const { LOG_LEVEL } = readEnvironment(['LOG_LEVEL']);
const logger = createLogger('migration', LOG_LEVEL);
const secrets = new SecretsManagerClient();
const lambda = new LambdaClient({
  // Migrations may take long, and a second call would wait for the first one's lock.
  maxAttempts: 1,
  requestHandler: { requestTimeout: 15 * 60 * 1000 },
});

/** What a deployment calls before the new code of the others. */
export const start = createStartHandler({
  async readOwnerSecret() {
    const { SecretString = '' } = await secrets.send(
      new GetSecretValueCommand({ SecretId: process.env.OWNER_SECRET_ARN }),
    );
    return SecretString;
  },
  async callMigrate(payload) {
    const command = new InvokeCommand({ FunctionName: process.env.MIGRATE_FUNCTION, Payload: payload });
    const { FunctionError, Payload } = await lambda.send(command);
    const answer = Payload?.transformToString() ?? '';
    if (FunctionError !== undefined) throw new Error(`the migration failed: ${answer}`);
    return answer;
  },
  async saveFirstKey(SecretString) {
    await secrets.send(new PutSecretValueCommand({ SecretId: process.env.FIRST_KEY_SECRET_ARN, SecretString }));
  },
  logger,
});

/** What `start` calls, in the network of the database. */
export async function migrate(event: unknown) {
  const { DATABASE_URL: url } = readEnvironment(['DATABASE_URL']);
  return createMigrateHandler({ url, logger })(event);
}

/** What an operator calls, in the network of the database. */
export async function keys(event: unknown) {
  const environment = readEnvironment(['DATABASE_URL', 'AWS_REGION']);
  const password = databasePassword(environment, lambda);
  const database = connect({
    url: environment.DATABASE_URL,
    password,
    poolMax: 1,
    onWarning: (message) => logger.warn(message),
  });
  return createKeysHandler(database)(event).finally(() => database.destroy());
}
