import { closeSync, openSync, writeSync } from 'node:fs';

/** A new file that text is appended to. */
export interface LineFile {
  append(text: string): void;
  /** May be called again. */
  close(): void;
}

const CHUNK = 256 * 1024;

/** Writes in chunks: most calls only take the text in. */
export function openLineFile(path: string): LineFile {
  const file = openSync(path, 'wx', 0o600);
  let open = true;
  let pending: string[] = [];
  let size = 0;
  const flush = (): void => {
    let bytes = Buffer.from(pending.join(''), 'utf8');
    pending = [];
    size = 0;
    // A write to a file may take less than it was given.
    while (bytes.length > 0) bytes = bytes.subarray(writeSync(file, bytes));
  };
  return {
    append(text) {
      pending.push(text);
      size += text.length;
      if (size >= CHUNK) flush();
    },
    close() {
      if (!open) return;
      open = false;
      flush();
      closeSync(file);
    },
  };
}
