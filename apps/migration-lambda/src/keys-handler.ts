import { createApiKey, type Database, listApiKeys, revokeApiKey, SCOPES } from '@rowferry/database';
import { z } from 'zod';

const request = z.union([
  z.strictObject({
    create: z.strictObject({
      name: z.string().min(1).max(100),
      scopes: z.array(z.enum(SCOPES)).min(1),
    }),
  }),
  z.strictObject({ revoke: z.string() }),
  z.strictObject({ list: z.literal(true) }),
]);

/**
 * The handler for API keys, for an operator who may call it (`aws lambda invoke`): what a one-off task of the container would
 * print, its log would keep. A new key is in the answer alone.
 */
export function createKeysHandler(database: Database) {
  return async (event: unknown): Promise<object> => {
    const asked = request.parse(event);
    if ('list' in asked) return { keys: (await listApiKeys(database)).map(({ hash: _, ...key }) => key) };
    if ('revoke' in asked) return { revoked: await revokeApiKey(database, asked.revoke) };
    return createApiKey(database, asked.create);
  };
}
