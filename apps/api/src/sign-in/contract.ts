import { z } from 'zod';
import { defineRoute } from '../contract/route.ts';

const TEXT_MAX = 2048;

const signInSchema = z.object({
  issuer: z.string().max(TEXT_MAX).describe('URL of the OpenID Connect issuer; its discovery document says the rest.'),
  clientId: z.string().max(TEXT_MAX).describe('What this server is called at the issuer: a public client.'),
  scope: z.string().max(TEXT_MAX).describe('Scopes to ask for, with spaces between.'),
  parameters: z
    .record(z.string().max(TEXT_MAX), z.string().max(TEXT_MAX))
    .describe('What this issuer wants to be told beside, such as `audience`.'),
});

export const showSignIn = defineRoute({
  method: 'get',
  path: '/v1/sign-in',
  operationId: 'showSignIn',
  tag: 'Operating',
  summary: 'Where people sign in',
  description:
    'What a page needs to sign a person in: by the authorization code flow with PKCE (RFC 7636), at the issuer whose tokens this server takes. `signIn` is null where people use API keys.',
  scope: null,
  answers: {
    200: {
      description: 'The issuer, or that there is none.',
      schema: z.object({ signIn: signInSchema.nullable() }),
      example: {
        signIn: {
          issuer: 'https://login.example.com/realms/staff',
          clientId: 'rowferry-console',
          scope: 'openid profile read upload',
          parameters: {},
        },
      },
    },
  },
  problems: [],
});
