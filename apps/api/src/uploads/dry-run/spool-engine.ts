import { refuseNotCsv } from '@rowferry/employee-file';
import type { Request } from 'express';
import type { StorageEngine } from 'multer';
import { bytesOf } from '../multipart/storage-engine.ts';
import { SpooledFile } from './spooled-file.ts';

declare global {
  namespace Express.Multer {
    interface File {
      /** What the storage engine of a dry run adds to a file that it has received. */
      spooled?: SpooledFile;
    }
  }
}

/** A multer storage engine that puts a file aside for as long as its request takes. */
export class SpoolEngine implements StorageEngine {
  _handleFile(
    _request: Request,
    file: Express.Multer.File,
    done: (error?: unknown, info?: Partial<Express.Multer.File>) => void,
  ): void {
    refuseNotCsv(bytesOf(file))
      .then((content) => SpooledFile.receive(content))
      .then(
        (spooled) => done(null, { spooled }),
        (error: unknown) => done(error),
      );
  }

  _removeFile(_request: Request, file: Express.Multer.File, done: (error: Error | null) => void): void {
    Promise.resolve(file.spooled?.close()).then(
      () => done(null),
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
    );
  }
}
