import { type IncomingMessage } from 'node:http';

const LARGEST = 10 * 1024 * 1024;

/** A body that cannot be taken; `status` is what to answer. */
export class BadBody extends Error {
  override readonly name = 'BadBody';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The body as text, at most 10 MB of it. */
export async function readText(request: IncomingMessage): Promise<string> {
  const tooLarge = new BadBody(413, 'The body is larger than 10 MB.');
  if (Number(request.headers['content-length'] ?? 0) > LARGEST) throw tooLarge;
  const chunks: Buffer[] = [];
  let size = 0;
  // Left open when it breaks off: the refusal still has to get through.
  const body: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
  for await (const chunk of body) {
    size += chunk.length;
    if (size > LARGEST) throw tooLarge;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

export async function readJson(request: IncomingMessage): Promise<unknown> {
  const text = await readText(request);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new BadBody(400, 'The body is not JSON.');
  }
}
