import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable, pipeline } from 'node:stream';
import { createGzip } from 'node:zlib';

import { type Reply } from './replies.ts';
import { zipOf } from './zip-stream.ts';

/** A result file, until the sandbox stops: CSV on disk, packed while it is sent. */
export interface ResultFile {
  readonly path: string;
  readonly object: string;
  readonly format: 'csv' | 'zip' | 'gzip';
  /** Whose it is; undefined without Multi-entity. */
  readonly entity: string | undefined;
}

/** The file as its format has it. `cut` is a fault: only the first half of it. */
export async function resultReply({ path, object, format }: ResultFile, cut: boolean): Promise<Reply> {
  const whole = (await stat(path)).size;
  const size = cut ? Math.floor(whole / 2) : whole;
  const content = createReadStream(path, cut ? { end: Math.max(0, size - 1) } : {});
  switch (format) {
    case 'csv': {
      const headers = { 'content-type': 'text/csv;charset=utf-8', 'content-length': String(size) };
      return { status: 200, headers, body: content };
    }
    case 'zip': {
      const body = Readable.from(zipOf(`${object}.csv`, content, size), { objectMode: false });
      return { status: 200, headers: { 'content-type': 'application/zip' }, body };
    }
    case 'gzip': {
      // Errors of the pipe end the packed stream, and with it the answer.
      const packed = pipeline(content, createGzip({ level: 1 }), () => {});
      const body = Readable.from(packed, { objectMode: false });
      return { status: 200, headers: { 'content-type': 'application/gzip' }, body };
    }
  }
}
