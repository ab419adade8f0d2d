import { checkEmail } from './check-email.ts';
import { checkMobileNo } from './check-mobile-no.ts';
import { cleanEmail } from './clean-email.ts';
import { cleanMobileNo } from './clean-mobile-no.ts';
import { COMPANY_NAME_NAMES } from './header-names/company-name.ts';
import { EMAIL_NAMES } from './header-names/email.ts';
import { EMPLOYEE_NAME_NAMES } from './header-names/employee-name.ts';
import type { HeaderNames } from './header-names/languages.ts';
import { MOBILE_NO_NAMES } from './header-names/mobile-no.ts';
import { EMPLOYEE_NAME_PARTS, type PartNames } from './header-names/name-parts.ts';
import { likeCompanyName, likeEmail, likeEmployeeName, likeMobileNo } from './likeness.ts';
import { checkName, cleanName } from './name-rules.ts';
import type { RuleViolation } from './rule-violation.ts';

/** One column of an employee, and all that Rowferry knows of it. CONTRIBUTING.md, "Add a column", says how to add one. */
export type ColumnDeclaration = {
  /** In the table, in messages, in the API and in the files that Rowferry writes. */
  name: string;
  /** Tells employees apart: a second row with the same value is the same employee. One column has it. */
  isKey?: true;
  /**
   * Names under which real files carry the column: a list, or lists by rank and language. Compared by letters and digits alone,
   * so `E-Mail`, `e_mail`, `EMAIL *` and `email` are one name. A file with two names of one rank is refused.
   */
  headerNames: HeaderNames;
  /** Whether files number several of them: `Phone 2`, `E-mail 1 - Value`. */
  numbered?: true;
  /** How files call the parts of a value that they have in several columns. */
  partNames?: PartNames;
  /** Whether it is the same in all rows of many files, so that these have no column for it. */
  oneForAll?: true;
  /** How much values that are not blank look like those of the column, 0 to 1: for files whose header says nothing. */
  likeness?: (values: readonly string[]) => number;
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
    headerNames: EMPLOYEE_NAME_NAMES,
    partNames: EMPLOYEE_NAME_PARTS,
    likeness: likeEmployeeName,
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
    headerNames: COMPANY_NAME_NAMES,
    oneForAll: true,
    likeness: likeCompanyName,
    clean: cleanName,
    check: checkName,
    sorted: true,
    examples: ['Acme Ltd', 'Oak, Ltd', 'Müller & Söhne GmbH'],
  },
  {
    name: 'mobile_no',
    required: false,
    headerNames: MOBILE_NO_NAMES,
    numbered: true,
    likeness: likeMobileNo,
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
    headerNames: EMAIL_NAMES,
    numbered: true,
    likeness: likeEmail,
    clean: cleanEmail,
    check: checkEmail,
    normalise: (email) => email.toLowerCase(),
    searched: true,
    sorted: true,
    description: 'In lower case, of one employee only.',
    examples: ['jane@acme.com', 'jose@example.org'],
  },
] as const satisfies readonly ColumnDeclaration[];
