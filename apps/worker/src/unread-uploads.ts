import { type Database, findUnreadUploads, identifyUploads } from '@rowferry/database';
import type { SourceObject } from '@rowferry/messages';

/** What must be read of these objects, each as the upload that it is. */
export async function findUnread(database: Database, objects: readonly SourceObject[]): Promise<SourceObject[]> {
  const uploads = await identifyUploads(database, objects);
  const unread = await findUnreadUploads(
    database,
    uploads.map(({ id }) => id),
  );
  return uploads.filter(({ id }) => unread.has(id));
}
