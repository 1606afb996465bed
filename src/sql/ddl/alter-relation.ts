/** Writes the statements that change tables, sequences, views and indexes. */

import { qualifiedName, type SnapshotObject } from '../snapshot/snapshot.js';
import { splitList } from '../snapshot/written-names.js';
import type { AlterWriter, ChangedObject } from './changed-object.js';
import { createView, setReplicaIdentity } from './create-relations.js';
import { changeForeignOptions, changeOptions, ownerName } from './words.js';

/** @returns undefined for a new partition key or server: only a new table would do, and its rows would be lost. */
export const changeTable: AlterWriter = (change) => {
  const { before, after, changed } = change;
  const isFixed = ['partitionKey', 'server', 'columnOrder', 'detachPending'].some((name) =>
    changed.has(name),
  );
  if (isFixed) return undefined;
  const alter = `ALTER TABLE ${qualifiedName(after)}`;
  const [old, next] = [before.definition, after.definition];
  return [
    ...familyChange(change, alter),
    ...(changed.has('persistence') ? [`${alter} SET ${next.persistence?.toUpperCase() ?? 'LOGGED'}`] : []),
    ...(changed.has('accessMethod') ? [`${alter} SET ACCESS METHOD ${next.accessMethod ?? 'heap'}`] : []),
    ...(changed.has('tablespace') ? [`${alter} SET TABLESPACE ${next.tablespace ?? 'pg_default'}`] : []),
    ...changeOptions(alter, old.options, next.options),
    ...changeOptions(alter, old.toastOptions, next.toastOptions, 'toast.'),
    ...(changed.has('rowSecurity') ? [`${alter} ${enabled(next.rowSecurity)} ROW LEVEL SECURITY`] : []),
    ...(changed.has('forceRowSecurity')
      ? [`${alter} ${next.forceRowSecurity === undefined ? 'NO FORCE' : 'FORCE'} ROW LEVEL SECURITY`]
      : []),
    ...(changed.has('replicaIdentity') ? replicaIdentity(after, alter) : []),
    ...changeForeignOptions(
      `ALTER FOREIGN TABLE ${qualifiedName(after)}`,
      old.foreignOptions,
      next.foreignOptions,
    ),
  ];
};

function enabled(flag: string | undefined): string {
  return flag === undefined ? 'DISABLE' : 'ENABLE';
}

function replicaIdentity(after: SnapshotObject, alter: string): string[] {
  const set = setReplicaIdentity(after);
  return set.length > 0 ? set : [`${alter} REPLICA IDENTITY DEFAULT`];
}

function familyChange({ before, after, changed }: ChangedObject, alter: string): string[] {
  const [old, next] = [before.definition, after.definition];
  const name = qualifiedName(after);
  const parents = { old: splitList(old.inherits), next: splitList(next.inherits) };
  const isMoved = changed.has('partitionOf') || changed.has('partitionBound');
  return [
    ...(isMoved && old.partitionOf !== undefined
      ? [`ALTER TABLE ${old.partitionOf} DETACH PARTITION ${name}`]
      : []),
    ...(isMoved && next.partitionOf !== undefined
      ? [`ALTER TABLE ${next.partitionOf} ATTACH PARTITION ${name} ${next.partitionBound}`]
      : []),
    ...parents.old
      .filter((parent) => !parents.next.includes(parent))
      .map((parent) => `${alter} NO INHERIT ${parent}`),
    ...parents.next
      .filter((parent) => !parents.old.includes(parent))
      .map((parent) => `${alter} INHERIT ${parent}`),
    ...(changed.has('ofType')
      ? [next.ofType === undefined ? `${alter} NOT OF` : `${alter} OF ${next.ofType}`]
      : []),
  ];
}

