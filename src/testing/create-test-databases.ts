/** Makes databases for tests: a template is built once, and each test gets a copy of it. */

import { resolve } from 'node:path';
import { createKat } from '../engine/kat.js';
import type { Kat } from '../engine/kat-api.js';
import { checkValue, refuse } from '../engine/options/check-fields.js';
import { filledText, pathOf } from '../engine/options/value-kinds.js';
import { KatError } from '../errors.js';
import { present } from '../present.js';
import type { Clone, TestPlace } from './clone.js';
import { keepDatabase } from './keep-database.js';
import { checkTestOptions, type TestDatabasesOptions } from './options.js';
import { shareClone } from './shared-clone.js';
import { readContentBefore, readWholeContent, type TemplateContent } from './template-content.js';
import type { TestDatabase, TestDatabases } from './test-database.js';

/**
 * Nothing is read or opened before the first call. The template is named by a hash of the migrations, the seed, the server's major
 * version and its extensions, so several processes and later runs share it.
 * @throws KatError CONFIG_INVALID with every wrong option.
 * @example
 * const databases = createTestDatabases({ migrations: 'migrations', on: 'pglite' });
 */
export function createTestDatabases(options: TestDatabasesOptions): TestDatabases {
  checkTestOptions(options);
  const templates = keepTemplates(() => openPlace(options.on));
  const copyWhole = once(() => templates.prepare(() => readWholeContent(options)));
  const copyBefore = new Map<string, ReturnType<typeof once<() => Promise<Clone>>>>();
  const shared = shareClone(async () => (await copyWhole.get())());
  const open = new Set<TestDatabase>();
  const give = (clone: Clone) => {
    const database = toTestDatabase(clone, options, () => open.delete(database));
    open.add(database);
    return database;
  };
  const database = async () =>
    give(options.mode === 'rollback' ? await shared.lend() : await (await copyWhole.get())());
  const closeAll = async () => {
    const drops = [...open].map((left) => () => left.drop());
    await endAll([...drops, shared.close, templates.close]).finally(() => {
      copyWhole.forget();
      copyBefore.clear();
    });
  };
  let closing: Promise<void> | undefined;
  return {
    prepare: async () => {
      await (options.mode === 'rollback' ? shared.prepare() : copyWhole.get());
    },
    database,
    at: async (reference) => {
      refuse('USAGE', checkValue('reference', reference, filledText));
      const copy =
        copyBefore.get(reference) ??
        once(() => templates.prepare(() => readContentBefore(options, reference)));
      copyBefore.set(reference, copy);
      return give(await (await copy.get())());
    },
    use: async (work, test) => runTest(await database(), work, test),
    close: () => {
      closing ??= closeAll().finally(() => {
        closing = undefined;
      });
      return closing;
    },
  };
}

/** Ends all, one after the other; what is left open would keep the process alive. @throws the first error. */
async function endAll(ends: readonly (() => Promise<void>)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const end of ends) await end().catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw errors[0];
}

async function openPlace(on: string): Promise<TestPlace> {
  if (on === 'pglite') return (await import('./embedded/embedded-clone.js')).openEmbeddedPlace();
  return (await import('./server/server-clone.js')).openServerPlace(on);
}

/** The place of the templates, opened at the first call. */
function keepTemplates(open: () => Promise<TestPlace>) {
  const place = once(open);
  const preparations = { pending: 0, done: 0 };
  const close = async () => {
    preparations.done = 0;
    await (await place.forget())?.close();
  };
  return {
    close,
    prepare: async (readContent: () => Promise<TemplateContent>): Promise<() => Promise<Clone>> => {
      preparations.pending += 1;
      try {
        const { prepare } = await place.get();
        const copy = await prepare(await readContent());
        preparations.done += 1;
        return copy;
      } finally {
        preparations.pending -= 1;
        // A program that ends with the error of its first call has nothing to close, and an open connection would keep it alive.
        if (preparations.pending + preparations.done === 0) await close();
      }
    },
  };
}

/** Starts some work at the first call; after a failure the next call starts it again. */
function once<T>(work: () => Promise<T>) {
  let started: Promise<T> | undefined;
  return {
    get: (): Promise<T> => {
      started ??= work().catch((error: unknown) => {
        started = undefined;
        throw error;
      });
      return started;
    },
    /** @returns what was there; the next call starts the work again. */
    forget: async (): Promise<T | undefined> => {
      const last = started;
      started = undefined;
      return last?.catch(() => undefined);
    },
  };
}

async function runTest<T>(
  database: TestDatabase,
  work: (database: TestDatabase) => T | Promise<T>,
  test: string | undefined,
): Promise<T> {
  let result: T;
  try {
    result = await work(database);
  } catch (error) {
    await keepDatabase(database, test);
    throw error;
  }
  await database.drop();
  return result;
}

function toTestDatabase(
  clone: Clone,
  { migrations, tableName, mode }: TestDatabasesOptions,
  forget: () => void,
): TestDatabase {
  let kat: Kat | undefined;
  const end = async () => {
    forget();
    await kat?.close();
  };
  return {
    name: clone.name,
    get url() {
      return clone.url ?? otherKind('PGlite has no URL', 'Use `pglite`.');
    },
    get pglite() {
      return clone.pglite ?? otherKind('the database is on a server', 'Use `url` or `client()`.');
    },
    get kat() {
      if (mode === 'rollback')
        otherKind('the mode `rollback` has no `kat`', 'Use `at()`, or the mode `clone`.');
      kat ??= createKat({
        migrations: resolve(pathOf(migrations)),
        database: clone.database,
        ...present({ tableName }),
      });
      return kat;
    },
    client: clone.client,
    query: clone.query,
    drop: async () => {
      await end();
      await clone.drop();
    },
    keep: async (test) => {
      await end();
      return clone.keep(test);
    },
  };
}

function otherKind(message: string, help: string): never {
  throw new KatError('USAGE', message, { help });
}
