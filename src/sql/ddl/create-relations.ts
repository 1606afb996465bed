/** Writes statements that create sequences, views and indexes, and constraints outside of CREATE TABLE. */

import { isLeftInvalid, qualifiedName, type SnapshotObject } from '../snapshot/snapshot.js';
import { splitList } from '../snapshot/written-names.js';
import { usualSequence } from './sequences.js';
import { constraintText } from './tables.js';
import { constraintOwner, inBrackets, joinWords, ownerName, storageOptions } from './words.js';

/** The options that are not PostgreSQL's defaults. */
function sequenceText(options: string): string {
  const [, type = ''] = /^AS (\w+) /.exec(options) ?? [];
  if (options !== usualSequence(type)) return ` ${options}`;
  return type === 'bigint' ? '' : ` AS ${type}`;
}

export function createSequence(object: SnapshotObject): string[] {
  const { options = '', persistence } = object.definition;
  const head = joinWords('CREATE', persistence?.toUpperCase(), 'SEQUENCE', qualifiedName(object));
  return [`${head}${sequenceText(options)}`];
}

/** The column must be there first. */
export function attachSequence(object: SnapshotObject): string[] {
  const { ownedBy } = object.definition;
  return ownedBy === undefined
    ? []
    : [`ALTER SEQUENCE ${qualifiedName(object)} OWNED BY ${object.schema}.${ownedBy}`];
}

export function createView(object: SnapshotObject): string[] {
  const { kind, definition } = object;
  const { options, query = '', accessMethod, tablespace, unpopulated } = definition;
  const settings = [
    accessMethod === undefined ? '' : ` USING ${accessMethod}`,
    inBrackets('WITH ', storageOptions(options)),
    tablespace === undefined ? '' : ` TABLESPACE ${tablespace}`,
  ].join('');
  const text = query.trimEnd().replace(/;$/, '');
  const tail = unpopulated === undefined ? '' : '\n  WITH NO DATA';
  return [`CREATE ${kind.toUpperCase()} ${qualifiedName(object)}${settings} AS\n${text}${tail}`];
}

/**
 * `pg_get_indexdef` writes ONLY for the index of a partitioned table, which partitions shall get, too.
 * @returns nothing for what a failed CREATE INDEX CONCURRENTLY has left: no statement makes such an index.
 */
export function createIndex(object: SnapshotObject): string[] {
  const { definition = '' } = object.definition;
  const isPartitioned = / ON ONLY /.test(definition);
  if (isLeftInvalid(object)) return [];
  return [isPartitioned ? definition.replace(' ON ONLY ', ' ON ') : definition, ...indexSettings(object)];
}

/** Settings of an index, also of one behind a constraint. */
export function indexSettings(object: SnapshotObject): string[] {
  const { schema, name, definition } = object;
  const { clustered, tablespace, statistics, indexOptions } = definition;
  const alter = `ALTER INDEX ${schema}.${name}`;
  return [
    ...(tablespace === undefined ? [] : [`${alter} SET TABLESPACE ${tablespace}`]),
    ...(indexOptions === undefined ? [] : [`${alter} SET (${storageOptions(indexOptions).join(', ')})`]),
    ...splitList(statistics).map((item) => `${alter} ALTER COLUMN ${item.replace(': ', ' SET STATISTICS ')}`),
    ...(clustered === undefined ? [] : [`ALTER TABLE ${ownerName(object)} CLUSTER ON ${name}`]),
  ];
}

export function createConstraint(object: SnapshotObject): string[] {
  return [`ALTER ${constraintOwner(object)} ADD ${constraintText(object)}`, ...indexSettings(object)];
}

/** The replica identity may name an index, which must be there first. */
export function setReplicaIdentity(table: SnapshotObject): string[] {
  const { replicaIdentity } = table.definition;
  if (replicaIdentity === undefined) return [];
  const index = replicaIdentity.replace(/^(USING INDEX )(?:"(?:[^"]|"")*"|\w+)\./, '$1');
  return [`ALTER TABLE ${qualifiedName(table)} REPLICA IDENTITY ${index}`];
}
