import { byColumn, COLUMNS, type Column, declarationOf } from '@rowferry/roster';
import { z } from 'zod';
import { csvAnswer, linkHeader, PAGINATION_EXAMPLE, pageOf, paginationSchema } from '../contract/answers.ts';
import { idField, momentField, textField, wholeNumberField } from '../contract/fields.ts';
import { defineRoute } from '../contract/route.ts';
import { exportParameters, listParameters } from './parameters.ts';

/** Rowferry lets in 254 characters at most; who writes to the table directly may store more. */
const VALUE_MAX = 10_000;

function valueField(column: Column) {
  const { required, description, examples } = declarationOf(column);
  const field = textField(VALUE_MAX).meta({
    ...(description === undefined ? {} : { description }),
    example: examples[0],
  });
  return required ? field : field.nullable();
}

const employeeSchema = z
  .object({
    id: wholeNumberField,
    ...byColumn(valueField),
    createdAt: momentField,
    updatedAt: momentField.describe('When a file last changed one of the values.'),
  })
  .meta({ id: 'Employee' });

const EXAMPLE_MOMENTS = ['2026-11-28T09:30:00.871Z', '2026-11-28T09:30:00.871Z'] as const;

const EMPLOYEE_EXAMPLE = {
  id: 1,
  ...byColumn((column) => declarationOf(column).examples[0]),
  createdAt: EXAMPLE_MOMENTS[0],
  updatedAt: EXAMPLE_MOMENTS[1],
} satisfies z.input<typeof employeeSchema>;

const originSchema = z.object({
  uploadId: idField,
  fileName: textField(1024).nullable().describe('Null where the upload is not known.'),
  line: wholeNumberField.describe('The line of the file on which the row starts.'),
  receivedAt: momentField.describe('Since when Rowferry has the file.'),
});

const employeeDetailsSchema = employeeSchema
  .extend({ origin: originSchema.describe('The row that the values come from: the newest with this e-mail.') })
  .meta({ id: 'EmployeeDetails' });

const EMPLOYEE_ID_ERROR = 'must be the id of an employee, a whole number';

const employeePaginationSchema = paginationSchema
  .extend({
    nextCursor: z
      .string()
      .max(VALUE_MAX * 4)
      .nullable()
      .describe('For `cursor`, to go on from here; null on the last page.'),
  })
  .meta({ id: 'EmployeePagination' });

export const listEmployees = defineRoute({
  method: 'get',
  path: '/v1/employees',
  operationId: 'listEmployees',
  tag: 'Employees',
  summary: 'List and search employees',
  description:
    'By page, or from one page to the next by cursor. The total is exact for all employees; with `searchTerm` or `company` ' +
    'it is exact up to 10,000, and from there on `totalRelation` is `gte`.',
  scope: 'read',
  parameters: { query: listParameters },
  answers: {
    200: {
      description: 'One page of employees.',
      schema: pageOf(employeeSchema).extend({ pagination: employeePaginationSchema }),
      example: {
        data: [EMPLOYEE_EXAMPLE],
        pagination: { ...PAGINATION_EXAMPLE, total: 1, nextCursor: null },
      },
      headers: linkHeader,
    },
  },
  problems: [],
});

export const showEmployee = defineRoute({
  method: 'get',
  path: '/v1/employees/{employeeId}',
  operationId: 'showEmployee',
  tag: 'Employees',
  summary: 'Show an employee',
  description: 'With the row that the values come from. By id, since an e-mail address in a URL would get into logs.',
  scope: 'read',
  parameters: {
    path: z.object({
      employeeId: z
        .string()
        .max(15, EMPLOYEE_ID_ERROR)
        .regex(/^\d+$/, EMPLOYEE_ID_ERROR)
        .describe('The id of the employee. It guards nothing: who may read one employee may list all.'),
    }),
  },
  answers: {
    200: {
      description: 'The employee.',
      schema: employeeDetailsSchema,
      example: {
        ...EMPLOYEE_EXAMPLE,
        origin: {
          uploadId: '019a2216-4b00-7c41-9d2e-5f6a8b3c1d70',
          fileName: 'staff.csv',
          line: 2,
          receivedAt: EXAMPLE_MOMENTS[0],
        },
      },
    },
  },
  problems: ['employee_not_found'],
});

export const exportEmployees = defineRoute({
  method: 'get',
  path: '/v1/employees.csv',
  operationId: 'exportEmployees',
  tag: 'Employees',
  summary: 'Download employees as CSV',
  description:
    'All employees that match, as they are at this moment. Cells that a spreadsheet would run as a formula begin with an ' +
    'apostrophe, which is taken off when the file is uploaded. An answer that is cut off is not whole.',
  scope: 'read',
  parameters: { query: exportParameters },
  answers: {
    200: csvAnswer(
      'The employees; columns as in a file to upload, then `id`, `created_at`, `updated_at`.',
      [...COLUMNS, 'id', 'created_at', 'updated_at'].join(),
      [...COLUMNS.map((column) => declarationOf(column).examples[0]), 1, ...EXAMPLE_MOMENTS].join(),
    ),
  },
  problems: ['busy'],
});

export const downloadTemplate = defineRoute({
  method: 'get',
  path: '/v1/employees/template.csv',
  operationId: 'downloadTemplate',
  tag: 'Uploads',
  summary: 'Download an empty file to fill in',
  description: 'A CSV file with the header alone: an example row would be imported as an employee if it were left in.',
  scope: 'read',
  answers: { 200: csvAnswer('The template.', COLUMNS.join()) },
  problems: [],
});
