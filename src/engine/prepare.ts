/** Reads and checks the SQL of a plan before anything runs, and reads it once more, unchanged, when its turn comes. */

import { KatError, type Problem } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import type { Migration } from '../graph/migration.js';
import type { Plan, Step } from '../graph/plan.js';
import { checksum, findSqlFile, readSqlFile } from '../project/load.js';
import type { Statement } from '../sql/parse.js';

/** What is remembered of a file that was checked; its text is read again when it is applied. */
export interface CheckedStep {
  step: Step;
  checksum: string;
  /** Whether an enclosing BEGIN and COMMIT must be taken off. */
  isWrapped: boolean;
  /** How many statements it has; undefined for a file too long to parse. */
  statementCount: number | undefined;
}

/** A migration in one direction, ready to be sent. */
export interface PreparedStep {
  step: Step;
  migration: Migration;
  file: string;
  /** As the file has it, so that positions are the file's own. */
  sql: string;
  checksum: string;
  /** What goes back, for the log; undefined when there is no such file. */
  downSql: string | undefined;
}

export interface CheckedPlan {
  steps: Map<string, CheckedStep>;
  hints: readonly Problem[];
}

/**
 * Parses every file of the plan with PostgreSQL's own grammar.
 * @throws KatError SQL_INVALID or FILES_INVALID with everything that is wrong in any of them.
 */
export async function checkPlan(graph: Graph, plan: Plan): Promise<CheckedPlan> {
  const problems: Problem[] = [];
  const hints: Problem[] = [];
  const steps = new Map<string, CheckedStep>();
  if (plan.steps.length === 0) return { steps, hints };
  const checker = await loadChecker();
  for (const step of plan.steps) {
    const { files } = graph.get(step.id);
    const file = files[step.direction];
    const sql = step.direction === 'up' ? readSqlFile(file) : findSqlFile(file);
    if (sql === undefined) {
      problems.push(missingDown(step.id, file));
      continue;
    }
    const result = checker({ text: sql, file, migration: step.id, mode: step.mode });
    problems.push(...result.problems);
    hints.push(...result.hints);
    steps.set(step.id, {
      step,
      checksum: checksum(sql),
      isWrapped: result.isWrapped,
      statementCount: result.statements?.length,
    });
  }
  if (problems.length > 0) throw invalidSql(problems);
  return { steps, hints };
}

async function loadChecker() {
  const [{ checkMigrationSql }, { loadParser }] = await Promise.all([
    import('../sql/check.js'),
    import('../sql/parse.js'),
  ]);
  const parser = await loadParser();
  return (input: Parameters<typeof checkMigrationSql>[1]) => checkMigrationSql(parser, input);
}

function invalidSql(problems: readonly Problem[]): KatError {
  const files = new Set(problems.map((problem) => problem.location?.file)).size;
  return new KatError('SQL_INVALID', `${files} migration file(s) cannot be run`, {
    problems,
    help: 'Fix the SQL and run the command again; nothing has been executed.',
  });
}

/**
 * Reads the file of a step that was checked.
 * @throws KatError FILES_INVALID when it is no longer the same.
 */
export async function prepareStep(graph: Graph, checked: CheckedStep): Promise<PreparedStep> {
  const { step } = checked;
  const migration = graph.get(step.id);
  const file = migration.files[step.direction];
  const text = readSqlFile(file);
  if (checksum(text) !== checked.checksum) {
    throw new KatError('FILES_INVALID', `${file} was edited while the run was under way`, {
      help: 'Run the command again, so that the new text is checked first.',
    });
  }
  const sql = checked.isWrapped ? await unwrap(text) : text;
  return { step, migration, file, sql, checksum: checked.checksum, downSql: findDownSql(migration, step, text) };
}

async function unwrap(text: string): Promise<string> {
  const [{ withoutEnclosingTransaction }, { loadParser }] = await Promise.all([
    import('../sql/check.js'),
    import('../sql/parse.js'),
  ]);
  return withoutEnclosingTransaction(await loadParser(), text);
}

function findDownSql(migration: Migration, step: Step, text: string): string | undefined {
  return step.direction === 'down' ? text : findSqlFile(migration.files.down);
}

function missingDown(id: string, file: string): Problem {
  return {
    message: `${id} has no down.sql`,
    migration: id,
    help: `Write ${file} with the SQL that takes the migration back.`,
  };
}

/** The statements of a step that was checked: only failures and statement-by-statement runs need them again. */
export async function parsePrepared(sql: string): Promise<readonly Statement[]> {
  const { loadParser, parseStatements } = await import('../sql/parse.js');
  const statements = parseStatements(await loadParser(), sql);
  return Array.isArray(statements) ? statements : [];
}
