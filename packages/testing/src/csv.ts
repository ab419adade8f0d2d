/** CSV text as RFC 4180 has it: a field with a comma, a quote or a line end stands in quotes. Lines end with `\n`. */
export function csvOf(records: readonly (readonly string[])[]): string {
  return records.map((fields) => `${fields.map(quoteWhereNeeded).join(',')}\n`).join('');
}

function quoteWhereNeeded(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
