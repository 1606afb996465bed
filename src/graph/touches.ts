/** The tables that a program says it touches, as its metadata names them. */

/** A table, with its schema where it is named. */
export interface TouchedTable {
  schema?: string;
  name: string;
}

/** @param text `users` or `app.users`, which `touchPattern` has accepted. */
export function parseTouch(text: string): TouchedTable {
  const [first = '', second] = text.split('.');
  return second === undefined ? { name: first } : { schema: first, name: second };
}

/** One name, or a schema and a name; exactly as the catalog spells them, without quotes. */
export const touchPattern = /^[^\s."][^."]*(?:\.[^\s."][^."]*)?$/;
