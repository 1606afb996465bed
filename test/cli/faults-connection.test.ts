/** Faults 20 to 22: a database that turns Kat away, does not exist, or cannot be reached. */
import { describe, expect, test } from 'vitest';
import { tlsFixture } from '../support/data-folder.js';
import { majors, startServer, type TestDatabase } from '../support/database.js';
import { makeProject, projectOn } from '../support/kat-project.js';

const migrations = { '1_users': 'CREATE TABLE users ();' };
const commands = ['up', 'down', 'status', 'ping'] as const;

function urlWith(database: TestDatabase, parts: Partial<URL>): string {
  return Object.assign(new URL(database.url), parts).href;
}

describe.each(majors())('PostgreSQL %i', (major) => {
  test.each(commands)('%s with a wrong password', async (command) => {
    const project = await projectOn(major, { migrations });
    project.write(
      'kat.conf.yaml',
      `database:\n  url: ${urlWith(project.database, { password: 'Hunter2' })}\n`,
    );
    const before = project.snapshot();
    const run = await project.kat(command);
    expect(run.code).toBe(2);
    expect(run.stderr).toBe(
      `Connection failed: could not connect to 127.0.0.1:${project.database.port}: password authentication failed for user "postgres"\n\nCheck the user and the password.\n`,
    );
    expect(project.snapshot()).toEqual(before);
  });

  test('an unknown role', async () => {
    const project = await projectOn(major, { migrations });
    const run = await project.kat('up', { env: { KAT_DB_USER: 'nobody_here' } });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('authentication failed for user "nobody_here"');
    expect(
      await project.database.query("SELECT FROM pg_class WHERE relname ~ '^(users|migrations)'"),
    ).toEqual([]);
  });

  test('a database that is missing: how to create it', async () => {
    const project = await projectOn(major, { migrations });
    const run = await project.kat('up', { env: { KAT_DB_NAME: 'Not there' } });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('database "Not there" does not exist\n');
    expect(run.stderr).toContain(`\nCreate it with \`kat db create\` or with CREATE DATABASE "Not there"`);
  });

  test('a server without TLS where TLS is asked for', async () => {
    const project = await projectOn(major, { migrations });
    const run = await project.kat('up', { env: { KAT_DB_SSL_MODE: 'require' } });
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(
      /^Connection failed: .*: the server does not offer TLS\n\nTurn TLS on in the server/m,
    );
  });
});

test('refused, an unknown host, and a socket that is not there', async () => {
  const project = makeProject({ migrations, config: 'database:\n  host: 127.0.0.1\n  port: 1\n' });
  const before = project.snapshot();
  const runs = await Promise.all([
    project.kat('up'),
    project.kat('up', { env: { KAT_DB_HOST: 'nowhere.invalid' } }),
    project.kat('up', { env: { KAT_DB_HOST: '/nowhere', KAT_DB_PORT: '5432' } }),
  ]);
  for (const run of runs) expect(run.code).toBe(2);
  const [refused, unknown, socket] = runs;
  expect(refused?.stderr).toBe(
    'Connection failed: could not connect to 127.0.0.1:1: connection refused\n\nCheck that the server is running and that host and port are correct.\n',
  );
  expect(unknown?.stderr).toMatch(/^Connection failed: could not connect to nowhere\.invalid:1: /);
  expect(socket?.stderr).toContain('could not connect to /nowhere/.s.PGSQL.5432: there is no such socket\n');
  expect(project.snapshot()).toEqual(before);
});

test('a certificate that nobody vouches for, and one for another host', async () => {
  const server = await startServer(18, { tls: true });
  try {
    const project = await projectOn(server, { migrations });
    const ping = (KAT_DB_SSL_MODE: string, authority: string) =>
      project.kat('ping', { env: { KAT_DB_SSL_MODE, PGSSLROOTCERT: tlsFixture(authority) } });
    const [trusted, untrusted, otherHost] = await Promise.all([
      ping('verify-ca', 'ca.crt'),
      ping('verify-ca', 'other-ca.crt'),
      ping('verify-full', 'ca.crt'),
    ]);
    expect(trusted).toMatchObject({ code: 0, stderr: '' });
    expect(untrusted.code).toBe(2);
    expect(untrusted.stderr).toMatch(
      /^Connection failed: .*: the server's certificate is not signed by a trusted authority\n/,
    );
    expect(otherHost.code).toBe(2);
    expect(otherHost.stderr).toMatch(
      /^Connection failed: .*: the server's certificate is for another host\n/,
    );
  } finally {
    await server.close();
  }
});

test('PGlite: a folder that holds something else, or a file in its place', async () => {
  const config = 'database:\n  driver: pglite\n  path: data\n';
  const foreign = makeProject({ migrations, config, files: { 'data/holiday.jpg': 'a picture' } });
  const file = makeProject({ migrations, config, files: { data: 'a file' } });
  for (const [project, reason] of [
    [foreign, 'it contains other files'],
    [file, 'a file has that path'],
  ] as const) {
    const before = project.snapshot();
    const run = await project.kat('up');
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(
      `Connection failed: cannot open the database folder ${project.folder}/data: ${reason}\n`,
    );
    expect(project.snapshot()).toEqual(before);
  }
});
