/** Finds the rolled-back migrations whose rows come back when they are applied again. */

import type { Session } from '../../connections/driver.js';
import { quoteIdentifier } from '../../quote.js';
import type { Statement } from '../../sql/syntax/parse.js';
import { executeInCatalog } from '../ledger/catalog-path.js';
import type { Ledger } from '../ledger/ledger.js';
import { readKnownMoves } from './known-moves.js';
import { readPastMoves } from './past-moves.js';
import type { PlannedMove } from './plan-run.js';

/** What is known of the rows that the rolled-back migrations wrote. */
export interface Restoring {
  /**
   * Ids of those that write rows only by INSERT, whose up.sql is what was applied.
   * @param column as SQL: also those that write rows by UPDATE and give it a value that does not depend on the row.
   */
  writersOf(column?: string): readonly string[];
  /**
   * Whether the migration made a table or column, as SQL, with rows that come back with it. They do not if they may have been moved there:
   * if one of the migrations reads rows and one of them takes rows away, or overwrites what was read.
   */
  restoresContent(id: string, name: string): boolean;
}

export async function findRestoring(
  position: { session: Session; ledger: Ledger },
  { plan, graph }: Pick<PlannedMove, 'plan' | 'graph'>,
): Promise<Restoring> {
  const ids = plan.steps.filter(({ direction }) => direction === 'down').map(({ id }) => id);
  const moves = await readKnownMoves(position, graph, ids);
  const { loadParser, tryParse } = await import('../../sql/syntax/parse.js');
  const { movesValues } = await import('../../sql/effects/value-moves.js');
  const { quoteAsNeeded } = await import('../../sql/postgres/quote-as-needed.js');
  const parser = await loadParser(position.session.literals);
  const read = [...moves.values()];
  const { readRowMoves } = await import('../../sql/effects/row-moves.js');
  const { mayHoldOnlyCopy } = await import('../../sql/effects/moved-since.js');
  const readMoves = (text: string) => readRowMoves(parser, text);
  const past = await readPastMoves(position, { graph, ids, readMoves });
  const views = await readViewNames(position.session);
  const mayMove =
    (read.some(({ readsRows }) => readsRows) && read.some(({ takesAway }) => takesAway)) ||
    // The latest migration is rolled back first.
    movesValues(read.map(({ values }) => values).reverse(), views) ||
    mayHoldOnlyCopy(past, views);
  const statements = new Map([...moves].map(([id, { text }]) => [id, tryParse(parser, text)]));
  const writes = (id: string, column?: string) =>
    statements
      .get(id)
      ?.every((statement) => onlyInserts(statement) || (column !== undefined && isUpdate(statement))) ===
      true &&
    moves.get(id)?.updates.every((set) => set.some((name) => column === quoteAsNeeded(name))) === true;
  return {
    writersOf: (column) => (mayMove ? [] : [...moves.keys()].filter((id) => writes(id, column))),
    restoresContent: (id, name) => {
      if (mayMove) return false;
      const known = moves.get(id);
      return (
        known !== undefined &&
        (known.makes === undefined || [...known.makes].some((made) => endsWithName(name, made)))
      );
    },
  };
}

async function readViewNames(session: Session): Promise<ReadonlySet<string>> {
  const [result] = await executeInCatalog(
    session,
    "SELECT pg_catalog.json_agg(DISTINCT c.relname) AS names FROM pg_catalog.pg_class c WHERE c.relkind = 'v'",
  );
  return new Set(JSON.parse(result?.rows[0]?.names ?? '[]') as string[]);
}

/** @param sql a name as SQL, with its schema or without. */
function endsWithName(sql: string, name: string): boolean {
  return [name, quoteIdentifier(name)].some((last) => sql === last || sql.endsWith(`.${last}`));
}

/** Statements that write no rows of a table that was there before. */
const harmless: ReadonlySet<string> = new Set(
  'CreateStmt IndexStmt CommentStmt GrantStmt CreateSeqStmt CreateEnumStmt CreateFunctionStmt ViewStmt CreateSchemaStmt'.split(
    ' ',
  ),
);

function isUpdate({ node }: Statement): boolean {
  return 'UpdateStmt' in node && node.UpdateStmt.withClause === undefined;
}

function onlyInserts({ node, kind }: Statement): boolean {
  if (!('InsertStmt' in node)) return harmless.has(kind);
  const { onConflictClause, withClause } = node.InsertStmt;
  return onConflictClause?.action !== 'ONCONFLICT_UPDATE' && withClause === undefined;
}
