/** Finds the indexes that a concurrent statement may have left behind. */

import type { Session } from '../../connections/driver.js';
import { quoteIdentifier, quoteLiteral } from '../../quote.js';
import type { Statement } from '../../sql/syntax/parse.js';
import type { ConcurrentWork, ObjectName } from '../../sql/transactions/concurrent-work.js';
import { eq, matches, ne } from '../ledger/operators.js';
import { isMadeByTry, type TriedStatement } from '../ledger/proof-of-try.js';
import { formatTableName } from '../ledger/table-name.js';

export interface FoundIndex {
  /** As SQL, with its schema. */
  name: string;
  isValid: boolean;
  /** Whether a try of this very statement made it, and it has the definition that the statement gives it. */
  isOurs: boolean;
  /** Whether it has that definition, from any origin. */
  isSame: boolean;
  /** Process ids of who holds the lock that builds and drops of indexes of this table hold all the way. */
  builders: readonly string[];
}

/** A statement that does its work in several transactions. */
export interface ConcurrentStatement<Work = ConcurrentWork> {
  statement: Statement;
  work: Work;
  /** Undefined when the journal has no try of it. */
  tried: TriedStatement | undefined;
}

type CreateIndex = Extract<ConcurrentWork, { kind: 'create-index' }>;

/** The index by its name; where the server chooses the name, those that have such a name and that a try has made. */
export async function findIndexes(
  session: Session,
  { statement, work: { table, index }, tried }: ConcurrentStatement<CreateIndex>,
): Promise<FoundIndex[]> {
  if (index === undefined && !tried) return [];
  const isIt =
    index === undefined
      ? String.raw`c.relname ${matches} '_idx\d*$' AND ${madeByTry(tried)}`
      : `c.relname ${eq} ${quoteLiteral(index)}`;
  const found = await selectIndexes(session, `i.indrelid ${eq} ${regclass(table)} AND ${isIt}`, tried);
  return compareDefinitions(found, statement);
}

async function compareDefinitions(
  found: readonly SelectedIndex[],
  { node }: Statement,
): Promise<FoundIndex[]> {
  if (found.length === 0) return [];
  const [{ isSameIndex }, { loadParser }] = await Promise.all([
    import('../../sql/transactions/same-index.js'),
    import('../../sql/syntax/parse.js'),
  ]);
  const parser = await loadParser();
  return found.map(({ definition, isByTry, ...index }) => {
    const isSame = isSameIndex(parser, node, definition);
    return { ...index, isSame, isOurs: isByTry && isSame };
  });
}

type Reindex = Extract<ConcurrentWork, { kind: 'reindex' }>;

/**
 * Copies that an interrupted REINDEX CONCURRENTLY left: they end in `_ccnew` or `_ccold`, and have the definition of an index
 * that it rebuilds.
 */
async function findCopies(
  session: Session,
  { work: { relation, isIndex }, tried }: ConcurrentStatement<Reindex>,
): Promise<FoundIndex[]> {
  if (!relation || !tried) return [];
  const original = isIndex
    ? `o.indexrelid ${eq} ${regclass(relation)}`
    : `o.indrelid ${eq} ${regclass(relation)}`;
  const found = await selectIndexes(
    session,
    `NOT i.indisvalid AND c.relname ${matches} '_cc(new|old)[0-9]*$' AND ${madeByTry(tried)} AND EXISTS (
       SELECT FROM pg_catalog.pg_index o WHERE ${original} AND o.indrelid ${eq} i.indrelid
         AND o.indexrelid ${ne} i.indexrelid AND ${definitionOf('o')} ${eq} ${definitionOf('i')})`,
    tried,
  );
  return found.map(({ definition: _definition, isByTry, ...index }) => ({
    ...index,
    isSame: true,
    isOurs: isByTry,
  }));
}

/** Names, as SQL, of the indexes that earlier tries left INVALID. */
export async function findLeftOvers(session: Session, statement: ConcurrentStatement): Promise<string[]> {
  return (await findBroken(session, statement)).filter(({ isOurs }) => isOurs).map(({ name }) => name);
}

/** INVALID indexes that have the statement's name, or that its tries have made. */
export async function findBroken(
  session: Session,
  { work, ...statement }: ConcurrentStatement,
): Promise<FoundIndex[]> {
  const find = () => {
    if (work.kind === 'create-index') return findIndexes(session, { ...statement, work });
    return work.kind === 'reindex' ? findCopies(session, { ...statement, work }) : [];
  };
  return (await find()).filter(({ isValid }) => !isValid);
}

/** The definition of an index without its name, as SQL. */
function definitionOf(alias: string): string {
  const columns = ['indkey', 'indclass', 'indcollation', 'indoption', 'indisunique', 'indnkeyatts'];
  const expressions = ['indexprs', 'indpred'].map(
    (column) => `coalesce(pg_catalog.pg_get_expr(${alias}.${column}, ${alias}.indrelid), '')`,
  );
  return `ARRAY[${[...columns.map((name) => `${alias}.${name}::pg_catalog.text`), ...expressions].join(', ')}]`;
}

interface SelectedIndex extends Omit<FoundIndex, 'isOurs' | 'isSame'> {
  definition: string;
  isByTry: boolean;
}

/** Its dependencies tell when it was made: TRUNCATE, CLUSTER and VACUUM FULL write its row in pg_class again, and not these. */
function madeByTry(tried: TriedStatement | undefined): string {
  if (!tried) return 'false';
  return `EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid ${eq} c.oid
    AND d.classid ${eq} 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid AND ${isMadeByTry(tried, 'd')})`;
}

/**
 * Indexes by a condition on `pg_class c` and `pg_index i`. That somebody builds one shows in the locks: the progress
 * view hides the tables of other roles' builds.
 */
async function selectIndexes(
  session: Session,
  condition: string,
  tried: TriedStatement | undefined,
): Promise<SelectedIndex[]> {
  const [result] = await session.execute(`
    SELECT n.nspname AS schema, c.relname AS name, i.indisvalid AS is_valid,
           pg_catalog.pg_get_indexdef(c.oid) AS definition, ${madeByTry(tried)} AS is_by_try,
           (SELECT pg_catalog.string_agg(k.pid::pg_catalog.text, ',') FROM pg_catalog.pg_locks k
            WHERE k.locktype ${eq} 'relation' AND k.relation ${eq} i.indrelid AND k.granted
              AND k.mode ${eq} 'ShareUpdateExclusiveLock' AND k.pid ${ne} pg_catalog.pg_backend_pid()
              AND k.database ${eq} (SELECT oid FROM pg_catalog.pg_database
                                WHERE datname ${eq} pg_catalog.current_database())) AS builders
    FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class c ON c.oid ${eq} i.indexrelid
    JOIN pg_catalog.pg_namespace n ON n.oid ${eq} c.relnamespace
    WHERE c.relkind ${eq} 'i' AND ${condition}`);
  return (result?.rows ?? []).map((row) => ({
    name: formatTableName({ schema: row.schema ?? undefined, table: row.name ?? '' }),
    isValid: row.is_valid === 't',
    definition: row.definition ?? '',
    isByTry: row.is_by_try === 't',
    builders: row.builders?.split(',') ?? [],
  }));
}

/** A name's oid as SQL, by the search path of the session; null where there is no such relation. */
export function regclass(name: ObjectName): string {
  return `pg_catalog.to_regclass(${quoteLiteral(sqlName(name))})`;
}

export function sqlName({ schema, name }: ObjectName): string {
  return schema === undefined ? quoteIdentifier(name) : `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}
