/** Changes a column from every type to every other on a server, and says what that does to rows and to an index. */

import type { Session } from '../../../src/connections/driver.js';

/** What happens to a column, without and with an index on it: the index is built anew with `scan`. */
export interface TypePair {
  from: string;
  to: string;
  isIndexed: boolean;
  does: 'rewrite' | 'scan' | 'free';
}

/** Spellings with a length or an array; those without are read from the catalog. */
const spellings = [
  ...['varchar(5)', 'varchar(10)', 'char(5)', 'char(10)', 'bit(3)', 'bit(5)', 'varbit(3)', 'varbit(5)'],
  ...['numeric(5)', 'numeric(10)', 'numeric(5,2)', 'numeric(10,2)', 'numeric(10,3)', 'float(10)'],
  ...['timestamp', 'timestamptz', 'time', 'timetz', 'interval'].flatMap((name) => [
    `${name}(0)`,
    `${name}(3)`,
    `${name}(6)`,
  ]),
  ...[
    'day to second',
    'day to second(3)',
    'year',
    'month',
    'second(2)',
    'hour to minute',
    'year to month',
  ].map((fields) => `interval ${fields}`),
  ...['text[]', 'varchar[]', 'varchar(5)[]', 'varchar(10)[]', 'int[]', 'bigint[]', 'numeric[]', 'oid[]'],
  ...[
    'numeric(5,2)[]',
    'timestamp[]',
    'timestamp(3)[]',
    'timestamp(6)[]',
    'timestamptz[]',
    'cidr[]',
    'inet[]',
  ],
];

/** Only pairs that a cast leads from and to by itself: the conversion by way of text is one that writes all rows. */
const query = `WITH builtin AS (
    SELECT pg_catalog.format_type(oid, NULL) AS name FROM pg_catalog.pg_type
    WHERE typnamespace = 'pg_catalog'::regnamespace AND typtype IN ('b', 'r', 'm') AND typcategory NOT IN ('A', 'Z')
      AND typname NOT LIKE 'pg\\_%'
  ), kinds AS (
    SELECT name, name::regtype::oid AS base FROM builtin
    UNION SELECT name, name::regtype::oid FROM unnest(ARRAY['${spellings.join("','")}', 'citext']) AS name
  ), pairs AS (
    SELECT one.name AS "from", other.name AS "to" FROM kinds one, kinds other
    WHERE one.base = other.base OR other.name IN ('text', 'varchar(5)') OR EXISTS (
      SELECT FROM pg_catalog.pg_cast
      WHERE castsource = one.base AND casttarget = other.base AND castcontext IN ('a', 'i'))
  )
  SELECT "from", "to", is_indexed, change_type("from", "to", is_indexed) AS does
  FROM pairs, (VALUES (true), (false)) AS choice (is_indexed) WHERE "from" LIKE `;

/** Everything that it makes is taken back. NULL where there can be no such column, index or change. */
const changeType = `CREATE FUNCTION change_type(old text, new text, is_indexed boolean) RETURNS text LANGUAGE plpgsql AS $$
DECLARE rows oid; entries oid; does text;
BEGIN
  EXECUTE format('CREATE TABLE changed (a %s)', old);
  IF is_indexed THEN CREATE INDEX changed_a ON changed (a); END IF;
  rows := pg_relation_filenode('changed');
  entries := pg_relation_filenode(to_regclass('changed_a'));
  EXECUTE format('ALTER TABLE changed ALTER a TYPE %s', new);
  does := CASE WHEN rows <> pg_relation_filenode('changed') THEN 'rewrite'
    WHEN entries <> pg_relation_filenode(to_regclass('changed_a')) THEN 'scan' ELSE 'free' END;
  RAISE EXCEPTION 'taken back' USING ERRCODE = 'KAT01';
EXCEPTION
  WHEN SQLSTATE 'KAT01' THEN RETURN does;
  WHEN OTHERS THEN RETURN NULL;
END $$`;

/**
 * @param zone of the session, on which it depends whether a timestamp is the same with a zone
 * @param like a pattern for the types that are changed
 */
export async function readTypePairs(session: Session, zone: string, like: string): Promise<TypePair[]> {
  await session.execute(`SET TimeZone = '${zone}'; CREATE EXTENSION IF NOT EXISTS citext`);
  await session.execute(changeType.replace('CREATE FUNCTION', 'CREATE OR REPLACE FUNCTION'));
  const [result] = await session.execute(`${query} '${like}'`);
  return (result?.rows ?? []).flatMap(({ from, to, is_indexed, does }) =>
    from && to && does ? [{ from, to, isIndexed: is_indexed === 't', does: does as TypePair['does'] }] : [],
  );
}
