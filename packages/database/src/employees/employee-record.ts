export type EmployeeRecord = {
  id: number;
  employee_name: string;
  company_name: string;
  mobile_no: string;
  email: string;
  created_at: Date;
  updated_at: Date;
};

/** The columns of an `EmployeeRecord`, for `select`. */
export const EMPLOYEE_COLUMNS = 'id, employee_name, company_name, mobile_no, email, created_at, updated_at';
