/** Runs SQL scripts as other people do: with psql where it is installed, and with a client that knows nothing but SQL. */
import { spawn, spawnSync } from 'node:child_process';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { loadParser, parseStatements } from '../../src/sql/syntax/parse.js';
import type { ServerAddress } from './server.js';

type Place = ServerAddress & { name: string };

/** What became of a script: `errors` are the server's messages, in order. */
export interface ScriptRun {
  isDone: boolean;
  errors: string;
}

const hasPsql = spawnSync('psql', ['--version']).status === 0;

/**
 * Runs a script for psql. Without psql, its commands at the head are left out, and the rest runs as plain SQL.
 * @param flags of psql's own.
 */
export async function runWithPsql(
  place: Place,
  sql: string,
  flags: readonly string[] = [],
): Promise<ScriptRun> {
  if (!hasPsql) return runAsPlainSql(place, sql.replace(/^\\set .*\n/gm, ''));
  const { host, port, user, password, name } = place;
  const child = spawn('psql', ['-X', '-h', host, '-p', String(port), '-U', user, ...flags, '-f', '-', name], {
    env: { PATH: process.env.PATH ?? '', PGPASSWORD: password, LC_ALL: 'C' },
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(sql);
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { isDone: code === 0, errors: stderr };
}

/**
 * Sends one top-level statement after the other, each as a message of its own.
 * @param goesOn whether it goes on after errors, as a careless client does.
 */
export async function runAsPlainSql(place: Place, sql: string, goesOn = false): Promise<ScriptRun> {
  const client = new pg.Client({ ...place, database: place.name });
  await client.connect();
  try {
    return await runStatements((statement) => client.query(statement), sql, goesOn);
  } finally {
    await client.end();
  }
}

/** The same on anything that takes a statement. */
export async function runStatements(
  send: (statement: string) => Promise<unknown>,
  sql: string,
  goesOn = false,
): Promise<ScriptRun> {
  const { statements, problem } = parseStatements(await loadParser(), sql);
  if (problem) throw new Error(`not plain SQL: ${problem.message}`);
  const errors: string[] = [];
  for (const statement of statements) {
    try {
      await send(statement.text);
    } catch (error) {
      const { message, detail = '' } = error as Error & { detail?: string };
      errors.push(`${message} ${detail}`);
      if (!goesOn) break;
    }
  }
  return { isDone: errors.length === 0, errors: errors.join('\n') };
}
