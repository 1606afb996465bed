/** Turns an error of `pg`'s parser into the end of the session; in an event handler it would end the whole program. */

import type { WireConnection } from './wire.js';

/**
 * Node.js has no strings of 512 MB or more (buffer.constants.MAX_STRING_LENGTH), and `pg` makes one of each value.
 * @param onFailure receives the reason; nothing that the server sends afterwards is read.
 * @returns puts the connection back as it was.
 */
export function guardReader(stream: WireConnection['stream'], onFailure: (error: Error) => void): () => void {
  const readers = stream.listeners('data');
  const guarded = (bytes: Uint8Array): void => {
    try {
      for (const read of readers) read(bytes);
    } catch (cause) {
      stream.off('data', guarded);
      onFailure(new Error(`the server's answer cannot be read: ${wordsOf(cause)}`, { cause }));
      stream.destroy();
    }
  };
  for (const read of readers) stream.off('data', read);
  stream.on('data', guarded);
  return () => {
    // A session that was opened later on the same client reads through this guard.
    if (!stream.listeners('data').includes(guarded)) return;
    stream.off('data', guarded);
    for (const read of readers) stream.on('data', read);
  };
}

function wordsOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  return code === 'ERR_STRING_TOO_LONG' ? 'a value in it is 512 MB or longer' : message;
}
