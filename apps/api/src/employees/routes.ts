import {
  type Database,
  type EmployeeList,
  type EmployeeQuery,
  type EmployeeRecord,
  findEmployee,
  listEmployees,
  poolUsage,
  readEmployees,
} from '@rowferry/database';
import type { Request } from 'express';
import { type Route, serve } from '../contract/serve.ts';
import { Coalescer } from '../http/coalescer.ts';
import { cursorLinks, offsetOf, pageLinks, paginationOf } from '../http/pagination.ts';
import { concurrencyLimit } from '../http/semaphore.ts';
import { sendCsv } from '../http/send-csv.ts';
import { ApiProblem } from '../problems/api-problem.ts';
import * as contract from './contract.ts';
import { badCursor, decodeCursor, encodeCursor } from './cursor.ts';
import { selectionOf } from './parameters.ts';
import { toEmployeeResource, toOriginResource } from './resource.ts';
import { employeeLines, templateLines } from './spreadsheet.ts';

export function employeeRoutes(database: Database): Route[] {
  // An export holds a connection for as long as its client takes: half of the pool stays for everybody else.
  const limited = concurrencyLimit(Math.max(1, Math.floor(poolUsage(database).max / 2)), 'exports');
  const coalescer = new Coalescer<EmployeePage>();

  async function findPage(query: EmployeeQuery): Promise<EmployeePage> {
    const { employees, ...place } = await listEmployees(database, query);
    return { ...place, data: `[${employees.join(',')}]` };
  }

  return [
    serve(contract.listEmployees, async ({ query: { cursor, limit, ...query } }, request) => {
      const selection = selectionOf(query);
      const step = cursor === undefined ? undefined : decodeCursor(selection, requireNoPage(request, cursor));
      const page = { page: step?.page ?? query.page, limit };
      const wanted = { ...selection, limit, after: step?.after, offset: step ? 0 : offsetOf(page) };
      const { data, next, ...total } = await coalescer.ask(JSON.stringify(wanted), () => findPage(wanted));

      const pagination = paginationOf(page, total);
      const nextCursor = next === undefined ? null : encodeCursor(selection, { after: next, page: page.page + 1 });
      return {
        status: 200,
        headers: {
          Link: step ? cursorLinks(request, nextCursor) : pageLinks(request, pagination, next !== undefined),
        },
        json: `{"data":${data},"pagination":${JSON.stringify({ ...pagination, nextCursor })}}`,
      };
    }),

    serve(contract.exportEmployees, async ({ query }, request, response) => {
      await limited(async () => {
        // Of the answer to HEAD nothing is sent but its head.
        const batches = request.method === 'HEAD' ? nothing() : readEmployees(database, selectionOf(query));
        try {
          // Before the first batch is there, the answer can still be a problem.
          const first = await batches.next();
          await sendCsv(response, `employees-${today()}.csv`, employeeLines(prepend(first, batches)));
        } finally {
          await batches.return();
        }
      });
      return undefined;
    }),

    serve(contract.downloadTemplate, async (_input, _request, response) => {
      await sendCsv(response, 'employees-template.csv', templateLines());
      return undefined;
    }),

    // After the template, whose path is one of its own.
    serve(contract.showEmployee, async ({ path: { employeeId } }) => {
      const found = await findEmployee(database, Number(employeeId));
      if (found === undefined)
        throw new ApiProblem('employee_not_found', `There is no employee with the id ${employeeId}.`);
      return { status: 200, body: { ...toEmployeeResource(found.employee), origin: toOriginResource(found.origin) } };
    }),
  ];
}

/** @typeParam data the employees, as JSON. */
type EmployeePage = Omit<EmployeeList, 'employees'> & { data: string };

function requireNoPage(request: Request, cursor: string): string {
  if (request.query.page !== undefined) throw badCursor('cannot be given together with page');
  return cursor;
}

/** In UTC, as all moments in the file are. */
function today(): string {
  return new Date().toISOString().slice(0, 10);
}

type Batches = AsyncGenerator<EmployeeRecord[], void>;

async function* prepend(first: Awaited<ReturnType<Batches['next']>>, rest: Batches): Batches {
  if (first.done) return;
  yield first.value;
  yield* rest;
}

async function* nothing(): Batches {}
