/**
 * Keeps one shared server of each major for a whole test run, started when a test first asks for it. Its databases come from Kat's own
 * testing kit.
 */
import { once as onceEmitted } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { TestProject } from 'vitest/node';
import { buildCommand } from './build.js';
import { openPool } from './database-pool.js';
import { describeGiven, givenUrl } from './given-server.js';
import { keepEach, once } from './keep.js';
import { type ServerAddress, startServer, type TestServer } from './server.js';

declare module 'vitest' {
  interface ProvidedContext {
    /**
     * `GET <this>/<major>` answers with a ServerAddress, `GET <this>/command` with the path of the built command,
     * `POST <this>/<major>/databases` with the name of a new database, which `DELETE <this>/<major>/databases/<name>` drops.
     */
    katServersUrl: string;
    katMajors: number[];
  }
}

/** What `kat verify` keeps for later runs, in the cache that vitest.config.ts names: a test must not find what an earlier run has found. */
const verifyResults = 'node_modules/.cache/kat-migrate/verify';

/** What the tests make there, and git ignores. */
const made: ReadonlySet<string> = new Set(['.cache', 'dist']);

/** npm has PostgreSQL 14 for this platform alone. */
const installedMajors = process.platform === 'linux' && process.arch === 'x64' ? '14,18' : '18';

/** Vitest's global setup: the returned function stops everything. @throws Error for files that tests left in the checkout. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const before = new Set(readdirSync('.'));
  rmSync(verifyResults, { recursive: true, force: true });
  const given = givenUrl ? await describeGiven(givenUrl) : undefined;
  const servers = keepEach((major) => startServer(major));
  const addressOn = async (major: number) => given ?? addressOf(await servers.get(major));
  const pools = keepEach(async (major) => openPool(await addressOn(major)));
  const command = once(buildCommand);
  const context = createServer(({ method, url = '' }, response) => {
    const [, first = '', , name = ''] = url.split('/');
    const major = Number(first);
    void answer(response, async () => {
      if (first === 'command') return command();
      if (method === 'POST') return (await pools.get(major)).lend();
      if (method === 'DELETE') return (await pools.get(major)).drop(name);
      return JSON.stringify(await addressOn(major));
    });
  }).listen(0, '127.0.0.1');
  await onceEmitted(context, 'listening');
  const address = context.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP port to be had');
  project.provide('katServersUrl', `http://127.0.0.1:${address.port}`);
  const majors = (process.env.KAT_TEST_MAJORS ?? installedMajors).split(',').map(Number);
  project.provide('katMajors', given ? [given.major] : majors);
  return async () => {
    context.close();
    context.closeAllConnections();
    await pools.closeAll();
    await servers.closeAll();
    const left = readdirSync('.').filter((name) => !before.has(name) && !made.has(name));
    if (left.length === 0) return;
    // Vitest shows an error from here, and ends as if there were none.
    process.exitCode = 1;
    throw new Error(`tests left these files in the checkout: ${left.join(', ')}`);
  };
}

async function answer(response: ServerResponse, find: () => Promise<string>): Promise<void> {
  try {
    response.end(await find());
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
}

function addressOf({ major, host, port, user, password, socketDir }: TestServer): ServerAddress {
  return { major, host, port, user, password, socketDir };
}
