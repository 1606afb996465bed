/**
 * Keeps what Kat sends readable for the server: all of it is UTF-8. After a migration's `SET client_encoding`, the server would
 * take the bytes of the next message for another encoding, and ids with umlauts for other ids.
 */

/** Brings the session back. */
export const useUtf8 = "SET client_encoding = 'UTF8'";

/** A session's encoding. */
export interface WireEncoding {
  /** Call it with every setting that the server reports. */
  follow(parameter: string, value: string): void;
  /** Whether `useUtf8` must go ahead of the next message. */
  readonly isForeign: boolean;
}

export function createWireEncoding(): WireEncoding {
  let current = 'UTF8';
  return {
    follow: (parameter, value) => {
      if (parameter === 'client_encoding') current = value;
    },
    get isForeign() {
      return current !== 'UTF8';
    },
  };
}
