/** Checks the SQL of migrations that are to be imported, and finds out how each of them can run. */

import { KatError, type Problem } from '../../errors.js';
import type { StepMode } from '../../graph/plan.js';
import {
  isBlankSql,
  locateInSource,
  type SourceMigration,
  type SourceText,
} from '../../project/import/source.js';

interface CheckedSource {
  migration: SourceMigration;
  problems: readonly Problem[];
  warnings: readonly Problem[];
}

export type SourceChecker = (migration: SourceMigration) => CheckedSource;

/** Loads the parser. */
export async function loadSourceChecker(): Promise<SourceChecker> {
  const [
    { checkMigrationSql, withoutEnclosingTransaction },
    { loadParser, maxParsedBytes },
    { dropHarmlessCommands },
    { joinTransactions },
  ] = await Promise.all([
    import('../../sql/check/check.js'),
    import('../../sql/syntax/parse.js'),
    import('../../sql/psql/harmless-commands.js'),
    import('../../sql/transactions/join-transactions.js'),
  ]);
  const parser = await loadParser();
  const parsed = <T>(text: string, read: () => T, otherwise: T): T => {
    if (Buffer.byteLength(text) > maxParsedBytes) return otherwise;
    try {
      return read();
    } catch (error) {
      // It nests too deeply for the parser, which the check has said already.
      if (error instanceof KatError) return otherwise;
      throw error;
    }
  };
  return (migration) =>
    checkSource(migration, {
      check: (source, mode) => {
        const { file, text } = source;
        const sql = { text, file, migration: migration.label, mode };
        return checkMigrationSql(parser, sql).problems.map((problem) => moved(problem, source));
      },
      isEmpty: (text) => {
        const sql = {
          text,
          file: migration.up.file,
          migration: migration.label,
          mode: 'transaction' as const,
        };
        return isBlankSql(text) || checkMigrationSql(parser, sql).statements?.length === 0;
      },
      drop: (text) => dropHarmlessCommands(parser, text),
      unwrap: (text) => parsed(text, () => withoutEnclosingTransaction(parser, text), text),
      join: (text) => parsed(text, () => joinTransactions(parser, text), { text, left: [] }),
    });
}

interface Tools {
  check(source: SourceText, mode: StepMode): Problem[];
  /** Whether no statement is left beside a BEGIN and COMMIT around everything. */
  isEmpty(text: string): boolean;
  drop(text: string): { text: string; dropped: readonly { command: string; start: number }[] };
  unwrap(text: string): string;
  /** Leaves out every BEGIN and COMMIT of a text that can run in one transaction as well. */
  join(text: string): {
    text: string;
    left: readonly { kind: string; line: number; column: number; text: string }[];
  };
}

/** A part of a file is checked by itself; its lines count from the file's beginning. */
function moved(problem: Problem, { line }: SourceText): Problem {
  const { location } = problem;
  return location ? { ...problem, location: { ...location, line: location.line + line - 1 } } : problem;
}

/**
 * Tries the mode that the source names, then the other mode, then statement by statement without a BEGIN and COMMIT around
 * either part, then in one transaction without any BEGIN and COMMIT. up.sql determines the mode: it keeps its transaction if only
 * down.sql cannot have one.
 */
function checkSource(source: SourceMigration, tools: Tools): CheckedSource {
  const { migration, warnings } = withoutCommands(source, tools);
  const { noTransaction } = migration;
  const asNamed = tryMode(migration, noTransaction, tools);
  if (asNamed.problems.length === 0) return { ...asNamed, warnings };
  const isUpSound = !noTransaction && tools.check(migration.up, 'transaction').length === 0;
  if (isUpSound && migration.down && tools.check(migration.down, 'statements').length === 0) {
    return { migration, problems: [], warnings: [...warnings, downAlone(migration, asNamed.problems)] };
  }
  const change = tellChange(migration, asNamed.problems);
  const otherwise = tryMode(migration, !noTransaction, tools);
  if (otherwise.problems.length === 0) return { ...otherwise, warnings: [...warnings, change] };
  const bare = tryMode(withoutTransactions(migration, tools), true, tools);
  if (bare.problems.length === 0) {
    return { ...bare, warnings: noTransaction ? warnings : [...warnings, change] };
  }
  const { migration: whole, warnings: changes } = joined(migration, tools);
  const together = tryMode(whole, false, tools);
  if (together.problems.length === 0) return { ...together, warnings: [...warnings, ...changes] };
  const fewer = otherwise.problems.length < asNamed.problems.length ? otherwise : asNamed;
  return { ...fewer, warnings };
}

