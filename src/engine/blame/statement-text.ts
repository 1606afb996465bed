/** Reads the texts of single statements. */

import type { Parser, Statement } from '../../sql/syntax/parse.js';
import { tryParse } from '../../sql/syntax/parse.js';
import type { ReadMigration } from '../deps/read-sql.js';

/** @returns the text of a statement, by the indexes of migration and statement. */
export type ReadStatement = (migration: number, statement: number) => string;

/** Parses each migration once, and only those that are asked for. */
export function createStatementReader(parser: Parser, history: readonly ReadMigration[]): ReadStatement {
  const parsed = new Map<number, readonly Statement[]>();
  return (migration, statement) => {
    const known = parsed.get(migration) ?? tryParse(parser, history[migration]?.text ?? '') ?? [];
    parsed.set(migration, known);
    return known[statement]?.text ?? '';
  };
}
