/**
 * SQLite's form of the queries about tracking table and log. Each answers the same columns as PostgreSQL's, which stands beside
 * its caller.
 */

import type { Direction } from '../../../graph/migration.js';
import { ledgerMarks, logMarks } from '../marks.js';

/** A text as a literal of SQLite, which knows no escape but the doubled quote. */
export function quoteSqliteText(value: string | undefined): string {
  return value === undefined ? 'NULL' : `'${value.replaceAll("'", "''")}'`;
}

function listOf(values: readonly string[]): string {
  return `(${values.map(quoteSqliteText).join(', ')})`;
}

const isSettled = "outcome IN ('succeeded', 'stamped', 'repaired')";
const isJournal = "outcome IN ('statement started', 'statement finished', 'statement undone')";
const noTransaction = "CASE no_transaction WHEN 1 THEN 't' WHEN 0 THEN 'f' END AS no_transaction";

export function appliedIdsSql(table: string): string {
  return `SELECT json_group_array(name) AS names FROM (SELECT name FROM ${table} ORDER BY id)`;
}

export function appliedSql(table: string): string {
  return `SELECT name, migration_time AS applied_at, duration FROM ${table} ORDER BY id`;
}

/** With the whole `down_sql`: SQLite computes no checksum of it. */
export function lastSuccessesSql(log: string): string {
  return `SELECT migration, direction, outcome, checksum, statement_hash, parents, logged_at AS at, down_sql FROM ${log}
    WHERE id IN (SELECT max(id) FROM ${log} WHERE ${isSettled} GROUP BY migration)`;
}

/** Those of `ids` that the log has as applied, and the tracking table has not. */
export function loggedWithoutRowSql(log: string, table: string, ids: readonly string[]): string {
  return `SELECT migration FROM ${log} WHERE id IN (SELECT max(id) FROM ${log} WHERE migration IN ${listOf(ids)} AND ${isSettled} GROUP BY migration)
    AND direction = 'up' AND migration NOT IN (SELECT name FROM ${table})`;
}

/** Other tables than this one that have the columns of a tracking table, and a log beside them. */
export function otherTablesSql(table: string, most: number): string {
  return `SELECT m.name AS name FROM sqlite_master m JOIN sqlite_master l ON l.type = 'table' AND lower(l.name) = lower(m.name || '_log')
    WHERE m.type = 'table' AND lower(m.name) <> lower(${quoteSqliteText(table)})
      AND ${hasColumns('m.name', ledgerMarks)} AND ${hasColumns('l.name', logMarks)}
    ORDER BY m.name LIMIT ${most}`;
}

/** Logs whose tracking table has another name. */
export function lonelyLogsSql(): string {
  return `SELECT l.name AS name FROM sqlite_master l
    WHERE l.type = 'table' AND lower(l.name) LIKE '%\\_log' ESCAPE '\\' AND ${hasColumns('l.name', logMarks)}
      AND NOT EXISTS (SELECT 1 FROM sqlite_master m
        WHERE m.type = 'table' AND lower(l.name) = lower(m.name || '_log') AND ${hasColumns('m.name', ledgerMarks)})
    ORDER BY l.name`;
}

function hasColumns(name: string, columns: readonly string[]): string {
  return `(SELECT count(*) FROM pragma_table_info(${name}) WHERE name IN ${listOf(columns)}) = ${columns.length}`;
}

export function lastOutcomesSql(log: string, ids: readonly string[]): string {
  return `SELECT migration, direction, outcome FROM ${log} WHERE id IN
    (SELECT max(id) FROM ${log} WHERE migration IN ${listOf(ids)} AND ${isSettled} GROUP BY migration)`;
}

export function appliedFactsSql(log: string, table: string): string {
  return `SELECT json_group_array(json_array(migration, checksum, json(CASE no_transaction WHEN 1 THEN 'true' ELSE 'false' END),
      json(coalesce(parents, '[]')), statement_hash)) AS facts
    FROM ${log} WHERE id IN (SELECT max(id) FROM ${log}
      WHERE direction = 'up' AND ${isSettled} AND migration IN (SELECT name FROM ${table}) GROUP BY migration)
      AND ${hasNoNewerRow(log, table)}`;
}

/** Go's Kat writes a zone as hours alone, which SQLite does not read. */
const rowTime = `strftime('%Y-%m-%dT%H:%M:%fZ', CASE WHEN r.migration_time GLOB '*:*[+-][0-9][0-9]'
      THEN r.migration_time || ':00' ELSE r.migration_time END)`;

