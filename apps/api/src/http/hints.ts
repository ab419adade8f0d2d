import type { Request } from 'express';
import leven from 'leven';

/** How a file is sent; for whoever sends one in another way. */
const HOW_TO_SEND_A_FILE =
  'To send a file: POST /v1/employee-data-upload as a form, with curl -F employee_data=@staff.csv.';

const FILE_TYPES = ['multipart/form-data', 'text/csv', 'application/csv', 'text/plain'];

/** HOW_TO_SEND_A_FILE where a request seems to be about that, as text to put behind a detail; otherwise nothing. */
export function fileHint(request: Request): string {
  const isFile = Boolean(request.is(FILE_TYPES)) || isBareUpload(request);
  return isFile ? ` ${HOW_TO_SEND_A_FILE}` : '';
}

/** What `curl -T staff.csv` sends: a body of no type. */
function isBareUpload({ method, headers }: Request): boolean {
  return method === 'PUT' && headers['content-type'] === undefined && headers['content-length'] !== '0';
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
/** Longer paths are no misspelled ones. */
const PATH_MAX = 100;
/** Characters that a misspelled path differs in at most. */
const DISTANCE_MAX = 3;

/** The one of the `known` paths, such as `/v1/uploads/{id}`, that `path` was probably meant to be. */
export function likelyPath(path: string, known: readonly string[]): string | undefined {
  if (path.length > PATH_MAX) return undefined;
  const steps = path
    .toLowerCase()
    .split('/')
    .filter((step) => step !== '');
  const asked = `/${steps.map((step) => (UUID.test(step) ? '{id}' : step)).join('/')}`;
  const distances = known.map((candidate) => Math.min(leven(asked, candidate), leven(`/v1${asked}`, candidate)));
  const least = Math.min(...distances);
  return least <= DISTANCE_MAX && least < asked.length / 2 ? known[distances.indexOf(least)] : undefined;
}
