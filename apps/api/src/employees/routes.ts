import { type Database, type EmployeeRecord, listEmployees } from '@rowferry/database';
import { type RequestHandler, Router } from 'express';
import { z } from 'zod';
import { offsetOf, sendPage } from '../http/pagination.ts';
import { checkParameters, pageParameters } from '../http/parameters.ts';
import { methodNotAllowed } from '../problems/problem-handler.ts';

/** Nothing that is searched is longer: an e-mail address has 254 characters at most. */
const SEARCH_TERM_MAX = 254;

const listParameters = z.object({
  ...pageParameters,
  searchTerm: z
    .string({ error: 'must be given once' })
    .max(SEARCH_TERM_MAX, `must have ${SEARCH_TERM_MAX} characters at most`)
    .regex(/^\P{Cc}*$/u, 'must have no control characters')
    .optional(),
});

export function employeeRoutes(database: Database): Router {
  const list: RequestHandler = async (request, response) => {
    const { searchTerm, ...page } = checkParameters(listParameters, request.query);
    const { employees, total } = await listEmployees(database, {
      limit: page.limit,
      offset: offsetOf(page),
      searchTerm: searchTerm === '' ? undefined : searchTerm,
    });
    sendPage(request, response, page, { data: employees.map(toEmployeeResource), total });
  };

  const router = Router();
  router.route('/v1/employees').get(list).all(methodNotAllowed('GET'));
  return router;
}

/** Column names stay as the file and the table have them; what Rowferry adds is in camelCase. */
function toEmployeeResource({
  id,
  employee_name,
  company_name,
  mobile_no,
  email,
  created_at,
  updated_at,
}: EmployeeRecord) {
  return {
    id,
    employee_name,
    company_name,
    mobile_no,
    email,
    createdAt: created_at.toISOString(),
    updatedAt: updated_at.toISOString(),
  };
}
