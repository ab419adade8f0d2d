import type { Request } from 'express';
import leven from 'leven';

/** How a file is sent; said to clients that send one in another way. */
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

/** Names under which newcomers send a key in the URL, where it gets into logs. */
const KEY_NAME = /^(api|access|auth)?[-_]?(key|token|authorization)$/i;
/** Names are told apart without case and separators: `dry_run` is `dryRun`. */
const NAME_DISTANCE_MAX = 2;

/** What to do about a name that is none of the `known` ones, as text to put behind a message. */
export function nameHint(name: string, known: readonly string[]): string {
  if (KEY_NAME.test(name)) return '; send a key or token in the header Authorization: Bearer';
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z]/g, '');
  const likely = known.find((each) => leven(plain(name), plain(each)) <= NAME_DISTANCE_MAX);
  if (likely !== undefined) return `; did you mean ${likely}?`;
  return known.length === 0 ? ', which takes none' : `, which takes ${known.join(', ')}`;
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
