import { COLUMNS, type Column } from './columns.ts';

/**
 * Names under which real files carry each column: add yours here. Compared by letters and digits alone, so `E-Mail`,
 * `e_mail`, `EMAIL *` and `email` are one name.
 *
 * Only names that mean the column and nothing else: where a file has two names of one column it is refused, since
 * nobody can tell which of the two is meant.
 */
const ALIASES: Record<Column, readonly string[]> = {
  employee_name: [
    'employee name',
    'employee',
    'employee full name',
    'emp name',
    'full name',
    'name',
    'staff name',
    'staff member',
    'worker',
    'worker name',
    'person',
    'person name',
  ],
  company_name: [
    'company name',
    'company',
    'organisation',
    'organization',
    'organisation name',
    'organization name',
    'employer',
    'employer name',
    'business name',
    'firm',
  ],
  mobile_no: [
    'mobile no',
    'mobile',
    'mobile number',
    'mobile num',
    'mobile phone',
    'mobile phone no',
    'mobile phone number',
    'mobile tel',
    'mob no',
    'phone',
    'phone no',
    'phone number',
    'telephone',
    'telephone no',
    'telephone number',
    'tel',
    'tel no',
    'cell',
    'cell no',
    'cell number',
    'cell phone',
    'cell phone number',
    'contact no',
    'contact number',
  ],
  email: [
    'email',
    'mail',
    'email address',
    'mail address',
    'email addr',
    'email id',
    'employee email',
    'work email',
    'work email address',
    'business email',
    'company email',
    'contact email',
  ],
};

const COLUMN_BY_NAME: ReadonlyMap<string, Column> = new Map(
  COLUMNS.flatMap((column) => ALIASES[column].map((alias) => [foldName(alias), column] as const)),
);

/** The column that a header cell names, if it is one of ours. */
export function columnNamed(cell: string): Column | undefined {
  return COLUMN_BY_NAME.get(foldName(cell));
}

/** What is left out: case, spaces of any kind, `_`, `-` and all other punctuation, and a byte order mark in the text. */
function foldName(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}
