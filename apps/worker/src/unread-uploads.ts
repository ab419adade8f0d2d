import { type Database, findReplacingObjects, findUnreadUploads } from '@rowferry/database';
import { asOwnUpload, hasIdOfKey, type SourceObject } from '@rowferry/messages';

/**
 * What must be read of these objects. One that was written over the object that the API made its key for is an upload of
 * its own: the id in the key is that of the API's, which was read or has failed.
 */
export async function findUnread(database: Database, objects: readonly SourceObject[]): Promise<SourceObject[]> {
  const ofApi = objects.filter(hasIdOfKey);
  const replacing = ofApi.length === 0 ? new Set() : await findReplacingObjects(database, ofApi);
  const uploads = objects.map((object) => (replacing.has(object.id) ? asOwnUpload(object) : object));
  const unread = await findUnreadUploads(
    database,
    uploads.map(({ id }) => id),
  );
  return uploads.filter(({ id }) => unread.has(id));
}
