import { COLUMNS, type Employee } from '@rowferry/roster';

export type EmployeeRecord = Employee & { id: number; created_at: Date; updated_at: Date };

/** The columns of an `EmployeeRecord`, for `select`. */
export const EMPLOYEE_COLUMNS = `id, ${COLUMNS.join(', ')}, created_at, updated_at`;
