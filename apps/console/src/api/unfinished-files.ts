const ITEM = 'rowferry-unfinished';
const HOUR = 60 * 60 * 1000;
/** As long as the API takes parts. */
const KEPT_FOR = 24 * HOUR;
const FILES_MAX = 20;

/** A file that is being sent in parts: what tells it again when it is chosen again. */
export type UnfinishedFile = { uploadId: string; name: string; size: number; lastModified: number; since: number };

type Identity = Pick<File, 'name' | 'size' | 'lastModified'>;

/** In local storage, so that a closed tab and a restarted browser do not lose it. The newest first. */
export function unfinishedFiles(storage: Storage = localStorage, now = Date.now()): UnfinishedFile[] {
  try {
    const files: unknown = JSON.parse(storage.getItem(ITEM) ?? '[]');
    return Array.isArray(files) ? files.filter(isUnfinished).filter(({ since }) => now - since < KEPT_FOR) : [];
  } catch {
    return [];
  }
}

export function unfinishedUploadOf(file: Identity, storage?: Storage): UnfinishedFile | undefined {
  const isSame = (kept: UnfinishedFile) =>
    kept.name === file.name && kept.size === file.size && kept.lastModified === file.lastModified;
  return unfinishedFiles(storage).find(isSame);
}

export function rememberUnfinished(file: Identity, uploadId: string, storage: Storage = localStorage): void {
  const others = unfinishedFiles(storage).filter((kept) => kept.uploadId !== uploadId);
  const { name, size, lastModified } = file;
  const files = [{ uploadId, name, size, lastModified, since: Date.now() }, ...others].slice(0, FILES_MAX);
  storage.setItem(ITEM, JSON.stringify(files));
}

export function forgetUnfinished(uploadId: string, storage: Storage = localStorage): void {
  storage.setItem(ITEM, JSON.stringify(unfinishedFiles(storage).filter((kept) => kept.uploadId !== uploadId)));
}

function isUnfinished(value: unknown): value is UnfinishedFile {
  if (typeof value !== 'object' || value === null) return false;
  const { uploadId, name, size, lastModified, since } = value as Partial<UnfinishedFile>;
  const areNumbers = [size, lastModified, since].every((each) => typeof each === 'number');
  return typeof uploadId === 'string' && typeof name === 'string' && areNumbers;
}