export const alterSequence: AlterWriter = ({ after, changed }) => {
  const alter = `ALTER SEQUENCE ${qualifiedName(after)}`;
  const { options = '', ownedBy, persistence } = after.definition;
  return [
    ...(changed.has('options')
      ? [`${alter} ${options}${options.endsWith(' CYCLE') ? '' : ' NO CYCLE'}`]
      : []),
    ...(changed.has('persistence') ? [`${alter} SET ${persistence?.toUpperCase() ?? 'LOGGED'}`] : []),
    ...(changed.has('ownedBy')
      ? [`${alter} OWNED BY ${ownedBy === undefined ? 'NONE' : `${after.schema}.${ownedBy}`}`]
      : []),
  ];
};

/** Options alone; a new query is a new view. */
export const alterView: AlterWriter = ({ before, after, changed }) => {
  const { kind, definition } = after;
  const alter = `ALTER ${kind.toUpperCase()} ${qualifiedName(after)}`;
  const options = changeOptions(alter, before.definition.options, definition.options);
  if (!changed.has('query')) return changed.size === 1 && changed.has('options') ? options : undefined;
  const isReplaced = kind === 'view' && [...changed].every((name) => name === 'query' || name === 'options');
  if (!isReplaced) return undefined;
  // Without its options, CREATE OR REPLACE would reset them.
  return createView(after).map((sql) => sql.replace(/^CREATE VIEW/, 'CREATE OR REPLACE VIEW'));
};

/** The state of an index, also of one behind a constraint. */
export const alterIndex: AlterWriter = (change) => {
  const { before, after, changed } = change;
  const rest = [...changed].filter((property) => !indexProperties.has(property));
  // No statement disables the triggers of one key alone: they have other names in each database.
  if (changed.size === 1 && changed.has('triggers') && after.definition.triggers !== undefined) return [];
  const isChecked = isValidation(change);
  if (rest.length > (isChecked ? 1 : 0)) return undefined;
  const { schema, name, definition } = after;
  const alter = `ALTER INDEX ${schema}.${name}`;
  const isRepaired = (changed.has('invalid') || changed.has('notReady')) && definition.invalid === undefined;
  return [
    ...(isChecked ? [`ALTER TABLE ${ownerName(after)} VALIDATE CONSTRAINT ${name}`] : []),
    ...(isRepaired ? [`REINDEX INDEX ${schema}.${name}`] : []),
    ...(changed.has('tablespace')
      ? [`${alter} SET TABLESPACE ${definition.tablespace ?? 'pg_default'}`]
      : []),
    ...changeOptions(alter, before.definition.indexOptions, definition.indexOptions),
    ...(changed.has('clustered') ? [clusterChange(after)] : []),
    ...(changed.has('attachedTo') && definition.attachedTo !== undefined
      ? [`ALTER INDEX ${definition.attachedTo} ATTACH PARTITION ${schema}.${name}`]
      : []),
    ...statisticsChange(before, after, alter),
  ];
};

function isValidation({ before, after }: ChangedObject): boolean {
  const [old = '', next = ''] = [before.definition.definition, after.definition.definition];
  return after.kind === 'constraint' && old === `${next} NOT VALID`;
}

function clusterChange(index: SnapshotObject): string {
  const table = `ALTER TABLE ${ownerName(index)}`;
  const { clustered } = index.definition;
  return clustered === undefined ? `${table} SET WITHOUT CLUSTER` : `${table} CLUSTER ON ${index.name}`;
}

const indexProperties: ReadonlySet<string> = new Set([
  ...['invalid', 'notReady', 'tablespace', 'indexOptions', 'clustered', 'statistics', 'attachedTo'],
]);

function statisticsChange(before: SnapshotObject, after: SnapshotObject, alter: string): string[] {
  const [old, next] = [before, after].map(({ definition }) => splitList(definition.statistics)) as [
    string[],
    string[],
  ];
  const numbers = next.map((item) => item.split(':')[0]);
  const gone = old.filter((item) => !numbers.includes(item.split(':')[0] ?? ''));
  return [
    ...gone.map((item) => `${alter} ALTER COLUMN ${item.split(':')[0]} SET STATISTICS -1`),
    ...next
      .filter((item) => !old.includes(item))
      .map((item) => `${alter} ALTER COLUMN ${item.replace(': ', ' SET STATISTICS ')}`),
  ];
}
