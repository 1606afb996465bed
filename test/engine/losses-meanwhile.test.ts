/** Data that a rollback destroys, while other sessions are at work on the same tables. */

import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { holdTransaction } from '../reliability/scene.js';
import { majors } from '../support/database.js';
import { type DatabaseProject, projectOn } from '../support/kat-project.js';
import { failureOf, openKat } from './library.js';

const users = { '1_users': { up: 'CREATE TABLE users (id int);', down: 'DROP TABLE users;' } };

async function usersProject(major: number): Promise<DatabaseProject> {
  const project = await projectOn(major, { migrations: users });
  await openKat(project).kat.up();
  return project;
}

/** A client that does `work` before it sends the first message with this text. */
async function interrupted(project: DatabaseProject, text: string, work: () => Promise<unknown>) {
  const client = new pg.Client(project.database.url);
  client.on('error', () => undefined);
  await client.connect();
  const { stream } = (client as unknown as { connection: { stream: { write(data: unknown): boolean } } })
    .connection;
  const write = stream.write.bind(stream);
  stream.write = (data) => {
    if (!String(data).includes(text)) return write(data);
    stream.write = write;
    void work().then(() => write(data));
    return true;
  };
  return client;
}

describe.each(majors())('PostgreSQL %i', (major) => {
  test('a table that another session has locked is asked about, with the reason why nobody knows', async () => {
    const project = await usersProject(major);
    const application = await holdTransaction(project.database, 'LOCK TABLE users');
    const losses: unknown[] = [];
    const down = openKat(project).kat.down({ confirm: (asked) => losses.push(asked.losses) < 0 });
    expect(await failureOf(down)).toMatchObject({ code: 'CANCELLED' });
    await application.release();
    const unseen = ['public.users (canceling statement due to lock timeout)'];
    expect(losses).toEqual([[{ id: '1_users', replaces: [], tables: [], unseen }]]);
  });

  test('a table that another run drops meanwhile holds nothing', async () => {
    const project = await usersProject(major);
    const drop = () => project.database.query('DROP TABLE users');
    const client = await interrupted(project, 'AS holds_rows', drop);
    const plan = await openKat(project, { database: client }).kat.plan({ move: 'down' });
    expect(plan.losses).toEqual([]);
    expect(await project.database.query("SELECT to_regclass('users') AS users")).toEqual([{ users: null }]);
    await client.end();
  });
});
