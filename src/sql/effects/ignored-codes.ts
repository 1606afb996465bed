/** Reads what `-- kat:ignore` says behind its word: which findings are accepted, and why. */

/** One such comment. */
export interface IgnoredCodes {
  codes: readonly string[];
  /** In the author's words; empty where there are none. */
  reason: string;
}

/** @param value such as `same-rows, enum-order seeds may come in any order`. */
export function parseIgnoredCodes(value: string): IgnoredCodes {
  const [list = ''] = /^[\w-]+(?:\s*,\s*[\w-]+)*/.exec(value.trim()) ?? [];
  return {
    codes: list.split(/\s*,\s*/).filter((code) => code !== ''),
    reason: value.trim().slice(list.length).trim(),
  };
}
