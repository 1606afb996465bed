// A throwaway PostgreSQL server for a benchmark, with the settings that matter for speed as a real server has them.

import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { importSources } from '../../scripts/import-sources.mjs';

/** Kept from happening in the middle of one run and not of another. */
const calmSettings = {
  autovacuum: 'off',
  max_wal_size: '8GB',
  checkpoint_timeout: '1h',
  max_locks_per_transaction: '64',
};

/**
 * Starts a server that fsyncs.
 * @param {number} major
 */
export async function startBenchServer(major = 18) {
  const { startServer } = await importSources('test/support/server.ts');
  const server = await startServer(major, { durable: true, settings: calmSettings });
  const admin = clientOf({ ...server, database: 'postgres' });
  await admin.connect();
  return {
    address: server,
    /** @returns a new, empty database. */
    createDatabase: async () => {
      const name = `bench_${randomBytes(4).toString('hex')}`;
      await admin.query(`CREATE DATABASE ${name} TEMPLATE template0`);
      return {
        ...server,
        database: name,
        url: urlOf(server, name),
        query: (sql) => withClient({ ...server, database: name }, (client) => client.query(sql)),
        drop: () => admin.query(`DROP DATABASE ${name} WITH (FORCE)`),
      };
    },
    /** So that no run pays for the one before it. */
    settle: () => admin.query('CHECKPOINT'),
    /** Makes each write of the log to disk wait so many milliseconds, as a slower disk would. */
    slowDown: async (milliseconds) => {
      await admin.query(`ALTER SYSTEM SET commit_delay = ${milliseconds * 1000}`);
      await admin.query('ALTER SYSTEM SET commit_siblings = 0');
      await admin.query('SELECT pg_reload_conf()');
    },
    close: async () => {
      await admin.end();
      await server.close();
    },
  };
}

/** The database's URL, by way of another port if need be. */
export function urlOf({ user, password, host, port }, name, viaPort = port) {
  return `postgres://${user}:${password}@${host}:${viaPort}/${name}?sslmode=disable`;
}

async function withClient(where, action) {
  const client = clientOf(where);
  await client.connect();
  try {
    return await action(client);
  } finally {
    await client.end();
  }
}

function clientOf({ host, port, user, password, database }) {
  return new pg.Client({ host, port, user, password, database });
}