function withoutCommands(source: SourceMigration, tools: Tools) {
  const { drop, isEmpty } = tools;
  const warnings: Problem[] = [];
  const clean = (part: SourceText): SourceText => {
    const { text, dropped } = drop(part.text);
    for (const { command, start } of dropped) {
      const line = part.text.slice(0, start).split('\n').length + part.line - 1;
      const message = `${command.trim()} is a psql command; it is left out`;
      const location = { file: part.file, line, column: 1, sourceLine: command };
      warnings.push({ message, location, migration: source.label });
    }
    return { ...part, text };
  };
  const up = clean(source.up);
  const isFilled = isEmpty(up.text);
  if (isFilled) warnings.push(emptySource(source));
  const migration = {
    ...source,
    up: isFilled ? filled(up, tools) : up,
    ...(source.down ? { down: clean(source.down) } : {}),
  };
  return { migration, warnings };
}

/** `kat up` stops before a migration without statements, in case somebody forgot to write them. */
function filled(part: SourceText, { unwrap }: Tools): SourceText {
  const text = withoutEnds(part.text, unwrap(part.text)).trimEnd();
  return { ...part, text: `${text}${text === '' ? '' : '\n'}SELECT;\n` };
}

function emptySource({ label, up }: SourceMigration): Problem {
  return {
    message: `${label} has no statements; Kat writes one that does nothing: \`SELECT;\``,
    location: locateInSource(up),
    migration: label,
  };
}

function tryMode(source: SourceMigration, noTransaction: boolean, { check }: Tools) {
  const mode = noTransaction ? 'statements' : 'transaction';
  const { up, down } = source;
  const problems = [...check(up, mode), ...(down ? check(down, mode) : [])];
  return { migration: { ...source, noTransaction }, problems };
}

function withoutTransactions(source: SourceMigration, { unwrap }: Tools): SourceMigration {
  const clean = (part: SourceText) => ({ ...part, text: withoutEnds(part.text, unwrap(part.text)) });
  return { ...source, up: clean(source.up), ...(source.down ? { down: clean(source.down) } : {}) };
}

/** @param bare the text with spaces in place of BEGIN and COMMIT, whose semicolons are to go, too. */
function withoutEnds(text: string, bare: string): string {
  if (text === bare) return text;
  let first = 0;
  let last = text.length - 1;
  while (text[first] === bare[first]) first += 1;
  while (text[last] === bare[last]) last -= 1;
  const ends = [bare.indexOf(';', first), bare.indexOf(';', last)];
  return bare.replace(/;/g, (semicolon, index: number) => (ends.includes(index) ? ' ' : semicolon));
}

/** Both parts without BEGIN and COMMIT, and a warning for each that had one. */
function joined(source: SourceMigration, { join }: Tools) {
  const warnings: Problem[] = [];
  const clean = (part: SourceText): SourceText => {
    const { text, left } = join(part.text);
    const [first] = left;
    if (first) {
      const { line, column, text: sourceLine } = first;
      warnings.push({
        message: `${source.label} will run in one transaction: its BEGIN and COMMIT are left out`,
        location: { file: part.file, line: line + part.line - 1, column, sourceLine },
        migration: source.label,
      });
    }
    return { ...part, text };
  };
  const { up, down } = source;
  const migration = { ...source, up: clean(up), ...(down ? { down: clean(down) } : {}) };
  return { migration, warnings };
}

function downAlone({ label }: SourceMigration, [problem]: readonly Problem[]): Problem {
  return {
    message: `the rollback of ${label} cannot run in a transaction, but its up.sql does: ${problem?.message}`,
    help: '`kat down` will refuse it. Write a down.sql that can run in a transaction, or set `no_transaction: true` for both files.',
    ...(problem?.location ? { location: problem.location } : {}),
    migration: label,
  };
}

function tellChange({ noTransaction, label }: SourceMigration, [problem]: readonly Problem[]): Problem {
  const message = noTransaction
    ? `${label} will run in a transaction: ${problem?.message}`
    : `${label} gets \`no_transaction: true\`: ${problem?.message}`;
  return { message, ...(problem?.location ? { location: problem.location } : {}), migration: label };
}
