import { abortDirectUpload, listStoredParts } from '@rowferry/aws';
import { discardUpload, findUnfinishedUpload } from '@rowferry/database';
import { requireUpload } from '../require-upload.ts';
import { closed, openUploadOf } from './open-upload.ts';
import type { Store } from './plan-upload.ts';

/**
 * Forgets an upload whose parts the client will not send any more, with the parts that S3 has.
 *
 * @throws ApiProblem `upload_not_found`, `upload_closed`
 */
export async function abandonUpload({ database, s3 }: Omit<Store, 'bucket'>, id: string): Promise<void> {
  const { address } = openUploadOf(await requireUpload(id, findUnfinishedUpload(database, id)));
  // One that S3 does not know was made a file by a request that is not answered yet, perhaps: then it is not to be forgotten.
  if ((await listStoredParts(s3, address)) === undefined) throw closed('S3 does not know it any more.');
  await abortDirectUpload(s3, address);
  await discardUpload(database, id);
}
