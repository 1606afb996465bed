/** Gives each test a database of its own on a shared PostgreSQL server. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { inject } from 'vitest';
import { askSetup } from './ask-setup.js';
import { atEndOfFile } from './end-of-file.js';
import { givenUrl, prepareGiven } from './given-server.js';
import { type ServerAddress, type ServerOptions, startServer, type TestServer } from './server.js';

export { type ServerAddress, startServer, type TestServer } from './server.js';

/** One row as `pg` decodes it. */
export type Row = Record<string, unknown>;

/** A database that belongs to one test. */
export interface TestDatabase extends ServerAddress {
  name: string;
  /** `postgres://postgres:postgres@127.0.0.1:PORT/NAME`. */
  url: string;
  /** Runs SQL on a connection of the test's own; the rows are those of the last statement. */
  query(sql: string): Promise<Row[]>;
  /** Ends all its sessions and drops it. */
  drop(): Promise<void>;
}

/** The majors that this test run covers, such as [14, 18]. */
export function majors(): number[] {
  return inject('katMajors');
}

/** For tests whose SQL is not what they are about: the newest of these majors, and in the matrix all of them. */
export function commandMajors(): number[] {
  const all = majors();
  return all.length > 2 ? all : all.slice(-1);
}

/** The shared server of a major, started when it is first asked for. Don't stop it: others use it. */
export async function sharedServer(major: number): Promise<ServerAddress> {
  return JSON.parse(await askSetup('GET', `${major}`)) as ServerAddress;
}

/**
 * Starts a server that is closed when the test file ends, for a test that breaks it, or that asks what is on it: on the
 * shared one other files have databases, too, and Kat drops what killed runs have left.
 */
export async function ownServer(major: number, options: ServerOptions = {}): Promise<TestServer> {
  const server = await startServer(major, options);
  atEndOfFile(() => server.close());
  return server;
}

/** A new, empty database on the shared server of a major, or on a server of the test's own. Drop it at the end. */
export async function freshDatabase(where: number | ServerAddress): Promise<TestDatabase> {
  if (typeof where !== 'number') return openDatabase(where, await createOn(where));
  return openDatabase(await sharedServer(where), {
    name: await askSetup('POST', `${where}/databases`),
    drop: (name) => askSetup('DELETE', `${where}/databases/${name}`),
  });
}

interface Lending {
  name: string;
  drop(name: string): Promise<unknown>;
}

async function openDatabase(server: ServerAddress, { name, drop }: Lending): Promise<TestDatabase> {
  const { major, host, port, user, password, socketDir } = server;
  const connection = openLazily({ host, port, user, password, database: name });
  if (givenUrl !== undefined) await connection.query(prepareGiven);
  return {
    ...{ major, host, port, user, password, socketDir, name },
    url: `postgres://${user}:${password}@${host}:${port}/${name}`,
    query: connection.query,
    drop: async () => {
      await connection.close();
      await drop(name);
    },
  };
}

/** The testing kit keeps a connection, which would not survive what such a test does to its server. */
async function createOn(server: ServerAddress): Promise<Lending> {
  const name = `kat_${randomBytes(6).toString('hex')}`;
  await runOnce({ ...server, database: 'postgres' }, `CREATE DATABASE ${name} TEMPLATE template0`);
  return { name, drop: () => dropDatabase(server, name) };
}

/**
 * A closed connection's session lives on for a moment, and `pg` shouts when FORCE ends it, so it gets the time to go.
 * What is still there then was left behind by the test.
 */
async function dropDatabase(server: ServerAddress, name: string): Promise<void> {
  const connection = openLazily({ ...server, database: 'postgres' });
  const sessions = `SELECT 1 FROM pg_stat_activity WHERE datname = '${name}'`;
  for (let round = 0; round < 20 && (await connection.query(sessions)).length > 0; round += 1)
    await sleep(25);
  await connection.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await connection.close();
}

/** Runs SQL on a connection opened for it alone. */
export async function runOnce(
  where: Pick<pg.ClientConfig, 'host' | 'port' | 'user' | 'password' | 'database'>,
  sql: string,
): Promise<Row[]> {
  const connection = openLazily(where);
  try {
    return await connection.query(sql);
  } finally {
    await connection.close();
  }
}

/** Connects at the first query, and again after the connection was lost. */
function openLazily({ host, port, user, password, database }: pg.ClientConfig) {
  let client: pg.Client | undefined;
  const connect = async () => {
    const fresh = new pg.Client({ host, port, user, password, database, ssl: false });
    const forget = () => {
      if (client === fresh) client = undefined;
    };
    fresh.on('error', forget);
    fresh.on('end', forget);
    await fresh.connect();
    client = fresh;
    return fresh;
  };
  return {
    query: async (sql: string): Promise<Row[]> => {
      const results = await (client ?? (await connect())).query<Row>(sql);
      const list = Array.isArray(results) ? (results as pg.QueryResult<Row>[]) : [results];
      return list.at(-1)?.rows ?? [];
    },
    close: async () => {
      await client?.end();
    },
  };
}
