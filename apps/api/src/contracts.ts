import * as access from './access/contract.ts';
import * as backfills from './backfills/contract.ts';
import * as documents from './contract/docs/contract.ts';
import { type OpenApiDocument, openApiDocument } from './contract/document.ts';
import type { RouteContract } from './contract/route.ts';
import * as employees from './employees/contract.ts';
import * as failedRows from './failed-rows/contract.ts';
import * as importSettings from './import-settings/contract.ts';
import * as notifications from './notifications/contract.ts';
import * as operations from './operations/contract.ts';
import * as signIn from './sign-in/contract.ts';
import * as uploads from './uploads/contract.ts';
import * as direct from './uploads/direct/contract.ts';
import * as multipart from './uploads/multipart/contract.ts';
import * as progress from './uploads/progress/contract.ts';
import * as webhooks from './webhooks/contract.ts';

const MODULES = [
  multipart,
  uploads,
  direct,
  failedRows,
  employees,
  progress,
  importSettings,
  backfills,
  access,
  notifications,
  webhooks,
  operations,
  signIn,
  documents,
];

/** The OpenAPI document: of a server, and without one, when the console's client is made from it. */
export function apiDocument(): OpenApiDocument {
  return openApiDocument(MODULES.flatMap((module) => Object.values(module).filter(isContract)));
}

function isContract(value: unknown): value is RouteContract {
  return typeof value === 'object' && value !== null && 'operationId' in value && 'answers' in value;
}
