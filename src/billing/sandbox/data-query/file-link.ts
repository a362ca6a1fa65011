import { createHmac, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable, pipeline } from 'node:stream';
import { createGzip } from 'node:zlib';

import { type Reply, xmlText } from '../replies.ts';
import { zipOf } from '../zip-stream.ts';
import { type QueryJob } from './query-job.ts';

/** Links to result files, as S3 signs them: whoever has one may read, for a while and without a token. */
export interface FileLinks {
  /** A fresh link; `base` is where the caller reached the sandbox. */
  linkTo(fileName: string, base: string): string;
  /** Why the request is refused; null when it is not. */
  refusal(asked: LinkRequest): Reply | null;
}

export interface LinkRequest {
  readonly fileName: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
}

const LINK_LIFE = 3_600_000;

export const FILE_PATH = '/data-query-files';

export function createFileLinks(now: () => number): FileLinks {
  const secret = randomBytes(32);
  const sign = (fileName: string, expires: string): string =>
    createHmac('sha256', secret).update(`${fileName}\n${expires}`).digest('hex');
  return {
    linkTo(fileName, base) {
      const expires = String(now() + LINK_LIFE);
      return `${base}${FILE_PATH}/${fileName}?expires=${expires}&signature=${sign(fileName, expires)}`;
    },
    refusal({ fileName, query, authorization }) {
      // What goes wrong for everybody who sends Zuora's token along (wire.md 2.3).
      if (authorization !== undefined) {
        return s3Error(403, 'AccessDenied', 'Only one auth mechanism allowed: the signature of the link.');
      }
      const expires = query.get('expires') ?? '';
      if (query.get('signature') !== sign(fileName, expires)) {
        return s3Error(403, 'SignatureDoesNotMatch', 'The signature of the link does not match.');
      }
      return Number(expires) < now() ? s3Error(403, 'AccessDenied', 'Request has expired') : null;
    },
  };
}

export function s3Error(status: number, code: string, message: string): Reply {
  const body = `<Error><Code>${code}</Code><Message>${xmlText(message)}</Message></Error>`;
  return {
    status,
    headers: { 'content-type': 'application/xml' },
    bare: true,
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
  };
}

const TYPES = {
  JSON: 'application/x-ndjson',
  CSV: 'text/csv',
  TSV: 'text/tab-separated-values',
  DSV: 'text/plain',
};

/** The file, packed as the job asked for. `cut` is a fault: only the first half of it. */
export async function fileReply({ path, fileName, request }: QueryJob, cut: boolean): Promise<Reply> {
  const whole = (await stat(path)).size;
  const size = cut ? Math.floor(whole / 2) : whole;
  const content = createReadStream(path, cut ? { end: Math.max(0, size - 1) } : {});
  switch (request.compression) {
    case 'NONE': {
      const type = `${TYPES[request.outputFormat]};charset=utf-8`;
      return sent({ 'content-type': type, 'content-length': String(size) }, content);
    }
    case 'GZIP': {
      // Errors of the pipe end the packed stream, and with it the answer.
      const packed = pipeline(content, createGzip({ level: 1 }), () => {});
      return sent({ 'content-type': 'application/gzip' }, Readable.from(packed, { objectMode: false }));
    }
    case 'ZIP': {
      const archive = Readable.from(zipOf(fileName, content, size), { objectMode: false });
      return sent({ 'content-type': 'application/zip' }, archive);
    }
  }
}

/** S3 is not Zuora: it adds none of Zuora's headers. */
function sent(headers: Readonly<Record<string, string>>, body: Readable): Reply {
  return { status: 200, headers, body, bare: true };
}
