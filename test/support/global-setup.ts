/** Keeps one shared server of each major for a whole test run, started when a test first asks for it. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { TestProject } from 'vitest/node';
import { type ServerAddress, startServer, type TestServer } from './server.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** `GET <this>/<major>` answers with a ServerAddress. */
    katServersUrl: string;
    katMajors: number[];
  }
}

/** Vitest's global setup: the returned function stops everything. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const servers = new Map<number, Promise<TestServer>>();
  const desk = createServer((request, response) => {
    const major = Number(request.url?.slice(1));
    const server = servers.get(major) ?? startServer(major);
    servers.set(major, server);
    void answer(server, response);
  }).listen(0, '127.0.0.1');
  await once(desk, 'listening');
  const address = desk.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP port to be had');
  project.provide('katServersUrl', `http://127.0.0.1:${address.port}`);
  project.provide('katMajors', (process.env.KAT_TEST_MAJORS ?? '14,18').split(',').map(Number));
  return async () => {
    desk.close();
    desk.closeAllConnections();
    for (const server of await Promise.allSettled(servers.values())) {
      if (server.status === 'fulfilled') await server.value.close();
    }
  };
}

async function answer(starting: Promise<TestServer>, response: ServerResponse): Promise<void> {
  try {
    const { major, host, port, user, password, socketDir } = await starting;
    const address: ServerAddress = { major, host, port, user, password, socketDir };
    response.end(JSON.stringify(address));
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
}
