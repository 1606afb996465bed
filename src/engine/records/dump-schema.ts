/** Gets the schema of a database as SQL that can be a migration, without the tables that are Kat's own. */

import type { Driver, Session } from '../../connections/driver.js';
import { KatError } from '../../errors.js';
import { listIds } from '../../graph/list-ids.js';
import { quoteIdentifier, quoteLiteral } from '../../quote.js';
import { maskSecrets } from '../../secrets.js';
import { executeInCatalog } from '../ledger/catalog-path.js';
import { type Ledger, tableNamesOf } from '../ledger/ledger.js';
import { findKatTables } from '../ledger/other-tables.js';
import { formatTableName } from '../ledger/table-name.js';
import { fillingStatements } from './fill-views.js';
import { findLeftOutRoles } from './left-out-roles.js';

export interface DumpOptions {
  /** Names of schemas; default all. */
  schemas?: readonly string[] | undefined;
  /** With owners and privileges. */
  withRoles?: boolean | undefined;
  /** The `pg_dump` to run, instead of the one on the PATH. */
  pgDump?: string | undefined;
}

/** A schema that passes the check that every migration must pass. */
export interface SchemaDump {
  sql: string;
  /** How many statements it has. */
  statements: number;
  /** The program that wrote it, such as `pg_dump 17.2`. */
  author: string;
  /** The parts of the schema that it lacks, and passwords that it has: a sentence without a full stop each. */
  leftOut: readonly string[];
}

/**
 * @param place what is Kat's own there, and who ends it.
 * @throws KatError USAGE when there is no fitting `pg_dump`, or a schema is not there; SQL_ERROR when it fails; SQL_INVALID when
 *   what it wrote cannot be a migration; CANCELLED.
 */
export async function dumpSchema(
  driver: Driver,
  place: { session: Session; ledger: Ledger; signal: AbortSignal | undefined },
  { schemas = [], withRoles = false, pgDump }: DumpOptions,
): Promise<SchemaDump> {
  const { session, ledger, signal } = place;
  if (!driver.dumpSchema) throw noPgDump(driver);
  await refuseUnknownSchemas(session, schemas);
  const { text, author } = await driver.dumpSchema({
    versionNumber: session.server.versionNumber,
    schemas: schemas.map(quoteIdentifier),
    ...(await findOwnThings(session, ledger)),
    withRoles,
    program: pgDump,
    signal,
  });
  const roles = withRoles
    ? []
    : await findLeftOutRoles(
        session,
        schemas,
        tableNamesOf(ledger).map(formatTableName).map(oidOf).join(', '),
      );
  const { leftOut, ...checked } = await check(session, text, author);
  return { ...checked, author, leftOut: [...leftOut, ...roles] };
}

function noPgDump({ name }: Driver): KatError {
  return name === 'pglite'
    ? new KatError('USAGE', 'PGlite has no pg_dump', {
        help: 'Write the schema into a migration from `kat add` by hand, then record it with `kat stamp`. The package @electric-sql/pglite-tools can dump a schema.',
      })
    : new KatError('USAGE', 'pg_dump cannot use the connection passed to createKat', {
        help: 'Pass the URL or the settings of the database to createKat.',
      });
}

async function refuseUnknownSchemas(session: Session, schemas: readonly string[]): Promise<void> {
  if (schemas.length === 0) return;
  const [result] = await session.execute('SELECT nspname FROM pg_catalog.pg_namespace');
  const known = new Set(result?.rows.map(({ nspname }) => nspname));
  const [unknown] = schemas.filter((schema) => !known.has(schema));
  if (unknown === undefined) return;
  throw new KatError('USAGE', `there is no schema ${JSON.stringify(unknown)} in this database`, {
    help: 'Write the exact name, case-sensitive and without quotes.',
  });
}

/**
 * What belongs to Kat, also for other projects of the database. Sequences are named, too: pg_dump keeps one whose table is left out. A
 * schema that has nothing else goes as a whole.
 */
