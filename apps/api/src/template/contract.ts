import { csvAnswer } from '../contract/csv-answer.ts';
import { defineRoute } from '../contract/route.ts';

export const downloadTemplate = defineRoute({
  method: 'get',
  path: '/v1/employees/template.csv',
  operationId: 'downloadTemplate',
  tag: 'Uploads',
  summary: 'Download an empty file to fill in',
  description: 'A CSV file with the header alone: an example row would land as an employee if it were left in.',
  scope: 'read',
  answers: { 200: csvAnswer('The template.') },
  problems: [],
});
