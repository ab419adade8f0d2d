import { formatRecord } from '@rowferry/csv';
import { COLUMNS } from '@rowferry/roster';
import { type Route, serve } from '../contract/serve.ts';
import { sendCsv } from '../http/send-csv.ts';
import { downloadTemplate } from './contract.ts';

export function templateRoutes(): Route[] {
  return [
    serve(downloadTemplate, async (_input, _request, response) => {
      await sendCsv(response, 'employees.csv', lines());
      return undefined;
    }),
  ];
}

async function* lines(): AsyncGenerator<string> {
  yield formatRecord(COLUMNS, ',');
}
