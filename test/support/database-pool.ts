/** Lends databases of a server, made by the kit that Kat has for the tests of others. */

import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabases } from '../../src/testing/create-test-databases.js';
import type { TestDatabase } from '../../src/testing/test-database.js';
import type { ServerAddress } from './server.js';

export interface DatabasePool {
  /** @returns the name of a new, empty database. */
  lend(): Promise<string>;
  drop(name: string): Promise<string>;
  close(): Promise<void>;
}

export function openPool({ host, port, user, password }: ServerAddress): DatabasePool {
  const migrations = mkdtempSync(join(tmpdir(), 'kat-none-'));
  const on = `postgres://${user}:${password}@${host}:${port}/postgres`;
  const databases = createTestDatabases({ migrations, on });
  const lent = new Map<string, TestDatabase>();
  return {
    lend: async () => {
      const database = await databases.database();
      lent.set(database.name, database);
      return database.name;
    },
    drop: async (name) => {
      await lent.get(name)?.drop();
      lent.delete(name);
      return name;
    },
    close: async () => {
      await databases.close();
      rmdirSync(migrations);
    },
  };
}
