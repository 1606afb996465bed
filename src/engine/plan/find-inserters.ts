/** Finds migrations that write rows only by INSERT: applying them again restores these rows. */

import type { Session } from '../../connections/driver.js';
import { KatError } from '../../errors.js';
import { isProgram } from '../../graph/migration.js';
import { readSqlFile } from '../../project/folder/load.js';
import type { Statement } from '../../sql/syntax/parse.js';
import { isEdited } from '../ledger/edited.js';
import type { Ledger } from '../ledger/ledger.js';
import { readRememberedFacts } from '../ledger/logged-migrations.js';
import type { PlannedMove } from './plan-run.js';

/** @returns ids of rolled-back migrations whose up.sql is what was applied. */
export async function findInserters(
  { session, ledger }: { session: Session; ledger: Ledger },
  { plan, graph }: Pick<PlannedMove, 'plan' | 'graph'>,
): Promise<string[]> {
  const ids = plan.steps.filter(({ direction }) => direction === 'down').map(({ id }) => id);
  const facts = await readRememberedFacts(session, ledger, ids);
  const { loadParser, tryParse } = await import('../../sql/syntax/parse.js');
  const parser = await loadParser(session.literals);
  return ids.filter((id) => {
    const migration = graph.get(id);
    if (migration.isMissing || isProgram(migration.files.up) || isEdited(migration, facts.get(id)))
      return false;
    const text = readQuietly(migration.files.up);
    return text !== undefined && tryParse(parser, text)?.every(onlyInserts) === true;
  });
}

function readQuietly(file: string): string | undefined {
  try {
    return readSqlFile(file);
  } catch (error) {
    if (error instanceof KatError) return undefined;
    throw error;
  }
}

/** Statements that write no rows of a table that was there before. */
const harmless: ReadonlySet<string> = new Set(
  'CreateStmt IndexStmt CommentStmt GrantStmt CreateSeqStmt CreateEnumStmt CreateFunctionStmt ViewStmt CreateSchemaStmt'.split(
    ' ',
  ),
);

function onlyInserts({ node, kind }: Statement): boolean {
  if (!('InsertStmt' in node)) return harmless.has(kind);
  const { onConflictClause, withClause } = node.InsertStmt;
  return onConflictClause?.action !== 'ONCONFLICT_UPDATE' && withClause === undefined;
}
