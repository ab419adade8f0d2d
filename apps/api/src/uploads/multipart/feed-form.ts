import { Readable, type Writable } from 'node:stream';

/**
 * Feeds a multipart body to busboy. When the body has ended and all of it was parsed, a file that busboy has not ended
 * never will be: it forgets one whose headers run straight into the last boundary (busboy 1.6.0), and the request would
 * hang for ever. Such a file breaks off here, as one does whose body is cut off.
 */
export function feedForm(body: Readable, busboy: Writable): void {
  const unended = new Set<Readable>();
  const breakOff = () => {
    for (const file of unended) file.destroy(new Error('Unexpected end of file'));
  };
  busboy.on('file', (_name: string, file: Readable) => {
    unended.add(file);
    // A file that was ended but not read to its end cannot be told from outside; what is pushed tells it.
    file.push = (chunk, encoding) => {
      if (chunk === null) unended.delete(file);
      return Readable.prototype.push.call(file, chunk, encoding);
    };
    // The last bytes can be held back to the very end, for they may begin a boundary; only then is there a file in them.
    if (busboy.writableEnded) setImmediate(breakOff);
  });
  body.pipe(busboy, { end: false });
  body.once('end', () => {
    if (!busboy.writable) return;
    // Its turn comes when everything before it was parsed, which waits for who reads the files.
    busboy.write(NOTHING, () => {
      breakOff();
      if (busboy.writable) busboy.end();
    });
  });
}

const NOTHING = Buffer.alloc(0);
