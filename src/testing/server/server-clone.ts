/** A clone of a template on a server. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '../../connections/driver.js';
import { openClient } from '../../connections/postgres/open-client.js';
import { printableLine } from '../../outside-text.js';
import { quoteIdentifier, quoteLiteral } from '../../quote.js';
import type { Clone, TestPlace } from '../clone.js';
import type { TestClient } from '../test-database.js';
import { markDatabase } from './marks.js';
import { ensureServerTemplate } from './server-template.js';
import { createDatabaseFrom, openTestServer, type TestServer } from './test-server.js';

/** @throws ConnectionError; KatError CONFIG_INVALID for a wrong URL. */
export async function openServerPlace(url: string): Promise<TestPlace> {
  const server = await openTestServer(url);
  const own: string[] = [];
  return {
    prepare: async (content) => {
      const template = await ensureServerTemplate(server, content);
      if (!content.isShared) own.push(template);
      return () => cloneTemplate(server, template);
    },
    close: async () => {
      // One that cannot be dropped is dropped by a later run.
      for (const name of own) await dropDatabase(server, name).catch(() => undefined);
      await server.close();
    },
  };
}

async function cloneTemplate(server: TestServer, template: string): Promise<Clone> {
  const { session } = server;
  const name = server.nextName();
  await createDatabaseFrom(session, name, template);
  const url = server.urlOf(name);
  const connection = connectLazily(server, name);
  return {
    ...{ name, url, pglite: undefined, database: server.settingsOf(name), client: connection.get },
    query: async <R>(sql: string, values?: readonly unknown[]) => {
      const client = await connection.get();
      const results = await (values ? client.query(sql, values) : client.query(sql));
      return [results].flat().at(-1)?.rows as R[];
    },
    drop: async () => {
      await connection.close();
      await dropDatabase(server, name);
    },
    keep: async (test) => {
      await connection.close();
      await markDatabase(session, name, { verb: 'kept', note: test && printableLine(test) });
      return `${name}, for a day: psql '${withoutPassword(url)}'`;
    },
  };
}

async function dropDatabase({ session }: TestServer, name: string): Promise<void> {
  await waitForSessions(session, name);
  await session.execute(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`);
}

/** As long as DROP DATABASE itself waits for other sessions (CountOtherDBBackends in PostgreSQL's procarray.c). */
const patienceMs = 5_000;

/**
 * `end()` of a Pool of `pg` resolves before the server has closed the connections. FORCE would end these with an error that
 * nobody catches.
 */
async function waitForSessions(session: Session, name: string): Promise<void> {
  const end = performance.now() + patienceMs;
  while ((await hasSessions(session, name)) && performance.now() < end) await sleep(10);
}

async function hasSessions(session: Session, name: string): Promise<boolean> {
  const [result] = await session.execute(
    `SELECT FROM pg_catalog.pg_stat_activity WHERE datname = ${quoteLiteral(name)} AND backend_type = 'client backend' LIMIT 1`,
  );
  return result?.rows.length !== 0;
}

function connectLazily(server: TestServer, name: string) {
  let opening: ReturnType<typeof openClient> | undefined;
  return {
    get: (): Promise<TestClient> => {
      opening ??= openClient(server.settingsOf(name), 'kat (test)');
      return opening as Promise<TestClient>;
    },
    close: async () => {
      await (await opening?.catch(() => undefined))?.end();
      opening = undefined;
    },
  };
}

/** The password ends at the last @ of the authority. */
function withoutPassword(url: string): string {
  return url
    .replace(/^([^:]+:\/\/[^:@/]*):[^/?]*@/, '$1@')
    .replace(/(?<=[?&])(?:ssl)?password=[^&]*&?/g, '')
    .replace(/[?&]$/, '');
}
