import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import type { z } from 'zod';
import { announcesMoreThan, UNREAD } from '../http/announced-body.ts';
import { checkBody, checkParameters, onlyParameters, requireDecodable } from '../http/parameters.ts';
import { methodNotAllowed } from '../http/problem-handler.ts';
import { ApiProblem } from '../problems/catalogue.ts';
import { refusesUnknownParameters } from './problems-of.ts';
import type { AnswerStatus, Handler, Input, RouteContract } from './route.ts';
import type { Scope } from './scopes.ts';

const MIB = 1024 * 1024;

/** Largest JSON body: the parts of the largest upload plan come to some 600 KiB. */
const JSON_BODY_MAX_BYTES = MIB;

/** A contract and what fulfils it. */
export type Route = { contract: RouteContract; handle: RequestHandler };

/** Binds a handler to its contract: it is called with checked values only. */
export function serve<Contract extends RouteContract>(contract: Contract, handler: Handler<NoInfer<Contract>>): Route {
  // Made once: zod compiles a schema when it is first used.
  const query = refusesUnknownParameters(contract) ? onlyParameters(contract.parameters?.query) : undefined;
  return {
    contract,
    handle: async (request, response) => {
      const reply = await handler(await readInput(contract, query, request, response), request, response);
      if (reply !== undefined) sendReply(response, contract, reply);
    },
  };
}

/** One router of many routes. A path answers 405 to the methods that none of its routes has. */
export function routerOf(routes: readonly Route[], authorize: (scope: Scope | null) => RequestHandler): Router {
  const router = Router();
  for (const [path, onPath] of Map.groupBy(routes, ({ contract }) => contract.path)) {
    const route = router.route(toExpressPath(path));
    for (const { contract, handle } of onPath) route[contract.method](authorize(contract.scope), handle);
    route.all(methodNotAllowed(...onPath.flatMap(({ contract }) => METHODS[contract.method])));
  }
  return router;
}

/** Express answers HEAD wherever it answers GET. */
const METHODS = { get: ['GET', 'HEAD'], post: ['POST'] } as const;

function toExpressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

async function readInput<Contract extends RouteContract>(
  contract: Contract,
  query: z.ZodType | undefined,
  request: Request,
  response: Response,
): Promise<Input<Contract>> {
  requireDecodable(request.originalUrl);
  const { path, header } = contract.parameters ?? {};
  const input = {
    path: path === undefined ? {} : checkParameters(path, request.params),
    query: query === undefined ? {} : checkParameters(query, request.query),
    header: header === undefined ? {} : checkParameters(header, request.headers),
    body:
      contract.body?.contentType === 'application/json'
        ? await readJson(contract.body.schema, request, response)
        : undefined,
  };
  // The schemas were chosen at run time; that they are the contract's own is what the compiler cannot follow.
  return input as Input<Contract>;
}

const parseJson = express.json({ limit: JSON_BODY_MAX_BYTES, inflate: false, type: 'application/json' });

async function readJson(
  schema: NonNullable<RouteContract['body']>['schema'],
  request: Request,
  response: Response,
): Promise<unknown> {
  if (!request.is('application/json')) throw new ApiProblem('not_json', 'Send the body as application/json.');
  // The parser would first read all of it.
  if (announcesMoreThan(request, JSON_BODY_MAX_BYTES))
    throw new ApiProblem('body_too_large', `The body has more than ${JSON_BODY_MAX_BYTES} bytes.`, UNREAD);
  await new Promise<void>((resolve, reject) => {
    parseJson(request, response, (error: unknown) => (error === undefined ? resolve() : reject(error)));
  });
  return checkBody(schema, request.body);
}

/** A reply of any contract. */
export type AnyReply = { status: AnswerStatus; headers?: Readonly<Record<string, string>>; body?: unknown };

function sendReply(response: Response, contract: RouteContract, { status, headers = {}, body }: AnyReply): void {
  const { contentType = 'application/json' } = contract.answers[status] ?? {};
  response.status(status).set(headers);
  if (body === undefined) response.end();
  else response.type(contentType).send(contentType === 'application/json' ? JSON.stringify(body) : body);
}
