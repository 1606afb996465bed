/** Lists the types whose values are the same bytes, so that a column changes from one to the other without being written. */

/** Types for the identifier of an object in a catalog. */
const objectIds = [
  'oid',
  'regclass',
  'regcollation',
  'regconfig',
  'regdictionary',
  'regnamespace',
  'regoper',
  'regoperator',
  'regproc',
  'regprocedure',
  'regrole',
  'regtype',
] as const;

/** As `from>to`: the rows of pg_cast with `castmethod` b that need no cast to be written (pg_cast.dat; citext--1.4.sql). */
const pairs: ReadonlySet<string> = new Set([
  'text>varchar',
  'text>bpchar',
  'varchar>text',
  'varchar>bpchar',
  'cidr>inet',
  ...['citext>text', 'citext>varchar', 'citext>bpchar', 'text>citext', 'varchar>citext'],
  'bit>varbit',
  'varbit>bit',
  'xml>text',
  'xml>varchar',
  'xml>bpchar',
  ...objectIds.flatMap((name) => [`int4>${name}`, `${name}>int4`]),
  ...objectIds.flatMap((name) => [`oid>${name}`, `${name}>oid`]),
  ...['regproc>regprocedure', 'regprocedure>regproc', 'regoper>regoperator', 'regoperator>regoper'],
]);

/** @param from and `to`: names as `ColumnType` has them */
export function isBinaryCast(from: string, to: string): boolean {
  return pairs.has(`${from}>${to}`);
}

/** The type whose operator class an index on a column of this type uses by default. */
export function indexedAs(type: string): string {
  if (type === 'varchar') return 'text';
  if (type === 'cidr') return 'inet';
  return (objectIds as readonly string[]).includes(type) ? 'oid' : type;
}
