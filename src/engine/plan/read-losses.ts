/** Reads what a rollback takes away from its SQL, and from the functions that it calls. */

import type { Session } from '../../connections/driver.js';
import { quoteIdentifier, quoteTextArray } from '../../quote.js';
import type { Losses } from '../../sql/effects/lost-objects.js';
import { executeInCatalog } from '../ledger/catalog-path.js';

/** Functions that call each other are followed no further than this. */
const maxRounds = 4;

/**
 * @param earlier what the run executes before, in lines of its own: the text may mean an object by its new name.
 * @returns everything that is lost, by the search path of the session.
 */
export async function readLossesOf(session: Session, text: string, earlier = ''): Promise<Losses> {
  const [{ readLosses }, { loadParser, maxParsedBytes }] = await Promise.all([
    import('../../sql/effects/lost-objects.js'),
    import('../../sql/syntax/parse.js'),
  ]);
  if (Buffer.byteLength(text) + Buffer.byteLength(earlier) > maxParsedBytes)
    return { changed: [], objects: [], calls: [], unread: ['the text is too long'] };
  const parser = await loadParser(session.literals);
  let known = await readSearchPath(session);
  let losses = readLosses(parser, text, { earlier, known });
  const followed = new Set<string>();
  for (let round = 0; round < maxRounds; round += 1) {
    const calls = losses.calls.filter((name) => !followed.has(name));
    const definitions = calls.length > 0 ? await readDefinitions(session, calls) : [];
    if (definitions.length === 0) break;
    for (const name of calls) followed.add(name);
    known += definitions.map((definition) => `${definition};\n`).join('');
    losses = readLosses(parser, text, { earlier, known });
  }
  return losses;
}

async function readSearchPath(session: Session): Promise<string> {
  const [result] = await session.execute(
    'SELECT pg_catalog.array_to_json(pg_catalog.current_schemas(false)) AS path',
  );
  const path = JSON.parse(result?.rows[0]?.path ?? '[]') as string[];
  return path.length === 0 ? '' : `SET search_path = ${path.map(quoteIdentifier).join(', ')};\n`;
}

/** As CREATE FUNCTION, of those in languages that can be read. */
async function readDefinitions(session: Session, names: readonly string[]): Promise<string[]> {
  const [result] = await executeInCatalog(
    session,
    `SELECT pg_catalog.pg_get_functiondef(p.oid) AS definition
     FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
     JOIN pg_catalog.pg_language l ON l.oid = p.prolang
     WHERE p.proname = ANY (${quoteTextArray(names)}) AND p.prokind IN ('f', 'p') AND l.lanname IN ('sql', 'plpgsql')
       AND n.nspname <> ALL ('{pg_catalog,information_schema}'::name[])
     ORDER BY p.oid`,
  );
  return (result?.rows ?? []).map(({ definition }) => definition ?? '');
}
