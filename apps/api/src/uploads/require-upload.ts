import { ApiProblem } from '../problems/api-problem.ts';

/**
 * What was found of the upload with this id.
 *
 * @throws ApiProblem `upload_not_found` when nothing was.
 */
export async function requireUpload<Found>(id: string, search: Promise<Found | undefined>): Promise<Found> {
  const found = await search;
  if (found === undefined) throw new ApiProblem('upload_not_found', `There is no upload ${id}.`);
  return found;
}
