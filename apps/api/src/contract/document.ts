import { STATUS_CODES } from 'node:http';
import type { Scope } from '@rowferry/database';
import { VERSION } from '@rowferry/runtime';
import { z } from 'zod';
import {
  createDocument,
  type ZodOpenApiObject,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponseObject,
  type ZodOpenApiSchemaObject,
} from 'zod-openapi';
import { REQUEST_ID_MAX } from '../limits.ts';
import { PROBLEMS, type ProblemCode } from '../problems/catalogue.ts';
import { problemExample } from '../problems/examples.ts';
import { problemSchema } from '../problems/schema.ts';
import { problemsOf } from './problems-of.ts';
import type { Answer, RouteContract, Tag } from './route.ts';

export type OpenApiDocument = ReturnType<typeof createDocument>;

const TAGS: Record<Tag, string> = {
  Uploads: 'Sending files and following their progress.',
  'Import profiles': 'How files of a kind are read, stated once.',
  Backfills: 'Folders of files, loaded as uploads.',
  Employees: 'The employees, after all imports so far.',
  'Failed rows': 'Rows that were not written, why, and their redrive.',
  'API keys': 'Who may do what.',
  Notifications: 'What has happened to uploads, for people to read.',
  Webhooks: 'Who is told of events over HTTP, and how that went.',
  Operating: 'For who runs Rowferry.',
};

/** Headers of every answer. */
const COMMON_HEADERS = {
  'X-Request-Id': z.string().max(REQUEST_ID_MAX).describe('Names this request; the server’s log has the same.'),
  RateLimit: z
    .string()
    .max(200)
    .describe('What is left of the allowance, and seconds until it is whole again (IETF draft 8).'),
  'RateLimit-Policy': z.string().max(200).describe('The allowance: requests and seconds.'),
  'Access-Control-Allow-Origin': z
    .string()
    .max(2048)
    .optional()
    .describe('Only for origins that `CORS_ORIGINS` lists.'),
};

/** The OpenAPI 3.1 document of these routes: what a client generator, a linter or a reader needs to know. */
export function openApiDocument(contracts: readonly RouteContract[]): OpenApiDocument {
  const problemResponse = problemResponses();
  const paths: ZodOpenApiPathsObject = {};
  for (const contract of contracts) {
    paths[contract.path] = { ...paths[contract.path], [contract.method]: operationOf(contract, problemResponse) };
  }
  return createDocument({ ...frame(contracts), paths });
}

function frame(contracts: readonly RouteContract[]): ZodOpenApiObject {
  const used = new Set(contracts.map(({ tag }) => tag));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Rowferry',
      version: VERSION,
      description: 'Imports CSV files of employees into Postgres: each row is written once, or the reason is given.',
      license: { name: 'MIT', identifier: 'MIT' },
      contact: { name: 'The people who run this server' },
    },
    servers: [{ url: '/', description: 'This server, local or production', 'x-internal': false }],
    tags: Object.entries(TAGS).flatMap(([name, description]) => (used.has(name as Tag) ? [{ name, description }] : [])),
    components: {
      schemas: { Problem: problemSchema },
      securitySchemes: {
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'rf_…',
          description:
            'An API key made by `npm run keys -- create --name <name>`. Without any key, a server on loopback asks for none.',
        },
        oidc: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description:
            'A JWT of the issuer that `OIDC_ISSUER` names, checked as RFC8725 says; its `scope` says what it allows.',
        },
      },
    },
  };
}

type ProblemResponses = (codes: readonly [ProblemCode, ...ProblemCode[]]) => ZodOpenApiResponseObject;

function operationOf(contract: RouteContract, problemResponse: ProblemResponses): ZodOpenApiOperationObject {
  const { operationId, tag, summary, description, scope, parameters, body } = contract;
  return {
    operationId,
    tags: [tag],
    summary,
    description,
    security: securityOf(scope),
    ...(parameters === undefined ? {} : { requestParams: { ...parameters, ...titledHeaders(parameters.header) } }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { [body.contentType]: { schema: body.schema } } } }),
    responses: { ...answersOf(contract), ...problemsByStatus(contract, problemResponse) },
  };
}

