/** Knows the options of a sequence that PostgreSQL chooses. */

const maxima: Readonly<Record<string, string>> = {
  smallint: '32767',
  integer: '2147483647',
  bigint: '9223372036854775807',
};

/** @param type of the sequence, such as `bigint` */
export function usualSequence(type: string): string {
  return `AS ${type} START 1 INCREMENT 1 MINVALUE 1 MAXVALUE ${maxima[type]} CACHE 1`;
}