/** A condition on the log: its entry was written with the row of its migration, which no other program has replaced since. */
function hasNoNewerRow(log: string, table: string): string {
  return `NOT EXISTS (SELECT 1 FROM ${table} r WHERE r.name = ${log}.migration AND ${rowTime} > ${log}.logged_at)`;
}

/** @param table the tracking table, where there is one */
export function lastUpsSql(log: string, ids: readonly string[], table: string | undefined): string {
  return `SELECT migration, outcome, checksum, statement_hash, ${noTransaction}, parents, down_sql FROM ${log}
    WHERE id IN (SELECT max(id) FROM ${log}
      WHERE migration IN ${listOf(ids)} AND direction = 'up' AND ${isSettled} GROUP BY migration)${
        table === undefined ? '' : ` AND ${hasNoNewerRow(log, table)}`
      }`;
}

export function journalSql(log: string, { id, direction }: { id: string; direction: Direction }): string {
  const name = quoteSqliteText(id);
  return `SELECT id, statement, statement_hash, outcome FROM ${log}
    WHERE migration = ${name} AND direction = ${quoteSqliteText(direction)} AND ${isJournal}
      AND id > coalesce((SELECT max(id) FROM ${log} WHERE migration = ${name} AND ${isSettled}), 0)
    ORDER BY id`;
}

export function halfDoneSql(log: string): string {
  return `SELECT l.migration, l.direction,
      coalesce(max(l.statement) FILTER (WHERE l.outcome = 'statement finished'), 0) AS finished
    FROM ${log} l WHERE l.outcome IN ('statement started', 'statement finished')
      AND ${isUnsettled(log)}
    GROUP BY l.migration, l.direction`;
}

export function parentsAtStartSql(log: string, ids: readonly string[]): string {
  return `SELECT l.migration, l.parents FROM ${log} l
    WHERE l.migration IN ${listOf(ids)} AND l.direction = 'up' AND l.parents IS NOT NULL AND ${isUnsettled(log)}`;
}

export function appliedSinceSql(log: string, id: string): string {
  return `SELECT DISTINCT later.migration FROM ${log} later
    WHERE later.direction = 'up' AND later.${isSettled} AND later.id > (
      SELECT min(l.id) FROM ${log} l WHERE l.migration = ${quoteSqliteText(id)} AND ${isUnsettled(log)})`;
}

/** A condition on entries `l` of the log: their migration was neither finished nor recorded since. */
function isUnsettled(log: string): string {
  return `NOT EXISTS (SELECT 1 FROM ${log} s WHERE s.migration = l.migration AND s.${isSettled} AND s.id > l.id)`;
}

export function triesSql(log: string): string {
  return `SELECT l.migration, l.direction, l.outcome, l.statement, l.sqlstate, l.error, l.client, l.logged_at AS at FROM ${log} l
    WHERE l.id IN (SELECT max(id) FROM ${log} WHERE outcome IN ('started', 'failed') GROUP BY migration, outcome)
      AND ${isUnsettled(log)}
    ORDER BY l.id`;
}

/** What `kat history` may ask for, beside what its caller knows already. */
interface PageFilter {
  ids?: readonly string[] | undefined;
  outcome?: string | undefined;
  direction?: Direction | undefined;
  since?: Date | undefined;
  until?: Date | undefined;
  statements?: boolean | undefined;
  /** The log's id of the first entry that is not wanted any more. */
  before?: string | undefined;
  size: number;
}

/** One page of the log, the newest entry first. */
export function historyPageSql(log: string, filter: PageFilter): string {
  const { ids, outcome, direction, since, until, statements, before, size } = filter;
  const conditions = [
    ...(ids ? [`migration IN ${listOf(ids)}`] : []),
    ...(statements ? [] : ["outcome NOT IN ('statement started', 'statement finished')"]),
    ...(outcome === undefined ? [] : [`outcome = ${quoteSqliteText(outcome)}`]),
    ...(direction === undefined ? [] : [`direction = ${quoteSqliteText(direction)}`]),
    ...(since === undefined ? [] : [`logged_at >= ${quoteSqliteText(since.toISOString())}`]),
    ...(until === undefined ? [] : [`logged_at < ${quoteSqliteText(until.toISOString())}`]),
    ...(before === undefined ? [] : [`id < ${before}`]),
  ];
  return `SELECT id, logged_at AS at, migration, direction, outcome, duration_ms, statement, sqlstate, error, database_user, client,
      kat_version
    FROM ${log} ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''} ORDER BY id DESC LIMIT ${size}`;
}
