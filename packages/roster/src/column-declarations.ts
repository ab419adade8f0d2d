import { checkEmail } from './check-email.ts';
import { checkMobileNo } from './check-mobile-no.ts';
import { cleanEmail } from './clean-email.ts';
import { cleanMobileNo } from './clean-mobile-no.ts';
import { checkName, cleanName } from './name-rules.ts';
import type { RuleViolation } from './rule-violation.ts';

/** One column of an employee, and all that Rowferry knows of it. CONTRIBUTING.md, "Add a column", says how to add one. */
export type ColumnDeclaration = {
  /** In the table, in messages, in the API and in the files that Rowferry writes. */
  name: string;
  /** Tells employees apart: a second row with the same value is the same employee. One column has it. */
  isKey?: true;
  /**
   * Names under which real files carry the column. Compared by letters and digits alone, so `E-Mail`, `e_mail`, `EMAIL *` and
   * `email` are one name. Only names that mean this column and nothing else: a file with two names of one column is refused.
   */
  headerNames: readonly string[];
  /** Brings a value into the form that is checked: without what nobody sees. */
  clean: (value: string) => string;
  /** What is wrong with a cleaned value that is not blank; its message goes on after the name of the column. */
  check: (value: string) => RuleViolation[];
  /** Brings a value that passed the check into stored form. Unset: it is stored as cleaned. */
  normalise?: (value: string) => string;
  /** Text that people write, such as a name: values that look damaged are warned of. */
  isText?: true;
  /** Whether `searchTerm` looks into it. The migration's `search_key` has the same columns, in this order. */
  searched?: true;
  /** For the OpenAPI document. */
  description?: string;
  /** Made-up values: the first stands in the OpenAPI document, and `npm run generate` picks from all. */
  examples: readonly [string, ...string[]];
} & (
  | {
      /** A file without the column fails, and a row with a blank cell is rejected. */
      required: true;
      /** Whether lists can be sorted by it. A migration makes the index `(column, id)`; the key has its own. */
      sorted?: true;
    }
  | {
      /** A file may lack the column, and a cell may be blank: both are stored as NULL. A list cannot be sorted by it. */
      required: false;
      sorted?: never;
    }
);

/**
 * The columns of an employee: the one place where they are declared. Their order is that of a file without a header, of
 * rows on the wire and of the files that Rowferry writes. New columns go to the end: a file without a header may leave out
 * optional columns there.
 */
export const COLUMN_DECLARATIONS = [
  {
    name: 'employee_name',
    required: true,
    isText: true,
    headerNames: [
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
    clean: cleanName,
    check: checkName,
    searched: true,
    sorted: true,
    examples: ['Jane Doe', 'José García', 'Zoë Müller'],
  },
  {
    name: 'company_name',
    required: true,
    isText: true,
    headerNames: [
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
    clean: cleanName,
    check: checkName,
    sorted: true,
    examples: ['Acme Ltd', 'Oak, Ltd', 'Müller & Söhne GmbH'],
  },
  {
    name: 'mobile_no',
    required: false,
    headerNames: [
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
    clean: cleanMobileNo,
    check: checkMobileNo,
    description:
      'As the file has it, but for what stands around it and for digits of other scripts; null where the file has no number.',
    examples: ['+44 20 7946 0958', '0791 234567'],
  },
  {
    name: 'email',
    isKey: true,
    required: true,
    headerNames: [
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
    clean: cleanEmail,
    check: checkEmail,
    normalise: (email) => email.toLowerCase(),
    searched: true,
    sorted: true,
    description: 'In lower case, of one employee only.',
    examples: ['jane@acme.com', 'jose@example.org'],
  },
] as const satisfies readonly ColumnDeclaration[];
