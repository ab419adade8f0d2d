import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import type { Request } from 'express';
import type { StorageEngine } from 'multer';

declare global {
  namespace Express.Multer {
    interface File {
      /** What the storage engine of a replay adds to a file that it has read. */
      sha256?: string;
    }
  }
}

/** A multer storage engine that keeps nothing of a file but its SHA-256, in hex. */
export class HashEngine implements StorageEngine {
  _handleFile(
    _request: Request,
    { stream }: Express.Multer.File,
    done: (error?: unknown, info?: Partial<Express.Multer.File>) => void,
  ): void {
    const hash = createHash('sha256');
    pipeline(stream.iterator({ destroyOnReturn: false }), hash).then(
      () => done(null, { sha256: hash.digest('hex') }),
      (error: unknown) => done(error),
    );
  }

  _removeFile(_request: Request, _file: Express.Multer.File, done: (error: Error | null) => void): void {
    done(null);
  }
}
