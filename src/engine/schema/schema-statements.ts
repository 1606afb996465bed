/** Reads the statements of a schema file, which somebody may have edited by hand, and says where one of them fails. */

import { KatError, type Problem, type SqlError } from '../../errors.js';
import { checkMigrationSql } from '../../sql/check/check.js';
import { loadParser } from '../../sql/syntax/parse.js';
import { indexLines } from '../../sql/syntax/position.js';
import { checkSqliteSql } from '../plan/sqlite/check-sqlite.js';
import { nameSqlstate } from '../run/failure.js';

/** SQL that runs in a transaction of Kat's. */
export interface FileStatement {
  text: string;
  /** UTF-16 index into the file. */
  start: number;
}

export interface SchemaFile {
  /** Absolute. */
  path: string;
  text: string;
}

/** @throws KatError SQL_INVALID for a syntax error, and for statements that would end or leave the transaction. */
export async function readStatements(
  { path, text }: SchemaFile,
  { isSqlite }: { isSqlite: boolean },
): Promise<FileStatement[]> {
  const origin = { file: path, migration: '', mode: 'transaction', text } as const;
  const { problems, statements } = isSqlite
    ? checkSqliteSql(origin)
    : checkMigrationSql(await loadParser(), origin);
  if (problems.length > 0) {
    throw new KatError('SQL_INVALID', 'the schema file cannot be loaded', {
      problems: problems.map(({ migration: _, ...problem }) => problem),
      help: 'Nothing was executed. Write the file again: `kat schema --file FILE`.',
    });
  }
  return (statements ?? [{ text, start: 0 }]).map(({ text: sql, start }) => ({ text: sql, start }));
}

/** The error for a statement that the server refuses. */
export function loadFailure(
  { path, text }: SchemaFile,
  { start }: FileStatement,
  { report }: SqlError,
): KatError {
  const message = `${report.severity}: ${report.message} (${nameSqlstate(report.sqlstate)})`;
  const problem: Problem = {
    ...{ title: 'SQL error', message, sqlstate: report.sqlstate },
    location: { file: path, ...indexLines(text)(start) },
  };
  return new KatError('SQL_ERROR', message, {
    problems: [problem],
    help: 'The schema file was rolled back. Load it into an empty database, or write it again: `kat schema --file FILE`.',
  });
}
