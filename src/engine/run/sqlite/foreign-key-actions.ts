/**
 * Refuses statements whose foreign key actions cannot run, because foreign keys are off for the migration's transaction. Otherwise,
 * a key that is deleted and used again would silently give the children of one row to another: `PRAGMA foreign_key_check` sees no fault.
 */

import type { Session } from '../../../connections/driver.js';
import type { SqliteStatement } from '../../../connections/sqlite/split-statements.js';
import { KatError, SqlError } from '../../../errors.js';
import { quoteIdentifier } from '../../../quote.js';
import { type ActingKey, readActingKeys } from './acting-keys.js';
import { readPragma } from './read-pragma.js';

/** Executes the statements of one transaction. */
export interface ActionWatch {
  /** @throws KatError SQL_ERROR when an action would have changed rows; what the session throws. */
  execute(statement: SqliteStatement): Promise<void>;
  /** Call it behind the last statement. */
  end(): Promise<void>;
}

/** For a session whose foreign keys are on, or that has none to keep. */
export function executeUnwatched(session: Session): ActionWatch {
  return {
    execute: async ({ text }) => void (await session.execute(text, undefined, 0)),
    end: async () => undefined,
  };
}

/**
 * Temporary triggers record the children of the rows that a statement deletes or gives another key. They exist only between
 * statements that change rows: RENAME and DROP see none of them.
 */
export function watchActions(session: Session): ActionWatch {
  let watched: Watched | undefined;
  const end = async () => {
    if (watched) await uninstall(session, watched);
    watched = undefined;
  };
  const execute = async ({ text, head }: SqliteStatement) => {
    const run = () => session.execute(text, undefined, 0);
    if (!changesRows.has(head[0]?.value ?? '')) {
      await end();
      await run();
      return;
    }
    watched ??= await install(session);
    if (watched.keys.length === 0) {
      await run();
      return;
    }
    if (watched.mayReplace || /replace/i.test(text)) await runReplacing(session, watched, run);
    else await run();
    if (await refuseActions(session, watched)) await end();
  };
  return { execute, end };
}

const changesRows: ReadonlySet<string> = new Set(['INSERT', 'REPLACE', 'UPDATE', 'DELETE', 'WITH']);

interface Watched {
  keys: readonly ActingKey[];
  triggers: readonly string[];
  /** Whether a table or a trigger may resolve conflicts by REPLACE. */
  mayReplace: boolean;
  hasOwnTriggers: boolean;
}

const touched = 'kat_touched_keys';

async function install(session: Session): Promise<Watched> {
  const keys = await readActingKeys(session);
  if (keys.length === 0) return { keys, triggers: [], mayReplace: false, hasOwnTriggers: false };
  const [facts] = await session.execute(
    `SELECT coalesce(max(sql LIKE '%replace%'), 0) AS may_replace, coalesce(max(type = 'trigger'), 0) AS has_triggers
     FROM (SELECT type, sql FROM main.sqlite_master UNION ALL SELECT type, sql FROM sqlite_temp_master)`,
  );
  const width = Math.max(...keys.map(({ columns }) => columns.length));
  await session.execute(`CREATE TEMP TABLE ${touched} (key, ${values(width).join(', ')})`);
  const triggers: string[] = [];
  for (const [index, key] of keys.entries())
    for (const event of key.events) {
      const name = `kat_watch_${index}_${event.toLowerCase()}`;
      await session.execute(triggerSql(name, { key, index, event }));
      triggers.push(name);
    }
  const fact = facts?.rows[0];
  return {
    keys,
    triggers,
    mayReplace: fact?.may_replace === '1',
    hasOwnTriggers: fact?.has_triggers === '1',
  };
}

function values(width: number): string[] {
  return Array.from({ length: width }, (_, index) => `value_${index}`);
}

interface Watching {
  key: ActingKey;
  index: number;
  event: ActingKey['events'][number];
}