/** What an API key and a token must both allow. The empty requirement says that nothing is needed. */
function securityOf(scope: Scope | null): Record<string, string[]>[] {
  return scope === null ? [{}] : [{ apiKey: [scope] }, { oidc: [scope] }];
}

/** Node has header names in lower case, readers expect `Idempotency-Key`. */
function titledHeaders(header: z.ZodObject | undefined): { header?: z.ZodObject } {
  if (header === undefined) return {};
  const titled = Object.entries(header.shape).map(([name, schema]) => [
    name.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase()),
    schema,
  ]);
  return { header: z.object(Object.fromEntries(titled)) };
}

function answersOf({ answers }: RouteContract): Record<string, ZodOpenApiResponseObject> {
  return Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, responseOf(answer)]));
}

function responseOf({
  description,
  schema,
  example,
  contentType = 'application/json',
  headers,
}: Answer): ZodOpenApiResponseObject {
  return {
    description,
    headers: z.object({ ...COMMON_HEADERS, ...headers?.shape }),
    ...(schema === undefined ? {} : { content: { [contentType]: { schema, example } } }),
  };
}

function problemsByStatus(
  contract: RouteContract,
  problemResponse: ProblemResponses,
): Record<string, ZodOpenApiResponseObject> {
  const byStatus = Map.groupBy(problemsOf(contract), (code) => PROBLEMS[code].status);
  return Object.fromEntries(
    [...byStatus].flatMap(([status, [first, ...others]]) =>
      first === undefined ? [] : [[status, problemResponse([first, ...others])]],
    ),
  );
}

/** Any problem, and of its codes only these. */
function problemWith(status: number, codes: readonly ProblemCode[]): ZodOpenApiSchemaObject {
  const properties = { status: { const: status }, code: { enum: [...codes] } };
  return { allOf: [{ $ref: '#/components/schemas/Problem' }, { type: 'object', properties }] };
}

/** One example of each problem. */
function examplesOf(codes: readonly ProblemCode[]) {
  return Object.fromEntries(codes.map((code) => [code, { value: problemExample(code) }]));
}

/** Headers that a problem has because of its status. */
const STATUS_HEADERS: Readonly<Record<number, Record<string, z.ZodType>>> = {
  401: { 'WWW-Authenticate': z.string().max(500).describe('What to send (RFC 6750).') },
  403: { 'WWW-Authenticate': z.string().max(500).optional().describe('The scope that is wanting (RFC 6750).') },
  429: { 'Retry-After': z.string().max(10).describe('Seconds to wait.') },
  503: { 'Retry-After': z.string().max(10).describe('Seconds to wait.') },
};

/**
 * Makes the responses of problems, the same one for the same codes, so that the document says each only once. Each is named
 * after its status: `BadRequest`, `BadRequest2`.
 */
function problemResponses(): ProblemResponses {
  const made = new Map<string, ZodOpenApiResponseObject>();
  const names = new Map<number, number>();
  return (codes) => {
    const key = codes.toSorted().join();
    const { status } = PROBLEMS[codes[0]];
    const known = made.get(key);
    if (known !== undefined) return known;
    const number = (names.get(status) ?? 0) + 1;
    names.set(status, number);
    const response = {
      id: `${STATUS_CODES[status]?.replaceAll(/\W/g, '')}${number === 1 ? '' : number}`,
      description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join(' '),
      headers: z.object({ ...COMMON_HEADERS, ...STATUS_HEADERS[status] }),
      content: { 'application/problem+json': { schema: problemWith(status, codes), examples: examplesOf(codes) } },
    };
    made.set(key, response);
    return response;
  };
}
