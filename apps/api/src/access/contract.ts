import { SCOPES } from '@rowferry/database';
import { z } from 'zod';
import { linkHeader, PAGINATION_EXAMPLE, pageOf } from '../contract/answers.ts';
import { momentField, textField } from '../contract/fields.ts';
import { defineRoute } from '../contract/route.ts';
import { pageParameters } from '../http/parameters.ts';

/** Characters of the name of a key. */
export const KEY_NAME_MAX = 100;
const NAME_ERROR = `must say whose key it is, in ${KEY_NAME_MAX} characters at most`;
const SCOPES_ERROR = `must be a list of one or more of ${SCOPES.join(', ')}`;
const SCOPE_ERROR = `must be one of ${SCOPES.join(', ')}`;

/** Whose key it is: one line that a person can read. */
export const keyNameSchema = z
  .string({ error: NAME_ERROR })
  .max(KEY_NAME_MAX, NAME_ERROR)
  .regex(/^(?=.*\S)\P{Cc}+$/u, NAME_ERROR);

const ID_PATTERN = /^[0-9a-f]{16}$/;
const keyIdField = z.string().max(16);
const scopesField = z.array(z.enum(SCOPES)).max(SCOPES.length);

const apiKeySchema = z
  .object({
    id: keyIdField.describe('The part of the key that is no secret.'),
    name: textField(1000),
    scopes: scopesField.describe('What its owner may do.'),
    createdAt: momentField,
    revokedAt: momentField.nullable().describe('Since when it opens nothing; null while it is valid.'),
  })
  .meta({ id: 'ApiKey' });

const createdKeySchema = apiKeySchema
  .extend({ key: textField(100).describe('The key itself. This is the only answer that has it.') })
  .meta({ id: 'CreatedApiKey' });

const EXAMPLE = {
  id: '3f9c1a7be2d40568',
  name: 'payroll',
  scopes: ['read', 'upload'],
  createdAt: '2026-11-28T09:30:00.000Z',
  revokedAt: null,
} satisfies z.input<typeof apiKeySchema>;

export const listApiKeys = defineRoute({
  method: 'get',
  path: '/v1/api-keys',
  operationId: 'listApiKeys',
  tag: 'API keys',
  summary: 'List API keys, newest first',
  description: 'Revoked ones too, and none with its secret, which is not stored.',
  scope: 'operate',
  parameters: { query: z.object(pageParameters) },
  answers: {
    200: {
      description: 'One page of keys.',
      schema: pageOf(apiKeySchema),
      example: { data: [EXAMPLE], pagination: { ...PAGINATION_EXAMPLE, total: 1 } },
      headers: linkHeader,
    },
  },
  problems: [],
});

export const createApiKey = defineRoute({
  method: 'post',
  path: '/v1/api-keys',
  operationId: 'createApiKey',
  tag: 'API keys',
  summary: 'Create an API key',
  description:
    'A key can allow no more than the credentials that create it. Once there is a key, every request needs credentials. ' +
    'There is no idempotency key: a stored answer would hold the secret. Revoke a key whose answer was lost.',
  scope: 'operate',
  body: {
    contentType: 'application/json',
    schema: z
      .strictObject(
        {
          name: keyNameSchema.describe('Whose key it is.'),
          scopes: z
            .array(z.enum(SCOPES, { error: SCOPE_ERROR }), { error: SCOPES_ERROR })
            .min(1, SCOPES_ERROR)
            .max(10),
        },
        { error: 'must be a JSON object' },
      )
      .meta({ id: 'NewApiKey' }),
  },
  answers: {
    201: {
      description: 'The key, with its secret.',
      schema: createdKeySchema,
      example: { ...EXAMPLE, key: 'rf_3f9c1a7be2d40568_…' },
    },
  },
  problems: [],
});

export const revokeApiKey = defineRoute({
  method: 'delete',
  path: '/v1/api-keys/{keyId}',
  operationId: 'revokeApiKey',
  tag: 'API keys',
  summary: 'Revoke an API key',
  description: 'It opens nothing within two seconds. It stays in the list. Calling it again returns the same answer.',
  scope: 'operate',
  parameters: {
    path: z.object({
      keyId: z
        .string()
        .max(16, 'must be the id of a key')
        .regex(ID_PATTERN, 'must be the id of a key: 16 digits of 0 to 9 and a to f')
        .describe('The id of the key.'),
    }),
  },
  answers: { 204: { description: 'It is revoked.' } },
  problems: ['api_key_not_found'],
});
