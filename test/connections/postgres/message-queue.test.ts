import { once } from 'node:events';
import { connect, createServer, Socket } from 'node:net';
import { expect, test, vi } from 'vitest';
import { openDriver } from '../../../src/connections/open-connection.js';
import { freshDatabase, majors, type TestDatabase } from '../../support/database.js';

test('messages that are sent at once do not wait for each other on their way', async () => {
  const database = await freshDatabase(majors().at(-1) as number);
  const proxy = await holdAnswersUntil(3, database);
  const { user, password, name } = database;
  const driver = await openDriver({
    driver: 'postgres',
    host: '127.0.0.1',
    port: proxy.port,
    user,
    password,
    name,
  });
  const session = await driver.open('kat');
  proxy.hold();
  const answers = await Promise.all(
    ['1', '2', '3'].map((number) => session.execute(`SELECT ${number} AS a`)),
  );
  expect(answers.flat().flatMap(({ rows }) => rows)).toEqual([{ a: '1' }, { a: '2' }, { a: '3' }]);
  await session.close();
  await proxy.close();
  await database.drop();
});

test('messages that are sent at once travel together', async () => {
  const database = await freshDatabase(majors().at(-1) as number);
  const { host, port, user, password, name } = database;
  const driver = await openDriver({ driver: 'postgres', host, port, user, password, name });
  const session = await driver.open('kat together');
  const sentTogether = vi.spyOn(Socket.prototype as unknown as { _writev(): void }, '_writev');
  try {
    const numbers = Array.from({ length: 20 }, (_, index) => `${index}`);
    const answers = await Promise.all(numbers.map((number) => session.execute(`SELECT ${number} AS a`)));
    expect(answers.flat().flatMap(({ rows }) => rows.map(({ a }) => a))).toEqual(numbers);
    expect(sentTogether).toHaveBeenCalledTimes(3);
  } finally {
    sentTogether.mockRestore();
  }
  await session.close();
  await database.drop();
});

/** A proxy that, once told to, passes on no answer before it has seen `count` Query messages. */
async function holdAnswersUntil(count: number, database: TestDatabase) {
  let isHolding = false;
  let seen = 0;
  const server = createServer((client: Socket) => {
    const upstream = connect(database.port, database.host);
    const release = () => isHolding && seen >= count && upstream.resume();
    client.on('data', (chunk) => {
      if (isHolding) seen += chunk.toString('latin1').split('SELECT ').length - 1;
      upstream.write(chunk);
      release();
    });
    upstream.on('data', (chunk) => client.write(chunk));
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    upstreams.push(upstream);
  }).listen(0, '127.0.0.1');
  const upstreams: Socket[] = [];
  await once(server, 'listening');
  return {
    port: (server.address() as { port: number }).port,
    hold: () => {
      isHolding = true;
      for (const upstream of upstreams) upstream.pause();
    },
    close: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}
