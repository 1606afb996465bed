/** Leaves out fields that have no value: an optional property is there or not, but never `undefined`. */

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** @returns a new object with the fields that are not undefined. */
export function present<T extends object>(fields: T): Present<T> {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Present<T>;
}
