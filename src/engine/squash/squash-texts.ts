/** Writes what a squashed migration does, from what its members did one after another. */

import { KatError, type Problem } from '../../errors.js';
import type { Graph } from '../../graph/graph.js';
import { listIds } from '../../graph/list-ids.js';
import type { Migration } from '../../graph/migration.js';
import type { Step } from '../../graph/plan.js';
import { findSqlFile, readSqlFile } from '../../project/folder/load.js';
import type { Hazard } from '../../sql/join/join-migrations.js';
import type { Literals } from '../../sql/syntax/backslashes.js';
import { checkPlan } from '../plan/check-plan.js';

/** The texts to write, and remarks for the user. */
export interface SquashTexts {
  up: string;
  /** Undefined where the members cannot all be taken back in one transaction. */
  down: string | undefined;
  /** Whether a member's up.sql leaves something, and its down.sql has no statements. */
  isDownPartial: boolean;
  remarks: readonly string[];
}

/**
 * Joins the members' up.sql.
 * @throws KatError USAGE when one of them runs outside of a transaction, or sets it up; SQL_INVALID, FILES_INVALID.
 */
export async function joinUps(graph: Graph, members: readonly Migration[]): Promise<SquashTexts> {
  const outside = members.filter(({ noTransaction }) => noTransaction);
  if (outside.length > 0) throw outsideError(outside);
  await checkMembers({ graph }, members, 'up');
  const parts = members.map(({ id, files }) => ({ id, text: readSqlFile(files.up) }));
  const { hazards, text } = await join(parts);
  const settings = hazards.filter(({ kind }) => kind === 'transaction setting');
  if (settings.length > 0) throw transactionError(settings);
  const { remarks, ...downs } = await joinDowns(graph, members);
  return { up: text, ...downs, remarks: [...hazards.flatMap(remarkOn), ...remarks] };
}

/** Puts a dump into the place of the members' up.sql. @param dump with how its database reads plain string literals */
export async function replaceUps(
  graph: Graph,
  members: readonly Migration[],
  { sql, literals }: { sql: string; literals: Literals },
): Promise<SquashTexts> {
  const parts = members.map(({ id, files }) => ({ id, text: readSqlFile(files.up) }));
  const withRows = (await join(parts, literals)).hazards
    .filter(({ kind }) => kind === 'rows')
    .map(({ id }) => id);
  const { remarks, ...downs } = await joinDowns(graph, members, literals);
  const lost = `a dump has no rows: rows written by ${listIds(withRows)} are not included`;
  return { up: sql, ...downs, remarks: [...(withRows.length > 0 ? [lost] : []), ...remarks] };
}

async function joinDowns(
  graph: Graph,
  members: readonly Migration[],
  literals?: Literals,
): Promise<Omit<SquashTexts, 'up'>> {
  const reversed = [...members].reverse();
  const texts = reversed.map(({ id, files }) => ({ id, text: findSqlFile(files.down) }));
  const lacking = texts.filter(({ text }) => text === undefined).map(({ id }) => id);
  const outside = members.filter(({ noTransaction }) => noTransaction).map(({ id }) => id);
  const none = (reason: string) => ({
    down: undefined,
    isDownPartial: false,
    remarks: [`there will be no down.sql, because ${reason}`],
  });
  if (lacking.length > 0) return none(`${listIds(lacking)} ${lacking.length === 1 ? 'has' : 'have'} none`);
  if (outside.length > 0) return none(`${listIds(outside)} ran outside of a transaction`);
  const read = { graph, ...(literals ? { literals } : {}) };
  const empty = (await checkMembers(read, reversed, 'down')).flatMap(({ code, migration }) =>
    code === 'empty-down' && migration !== undefined ? [migration] : [],
  );
  const parts = texts.map(({ id, text = '' }) => ({ id, text }));
  const left = `what ${listIds(empty)} did stays on a rollback: their down.sql has no statements`;
  return {
    down: (await join(parts, literals)).text,
    isDownPartial: empty.length > 0,
    remarks: empty.length > 0 ? [left] : [],
  };
}

async function checkMembers(
  read: { graph: Graph; literals?: Literals },
  members: readonly Migration[],
  direction: Step['direction'],
): Promise<readonly Problem[]> {
  const steps = members.map(({ id }): Step => ({ id, direction, mode: 'transaction' }));
  const { steps: checked, hints } = await checkPlan({ ...read, storedDowns: new Map() }, steps);
  const [long] = [...checked.values()].filter(({ isLong }) => isLong);
  if (!long) return hints;
  throw new KatError('USAGE', `${long.step.id} is too long to be squashed`, {
    help: 'Squash up to a migration before it, or use --dump.',
  });
}

async function join(parts: readonly { id: string; text: string }[], literals?: Literals) {
  const [{ findHazards, joinMigrations }, { loadParser }] = await Promise.all([
    import('../../sql/join/join-migrations.js'),
    import('../../sql/syntax/parse.js'),
  ]);
  const parser = await loadParser(literals);
  return { hazards: findHazards(parser, parts), text: joinMigrations(parser, parts) };
}

function remarkOn({ kind, id }: Hazard): string[] {
  if (kind !== 'enum value') return [];
  return [
    `${id} adds a value to an enum: PostgreSQL refuses to use it in the same transaction; use --dump if a later part does`,
  ];
}

function outsideError(outside: readonly Migration[]): KatError {
  return new KatError('USAGE', 'no_transaction migrations cannot be squashed', {
    problems: outside.map(({ id }) => ({ message: `${id} has no_transaction: true`, migration: id })),
    help: 'The other migrations would lose their transaction. Squash up to an earlier migration, or use --dump.',
  });
}

function transactionError(settings: readonly Hazard[]): KatError {
  return new KatError(
    'USAGE',
    'SET TRANSACTION must be the first statement of a transaction, so it cannot be squashed',
    {
      problems: settings.map(({ id }) => ({ message: `${id} has SET TRANSACTION`, migration: id })),
      help: 'Squash up to an earlier migration, or use --dump.',
    },
  );
}
