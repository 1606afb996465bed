/** Runs migrations on an embedded database, and compares the effects of their statements with the predictions. */

import type { Session } from '../../connections/driver.js';
import { openDriver } from '../../connections/open-connection.js';
import { KatError, SqlError } from '../../errors.js';
import { predictImpact } from '../../sql/impact/predict-impact.js';
import { followBlock } from '../../sql/schema/follow-blocks.js';
import { endMigration } from '../../sql/schema/follow-statement.js';
import { emptySchema, type Schema } from '../../sql/schema/schema.js';
import {
  loadParser,
  type Parser,
  parseStatements,
  type Statement,
  type SyntaxProblem,
} from '../../sql/syntax/parse.js';
import { findTransactionControl } from '../../sql/transactions/transaction-control.js';
import { compareImpact } from './compare.js';
import { lasting } from './lasting.js';
import { observe } from './observe.js';
import type { MigrationTrace, Trace, TracedMigration, TracedStatement, Untraced } from './result.js';

/**
 * Runs each statement of a chosen migration in a separate transaction, after all earlier migrations. The database is in
 * memory and is dropped afterwards. Failures are returned, not thrown: the database may lack an extension or a feature.
 * @param migrations in the order of the graph, up to the last that is chosen
 * @throws KatError CONFIG_INVALID when there is no embedded database; CANCELLED
 */
export async function traceMigrations(
  migrations: readonly TracedMigration[],
  signal?: AbortSignal,
): Promise<Trace> {
  const driver = await openDriver({ driver: 'pglite' }, {}, () => migrations.map(({ up }) => up));
  try {
    return await traceOn(await driver.open('kat', signal), migrations, signal);
  } finally {
    await driver.close();
  }
}

/** The shared state of a trace. */
interface Tracing {
  parser: Parser;
  session: Session;
  schema: Schema;
  server: number;
}

/** As `traceMigrations`, on a database of the caller's, where the migrations stay. */
export async function traceOn(
  session: Session,
  migrations: readonly TracedMigration[],
  signal?: AbortSignal,
): Promise<Trace> {
  const server = Math.floor(session.server.versionNumber / 10_000);
  const tracing = { parser: await loadParser(), session, schema: emptySchema(), server };
  const traces: MigrationTrace[] = [];
  const missing: { id: string; reason: string }[] = [];
  await session.execute(ownZone);
  for (const migration of migrations) {
    if (signal?.aborted) throw cancelled();
    if (migration.isChosen) traces.push(await traceMigration(tracing, migration));
    else {
      const untraced = await executeMigration(tracing, migration);
      if (untraced) missing.push({ id: migration.id, reason: untraced.reason });
    }
    await session.execute(`RESET ROLE; RESET ALL; DISCARD TEMP; DISCARD SEQUENCES; ${ownZone}`);
    endMigration(tracing.schema);
  }
  return { server: session.server.version, migrations: traces, missing };
}

/** In UTC, and only there, timestamps get or lose their time zone without being written anew. */
const ownZone = `SET TimeZone = 'America/New_York'`;

function cancelled(): KatError {
  return new KatError('CANCELLED', 'cancelled while migrations were traced', {
    help: 'Nothing was changed: the trace used an in-memory database.',
  });
}

async function traceMigration(tracing: Tracing, { id, up }: TracedMigration): Promise<MigrationTrace> {
  const traced: TracedStatement[] = [];
  const { statements, problem } = parseStatements(tracing.parser, up);
  if (problem) return { id, statements: traced, untraced: untracedFor(problem) };
  for (const statement of statements) {
    const control = findTransactionControl(statement.node);
    if (control?.command === 'ROLLBACK TO SAVEPOINT')
      return { id, statements: traced, untraced: { reason: goesBack, line: statement.line } };
    if (control) continue;
    try {
      traced.push(await traceStatement(tracing, statement));
    } catch (error) {
      return { id, statements: traced, untraced: { reason: reasonOf(error), line: statement.line } };
    }
    followBlock(tracing.parser, tracing.schema, { node: statement.node, creator: id });
  }
  return { id, statements: traced };
}

/** Other statements that divide a transaction are left out: each of the rest has one of its own. */
const goesBack = 'ROLLBACK TO SAVEPOINT would have to undo statements that are already committed';

async function traceStatement(tracing: Tracing, statement: Statement): Promise<TracedStatement> {
  const { schema, session, server } = tracing;
  const { line, column, text, node } = statement;
  const predicted = predictImpact(node, schema, server);
  const observed = await observe(session, lasting(statement));
  return { line, column, text, predicted, observed, differences: compareImpact(predicted, observed, schema) };
}

/** @returns why it failed. */
async function executeMigration(tracing: Tracing, migration: TracedMigration): Promise<Untraced | undefined> {
  const { parser, session, schema } = tracing;
  const { statements, problem } = parseStatements(parser, migration.up);
  if (problem) return untracedFor(problem);
  try {
    if (migration.isTransactional) await session.execute(['BEGIN;\n', migration.up, '\n;COMMIT']);
    else for (const { text } of statements) await session.execute(text);
  } catch (error) {
    await session.execute('ROLLBACK');
    return { reason: reasonOf(error) };
  }
  for (const { node } of statements) followBlock(parser, schema, { node, creator: migration.id });
  return undefined;
}

function untracedFor({ message, line }: SyntaxProblem): Untraced {
  return { reason: message, line };
}

/** @throws what is no answer of the server */
function reasonOf(error: unknown): string {
  if (error instanceof SqlError) return error.report.message;
  throw error;
}
