/** Observes statements on a database whose beginning they find again each time, and compares with the prediction. */

import type { DatabaseSettings, Session } from '../../../src/connections/driver.js';
import { openDriver } from '../../../src/connections/open-connection.js';
import { compareImpact } from '../../../src/engine/trace/compare.js';
import { observe } from '../../../src/engine/trace/observe.js';
import type { Observation } from '../../../src/engine/trace/result.js';
import type { Impact } from '../../../src/sql/impact/impact.js';
import { predictImpact } from '../../../src/sql/impact/predict-impact.js';
import { followStatement } from '../../../src/sql/schema/follow-statement.js';
import { emptySchema, type Schema } from '../../../src/sql/schema/schema.js';
import { loadParser, parseStatements, type Statement } from '../../../src/sql/syntax/parse.js';

const parser = await loadParser();

function statementsOf(sql: string): Statement[] {
  const { statements, problem } = parseStatements(parser, sql);
  if (problem) throw new Error(`${problem.message}: ${sql}`);
  return statements;
}

/** What the history knows after a text. */
function schemaAfter(sql: string): Schema {
  const schema = emptySchema();
  for (const { node } of statementsOf(sql)) followStatement(schema, node, '1_beginning');
  return schema;
}

/** Statements that stand one on a line. */
export function linesOf(text: string): string[] {
  return text.split('\n').filter(Boolean);
}

export interface Stage {
  predict(sql: string): Impact;
  /** Runs one statement, takes it back, and returns what it did in fact and in the prediction. */
  play(sql: string): Promise<{ predicted: Impact; observed: Observation; differences: unknown[] }>;
  close(): Promise<void>;
}

/** A database with a beginning: an embedded one, or one that is there and empty. */
export async function openStage(
  beginning: string,
  settings: DatabaseSettings = { driver: 'pglite' },
): Promise<Stage> {
  const driver = await openDriver(settings);
  const session = await driver.open('test');
  await session.execute(beginning);
  await session.execute(`SET TimeZone = 'America/New_York'`);
  const schema = schemaAfter(beginning);
  const major = Math.floor(session.server.versionNumber / 10_000);
  const predict = (sql: string) => predictSql(sql, schema, major);
  return {
    predict,
    play: async (sql) => {
      const predicted = predict(sql);
      const observed = await observe(takingBack(session), sql);
      return { predicted, observed, differences: compareImpact(predicted, observed, schema) };
    },
    close: async () => {
      await session.close();
      await driver.close();
    },
  };
}

function predictSql(sql: string, schema: Schema, major: number): Impact {
  const [statement] = statementsOf(sql);
  if (!statement) throw new Error('no statement');
  return predictImpact(statement.node, schema, major);
}

/** A session that ends transactions the other way. */
function takingBack(session: Session): Session {
  return {
    server: session.server,
    processId: session.processId,
    isBorrowed: session.isBorrowed,
    literals: session.literals,
    execute: (sql) => session.execute(sql === 'COMMIT' ? 'ROLLBACK' : sql),
    onNotice: (listener) => session.onNotice(listener),
    cancel: () => session.cancel(),
    close: () => session.close(),
  };
}
