import type { Scope } from '@rowferry/database';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { ProblemCode } from '../problems/catalogue.ts';

export type Tag =
  | 'Uploads'
  | 'Import profiles'
  | 'Backfills'
  | 'Employees'
  | 'Failed rows'
  | 'API keys'
  | 'Notifications'
  | 'Webhooks'
  | 'Operating';

/** The HTTP statuses of answers that are not problems. */
export type AnswerStatus = 200 | 201 | 202 | 204;

/** An answer that is not a problem. */
export type Answer = {
  description: string;
  /** Headers that this answer always has, beside those of every answer. */
  headers?: z.ZodObject;
} & (
  | {
      schema: z.ZodType;
      /** A body as a server answers it; a test holds it against the schema. */
      example: unknown;
      /** Default: `application/json`. */
      contentType?: string;
    }
  /** No body. */
  | { schema?: never; example?: never; contentType?: never }
);

export type RequestBody = {
  contentType: 'application/json' | 'multipart/form-data';
  /** A JSON body is checked against it; of a multipart body it is documentation only. */
  schema: z.ZodObject;
};

/**
 * What a route takes and answers, said once: requests are checked against it, who may call it follows from it, and
 * the OpenAPI document is made from it.
 */
export type RouteContract = {
  method: 'get' | 'post' | 'put' | 'delete';
  /** With parameters as in OpenAPI: `/v1/uploads/{id}`. */
  path: `/${string}`;
  operationId: string;
  tag: Tag;
  summary: string;
  description: string;
  /** Null: anybody may. */
  scope: Scope | null;
  parameters?: { path?: z.ZodObject; query?: z.ZodObject; header?: z.ZodObject };
  body?: RequestBody;
  answers: Readonly<Partial<Record<AnswerStatus, Answer>>>;
  /** The problems of this route itself; `problemsOf` adds those that follow from its parameters, body and scope. */
  problems: readonly ProblemCode[];
};

/** Keeps the exact type, from which a handler's types are inferred. */
export function defineRoute<const Contract extends RouteContract>(contract: Contract): Contract {
  return contract;
}

type Values<Schema> = Schema extends z.ZodType ? z.output<Schema> : Record<never, never>;
type ParametersOf<Contract extends RouteContract> = NonNullable<Contract['parameters']>;

/** The checked parameters and body of a request. Header names are in lower case. */
export type Input<Contract extends RouteContract> = {
  path: Values<ParametersOf<Contract>['path']>;
  query: Values<ParametersOf<Contract>['query']>;
  header: Values<ParametersOf<Contract>['header']>;
  body: Contract['body'] extends { contentType: 'application/json'; schema: infer Schema } ? Values<Schema> : undefined;
};

/** `json`: the body as JSON text, where Postgres has made the most of it. That it fits the schema is for tests to say. */
type Body<A> = A extends { schema: infer Schema extends z.ZodType }
  ? { body: z.input<Schema>; json?: never } | { json: string; body?: never }
  : { body?: never; json?: never };

/** What a handler gives back: one of the contract's answers. Undefined: it has answered by itself, as streams do. */
export type Reply<Contract extends RouteContract> =
  | {
      [Status in keyof Contract['answers'] & AnswerStatus]: {
        status: Status;
        headers?: Readonly<Record<string, string>>;
      } & Body<Contract['answers'][Status]>;
    }[keyof Contract['answers'] & AnswerStatus]
  | undefined;

export type Handler<Contract extends RouteContract> = (
  input: Input<Contract>,
  request: Request,
  response: Response,
) => Promise<Reply<Contract>> | Reply<Contract>;
