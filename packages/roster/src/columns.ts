/** The columns of an employee, in the order in which a file without a header has them. */
export const COLUMNS = ['employee_name', 'company_name', 'mobile_no', 'email'] as const;

export type Column = (typeof COLUMNS)[number];

/** The four values of one record, as the file has them. */
export type RowValues = Record<Column, string>;