/** The value of the parent comes first: its collation and affinity decide (https://www.sqlite.org/foreignkeys.html#fk_basics). */
function triggerSql(name: string, { key, index, event }: Watching): string {
  const parts = key.columns.map(({ child, parent }) => ({
    child: `c.${quoteIdentifier(child)}`,
    ...{ old: `OLD.${quoteIdentifier(parent)}`, new: `NEW.${quoteIdentifier(parent)}` },
  }));
  const changed = parts.map((part) => `${part.old} IS NOT ${part.new}`).join(' OR ');
  return `CREATE TEMP TRIGGER ${name} AFTER ${event} ON main.${quoteIdentifier(key.parent)}
    ${event === 'UPDATE' ? `WHEN ${changed}` : ''} BEGIN
    INSERT INTO ${touched} (key, ${values(parts.length).join(', ')})
    SELECT DISTINCT ${index}, ${parts.map(({ child }) => child).join(', ')} FROM main.${quoteIdentifier(key.child)} c
    WHERE ${parts.map((part) => `${part.old} = ${part.child}`).join(' AND ')}; END`;
}

async function uninstall(session: Session, { keys, triggers }: Watched): Promise<void> {
  for (const name of triggers) await session.execute(`DROP TRIGGER temp.${name}`);
  if (keys.length > 0) await session.execute(`DROP TABLE temp.${touched}`);
}

/**
 * REPLACE fires triggers for the rows that it deletes only with `recursive_triggers`
 * (https://www.sqlite.org/lang_conflict.html). Where the database has triggers that would fire too, the statement is tried first.
 */
async function runReplacing(session: Session, watched: Watched, run: () => Promise<unknown>): Promise<void> {
  if ((await readPragma(session, 'recursive_triggers')) === '1') {
    await run();
    return;
  }
  if (watched.hasOwnTriggers) {
    await tryReplacing(session, watched, run);
    await run();
    return;
  }
  await withRecursion(session, run);
}

async function tryReplacing(session: Session, watched: Watched, run: () => Promise<unknown>): Promise<void> {
  await session.execute('SAVEPOINT kat_try');
  try {
    await withRecursion(session, run);
    await refuseActions(session, watched);
  } catch (error) {
    // Triggers that fire only now may fail: then the statement itself decides.
    if (!(error instanceof SqlError) || error.isSessionLost) throw error;
  }
  await session.execute('ROLLBACK TO kat_try; RELEASE kat_try');
}

async function withRecursion(session: Session, run: () => Promise<unknown>): Promise<void> {
  await session.execute('PRAGMA recursive_triggers = ON');
  try {
    await run();
  } finally {
    await session.execute('PRAGMA recursive_triggers = OFF');
  }
}

/**
 * Asks at the statement's end, so that a statement may delete children and parents together.
 * @returns whether keys were touched, to which no child refers any more.
 */
async function refuseActions(session: Session, { keys }: Watched): Promise<boolean> {
  const [found] = await session.execute(`SELECT DISTINCT key FROM temp.${touched}`);
  for (const row of found?.rows ?? []) {
    const key = keys[Number(row.key)] as ActingKey;
    const same = key.columns.map(({ child }, index) => `c.${quoteIdentifier(child)} IS t.value_${index}`);
    const [children] = await session.execute(
      `SELECT 1 AS found FROM temp.${touched} t CROSS JOIN main.${quoteIdentifier(key.child)} c
       WHERE t.key = ${row.key} AND ${same.join(' AND ')} LIMIT 1`,
    );
    if (children?.rows.length) throw refusal(key);
  }
  return (found?.rows.length ?? 0) > 0;
}

function refusal({ parent, child, actions }: ActingKey): KatError {
  return new KatError(
    'SQL_ERROR',
    `the statement deletes or replaces rows of ${parent} that ${child} references, or changes their keys. The foreign key's ${actions} cannot run: the same transaction drops or renames a referenced table, so foreign keys are off`,
    {
      help: 'Move this statement to a migration of its own, where foreign keys are on. With `--single-transaction`, all migrations share one transaction: run them without it.',
    },
  );
}
