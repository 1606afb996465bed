/** A migration that ends its own transaction although nobody could see it beforehand is half done, and never "rolled back". */
import { once } from 'node:events';
import { renameSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { holdTransaction, untilRunning } from '../reliability/scene.js';
import { commandMajors } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { type DatabaseProject, projectOn } from '../support/kat-project.js';
import { failureOf, openKat } from './library.js';

const closing: (() => void)[] = [];
afterAll(() => {
  for (const close of closing) close();
});

/** What the migration says, and what the server gets in its place: the rest of the way is an ordinary network. */
const [written, received] = ['/*end*/', 'COMMIT;'];

/** Each ends one connection behind what has passed. */
const cutters = new Set<() => void>();
/** So many bytes have the servers' answers had so far. */
let passed = 0;

async function throughOtherWords(url: string): Promise<string> {
  const target = new URL(url);
  const { port, hostname } = target;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    cutters.add(() => client.end());
    client.on('data', (bytes) =>
      upstream.write(bytes.toString('latin1').replaceAll(written, received), 'latin1'),
    );
    upstream.on('data', (bytes) => {
      passed += bytes.length;
      client.write(bytes);
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      one.on('close', () => other.destroy()).on('error', () => other.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  target.port = String((server.address() as { port: number }).port);
  return target.href;
}

const openOn = async (project: DatabaseProject) =>
  openKat(project, { database: await throughOtherWords(project.database.url) }).kat;

const rowsOf = async ({ database }: DatabaseProject) =>
  (await database.query('SELECT id FROM t ORDER BY id')).map(({ id }) => id);

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('in a program, which then goes on', async () => {
    const up = `export default async ({ sql }) => {
  await sql('INSERT INTO t VALUES (1); ${written}');
  await sql\`INSERT INTO t VALUES (2)\`.catch(() => {});
};`;
    const project = await projectOn(major, {
      migrations: {
        '1_t': 'CREATE TABLE t (id int);',
        '2_half': { up, names: { up: 'up.mjs' }, parents: [1] },
      },
    });
    const kat = await openOn(project);
    const error = await failureOf(kat.up());
    expect(error).toMatchObject({ code: 'MIGRATION_HALF_DONE', migration: '2_half' });
    expect(error.message).toBe('the transaction that Kat opened ended while up.mjs ran');
    expect(error.help).toContain('kat repair --done 2_half');
    expect(await rowsOf(project)).toEqual([1]);
    expect((await failureOf(kat.up())).problems[0]?.message).toBe(
      'an earlier run may have committed statements of 2_half',
    );
    await kat.repair({ undone: ['2_half'] });
    expect((await kat.status()).migrations[1]).toMatchObject({ state: 'pending' });
  });

  test.each([
    ['and fails later', 'SELECT 1/0;', 'division by zero'],
    ['and does not fail', 'SELECT 1;', 'the migration ended the transaction that Kat opened'],
    [
      'and fails for a reason that passes',
      "DO $$ BEGIN RAISE 'again' USING ERRCODE = '40001'; END $$;",
      'again',
    ],
  ])('%s', async (_, after, message) => {
    const up = `INSERT INTO t VALUES (1);\n${written}\nINSERT INTO t VALUES (2);\n${after}`;
    const project = await projectOn(major, {
      migrations: { '1_t': 'CREATE TABLE t (id int);', '2_half': { up, parents: [1] } },
    });
    const kat = await openOn(project);
    const error = await failureOf(kat.up());
    expect(error).toMatchObject({ code: 'MIGRATION_HALF_DONE', migration: '2_half' });
    expect(error.message).toContain(message);
    expect(error.help).toContain('the first 2 statements are committed, the rest was rolled back');
    expect(await rowsOf(project)).toEqual([1]);
    expect((await kat.status()).migrations[1]).toMatchObject({ state: 'pending', halfDone: { finished: 2 } });
    // A second run would do the first half twice.
    expect(await failureOf(kat.up())).toMatchObject({ code: 'MIGRATION_HALF_DONE' });
    expect(await rowsOf(project)).toEqual([1]);
    renameSync(join(project.folder, 'migrations/2_half'), join(project.folder, 'elsewhere'));
    const refused = await failureOf(kat.down({ all: true }));
    expect(refused.problems[0]?.message).toContain('1_t is its ancestor');
    renameSync(join(project.folder, 'elsewhere'), join(project.folder, 'migrations/2_half'));
    await kat.repair({ done: ['2_half'] });
    expect((await kat.up()).migrations).toEqual([]);
    expect(await project.applied()).toEqual(['1_t', '2_half']);
  });

  test.each([
    ['and ends its session', 'SELECT pg_terminate_backend(pg_backend_pid());', false],
    // What the server has told by then reaches Kat because it is more than the server holds back.
    ['and loses its connection', "SELECT repeat('x', 100000); SELECT pg_advisory_xact_lock(4712);", true],
  ])('%s: what the server said to be committed is not called rolled back', async (_, after, isCut) => {
    const up = `SET lock_timeout = 0; INSERT INTO t VALUES (1);\n${written}\n${after}`;
    const project = await projectOn(major, {
      migrations: { '1_t': 'CREATE TABLE t (id int);', '2_half': { up, parents: [1] } },
    });
    const { database } = project;
    const holder = await holdTransaction(database, 'SELECT pg_advisory_xact_lock(4712)');
    const kat = await openOn(project);
    const before = passed;
    const failing = failureOf(kat.up());
    if (isCut) {
      await untilRunning(database, 'pg_advisory_xact_lock(4712)');
      await eventually('the answer', () => passed > before + 100_000);
      for (const cut of cutters) cut();
    }
    const error = await failing;
    await holder.release();
    expect(error).toMatchObject({ code: 'MIGRATION_HALF_DONE', migration: '2_half' });
    expect(error.help).toContain('the first 3 statements are committed');
    expect(await rowsOf(project)).toEqual([1]);
    expect(await failureOf(kat.up())).toMatchObject({ code: 'MIGRATION_HALF_DONE' });
    expect(await rowsOf(project)).toEqual([1]);
  });

  test('in one transaction with others: what it committed with it counts as applied', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_t': 'CREATE TABLE t (id int);',
        '2_half': { up: `INSERT INTO t VALUES (1);\n${written}\nSELECT 1/0;`, parents: [1] },
      },
    });
    const kat = await openOn(project);
    expect(await failureOf(kat.up({ singleTransaction: true }))).toMatchObject({
      code: 'MIGRATION_HALF_DONE',
      migration: '2_half',
    });
    expect(await project.applied()).toEqual(['1_t']);
    expect(await rowsOf(project)).toEqual([1]);
  });
});
