/** `kat ping`: says that the database is there, or tries again while that may help. */
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { commandMajors, startServer } from '../support/database.js';
import { makeProject, projectOn } from '../support/kat-project.js';
import { connected } from './guide.js';

const nobodyThere = { config: 'database:\n  host: 127.0.0.1\n  port: 1\n' };

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('says so, and verbosely to what', async () => {
    const project = await projectOn(major);
    const { port, name } = project.database;
    expect(await project.kat('ping')).toEqual({ code: 0, stdout: connected, stderr: '' });
    const verbose = await project.kat('ping --verbose');
    expect(verbose.stdout).toMatch(
      new RegExp(`^Attempting to ping database
  postgres://postgres@127\\.0\\.0\\.1:${port}/${name}
Successfully connected to database!
  server version ${major}\\.\\d+
$`),
    );
  });

  test('a wrong password and a missing database are not tried again', async () => {
    const project = await projectOn(major);
    for (const env of [{ KAT_DB_PASSWORD: 'wrong' }, { KAT_DB_NAME: 'nowhere' }]) {
      const run = await project.kat('ping', { env });
      expect(run).toMatchObject({ code: 2, stdout: 'Attempting to ping database\n' });
      expect(run.stderr).not.toContain('trying again');
    }
  });

  test('it needs neither migrations nor a migrations folder, and leaves nothing behind', async () => {
    const project = makeProject({ config: (await projectOn(major)).read('kat.conf.yaml') });
    expect((await project.kat('ping')).code).toBe(0);
    expect(project.ids).toThrow();
  });
});

/** The delays that a run announces, in milliseconds. */
function delays(stderr: string): number[] {
  return [...stderr.matchAll(/connection refused; trying again in (\d+) ms \((\d) of (\d)\)\n/g)].map(
    (match) => Number(match[1]),
  );
}

test.concurrent('delays double, with some of it left to chance', async () => {
  const project = makeProject(nobodyThere);
  const runs = await Promise.all(
    ['-rd 100 -r 3', '--retry-delay=100 --retry-count=3', '--retry-delay 100'].map((flags) =>
      project.kat(`ping ${flags}`),
    ),
  );
  for (const run of runs) {
    expect(run.code).toBe(2);
    const found = delays(run.stderr);
    expect(found).toHaveLength(3);
    for (const [index, delay] of found.entries()) {
      expect(delay).toBeGreaterThanOrEqual(50 * 2 ** index);
      expect(delay).toBeLessThanOrEqual(100 * 2 ** index);
    }
  }
});

test.concurrent('the number of tries and the delay come from the environment, too', async () => {
  const project = makeProject(nobodyThere);
  const run = await project.kat('ping', { env: { KAT_RETRY_COUNT: '1', KAT_RETRY_DELAY: '2000' } });
  const [delay = 0, ...others] = delays(run.stderr);
  expect(delay).toBeGreaterThanOrEqual(1000);
  expect(delay).toBeLessThanOrEqual(2000);
  expect(others).toEqual([]);
  const flag = await project.kat('ping -r 0', { env: { KAT_RETRY_COUNT: '1' } });
  expect(delays(flag.stderr)).toEqual([]);
});

test.concurrent.each([
  [['-r', '8'], 'from 0 to 7'],
  [['-r', '-1'], 'from 0 to 7'],
  [['-r', 'many'], 'from 0 to 7'],
  [['-rd', '99'], 'from 100 to 3000'],
  [['--retry-delay', '3001'], 'from 100 to 3000'],
])('%j is refused', async (flags, range) => {
  const run = await makeProject(nobodyThere).kat(['ping', ...flags]);
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toContain(`Give a whole number ${range}.`);
});

test('a server that comes up meanwhile is found', async () => {
  const server = await startServer(18);
  try {
    const project = await projectOn(server);
    await server.stop();
    const { child, ended } = await project.start('ping -r 7 -rd 500');
    await once(child.stderr as NodeJS.ReadableStream, 'data');
    await server.start();
    const run = await ended;
    expect(run).toMatchObject({ code: 0, stdout: connected });
    expect(run.stderr).toContain('(1 of 8)');
  } finally {
    await server.close();
  }
});
