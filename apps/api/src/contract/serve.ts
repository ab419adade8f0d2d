import type { Scope } from '@rowferry/database';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { z } from 'zod';
import { checkParameters, onlyParameters, requireDecodable } from '../http/parameters.ts';
import { methodNotAllowed } from '../http/problem-handler.ts';
import { readJsonBody } from '../http/request-body.ts';
import { refusesUnknownParameters } from './problems-of.ts';
import type { AnswerStatus, Handler, Input, RouteContract } from './route.ts';

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
const METHODS = { get: ['GET', 'HEAD'], post: ['POST'], put: ['PUT'], delete: ['DELETE'] } as const;

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
        ? await readJsonBody(contract.body.schema, request, response)
        : undefined,
  };
  // The schemas were chosen at run time; that they are the contract's own is what the compiler cannot follow.
  return input as Input<Contract>;
}

/** A reply of any contract. */
export type AnyReply = {
  status: AnswerStatus;
  headers?: Readonly<Record<string, string>>;
  body?: unknown;
  json?: string;
};

/** The content type is that of the contract, unless the reply has one: a version of it, or one of several. */
function sendReply(response: Response, contract: RouteContract, { status, headers = {}, body, json }: AnyReply): void {
  const { contentType = 'application/json' } = contract.answers[status] ?? {};
  response.status(status);
  const sent = withPublicLocation(headers, response.req.publicPrefix);
  if (json !== undefined) sendJson(response, sent, json);
  else if (body === undefined) response.set(sent).end();
  else if (contentType === 'application/json') sendJson(response, sent, JSON.stringify(body));
  else response.type(contentType).set(sent).send(body);
}

/** Past Express, which would make a buffer of the text: Node sends head and text as one string, in one call of the system. */
function sendJson(response: Response, headers: Readonly<Record<string, string>>, text: string): void {
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.end(text);
}

/** A `Location` is one of our own paths, which clients may see under a prefix. */
function withPublicLocation(
  { Location, ...others }: Readonly<Record<string, string>>,
  prefix: string,
): Record<string, string> {
  return Location === undefined ? others : { ...others, Location: prefix + Location };
}