async function findOwnThings(
  session: Session,
  ledger: Ledger,
): Promise<{ excludedTables: string[]; excludedSchemas: string[] }> {
  const tables = (await findKatTables(session, ledger)).map(formatTableName);
  const ours = tables.map(oidOf).join(', ');
  const owned = `SELECT d.objid FROM pg_catalog.pg_depend d
    JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S'
    WHERE d.refobjid IN (${ours}) AND d.deptype IN ('a', 'i')`;
  const [sequences, schema] = await executeInCatalog(
    session,
    `SELECT n.nspname AS schema, c.relname AS name FROM pg_catalog.pg_class c
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid IN (${owned})`,
    `SELECT n.nspname = 'public' OR EXISTS (
             SELECT FROM pg_catalog.pg_depend o
             WHERE o.refclassid = 'pg_catalog.pg_namespace'::regclass AND o.refobjid = n.oid
               AND NOT coalesce(o.objid IN (${ours}), false) AND o.objid NOT IN (${owned})) AS has_more
    FROM pg_catalog.pg_namespace n WHERE n.nspname = ${quoteLiteral(ledger.name.schema)}`,
  );
  const excludedSequences = (sequences?.rows ?? []).map(({ schema: place, name }) =>
    formatTableName({ schema: place ?? '', table: name ?? '' }),
  );
  return {
    excludedTables: [...tables, ...excludedSequences],
    excludedSchemas: schema?.rows[0]?.has_more === 'f' ? [quoteIdentifier(ledger.name.schema)] : [],
  };
}

/** As SQL; null if missing. */
function oidOf(table: string): string {
  return `pg_catalog.to_regclass(${quoteLiteral(table)})`;
}

async function check(session: Session, dump: string, author: string): Promise<Omit<SchemaDump, 'author'>> {
  const [{ cleanDump, withoutExtensionComments }, { checkMigrationSql }, { loadParser }] = await Promise.all([
    import('../../sql/psql/clean-dump.js'),
    import('../../sql/check/check.js'),
    import('../../sql/syntax/parse.js'),
  ]);
  const { dump: uncommented, extensions } = withoutExtensionComments(dump);
  const sql = cleanDump(uncommented);
  const origin = { file: `the schema dump of ${author}`, migration: author, mode: 'transaction' } as const;
  const { problems, statements } = checkMigrationSql(await loadParser(), { text: sql, ...origin });
  const comments = `the comments on extensions are left out (${listIds(extensions)}): only the owner of an extension may set them`;
  const leftOut = extensions.length > 0 ? [comments] : [];
  if (problems.length === 0) {
    const passwords = findPasswords(statements ?? [{ text: sql }]);
    const filling = await fillingStatements(session, statements ?? []);
    return {
      sql: [sql, ...(filling.length > 0 ? [...filling, ''] : [])].join('\n'),
      statements: (statements?.length ?? 0) + filling.length,
      leftOut: [...leftOut, ...passwords],
    };
  }
  throw new KatError('SQL_INVALID', `the schema dump of ${author} cannot be a migration`, {
    problems,
    help: 'Name the other schemas with --schema, and write this part of the schema by hand.',
  });
}

/** Options of foreign servers and of their users are dumped as they are, and migrations are committed. */
function findPasswords(statements: readonly { text: string }[]): string[] {
  return statements
    .filter(({ text }) => maskSecrets(text) !== text)
    .map(
      ({ text }) =>
        `there may be a password in \`${sourceLineOf(text)}\`: remove it before you commit the file, then run \`kat repair\``,
    );
}

/** The first line with SQL. */
function sourceLineOf(text: string): string {
  const line = text.split('\n').find((one) => one.trim() !== '' && !one.startsWith('--')) ?? '';
  return maskSecrets(line.replace(/ OPTIONS \($/, '').trim()).slice(0, shownCharacters);
}

const shownCharacters = 120;
