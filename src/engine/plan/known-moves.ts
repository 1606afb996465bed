/** Reads what migrations did with rows, from the files that were applied. */

import type { Session } from '../../connections/driver.js';
import { KatError } from '../../errors.js';
import type { Graph } from '../../graph/graph.js';
import { isProgram } from '../../graph/migration.js';
import { readSqlFile } from '../../project/folder/load.js';
import type { RowMoves } from '../../sql/effects/row-moves.js';
import { isEdited } from '../ledger/edited.js';
import type { Ledger } from '../ledger/ledger.js';
import { readRememberedFacts } from '../ledger/logged-migrations.js';

interface KnownMoves extends RowMoves {
  /** The up.sql. */
  text: string;
}

/** By id; without those whose up.sql is missing, a program, or not what was applied. */
export async function readKnownMoves(
  { session, ledger }: { session: Session; ledger: Ledger },
  graph: Graph,
  ids: readonly string[],
): Promise<Map<string, KnownMoves>> {
  const facts = await readRememberedFacts(session, ledger, ids);
  const { loadParser } = await import('../../sql/syntax/parse.js');
  const { readRowMoves } = await import('../../sql/effects/row-moves.js');
  const parser = await loadParser(session.literals);
  const texts = ids.flatMap((id): [string, string][] => {
    const migration = graph.get(id);
    const isKnown =
      !migration.isMissing && !isProgram(migration.files.up) && !isEdited(migration, facts.get(id));
    const text = isKnown ? readQuietly(migration.files.up) : undefined;
    return text === undefined ? [] : [[id, text]];
  });
  return new Map(texts.map(([id, text]) => [id, { ...readRowMoves(parser, text), text }]));
}

/** @returns undefined for a file that cannot be read. */
export function readQuietly(file: string): string | undefined {
  try {
    return readSqlFile(file);
  } catch (error) {
    if (error instanceof KatError) return undefined;
    throw error;
  }
}
