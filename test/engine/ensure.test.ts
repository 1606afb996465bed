/** At the start of a program: replicas start together, wait for a job, or only look. */

import { afterEach, describe, expect, test, vi } from 'vitest';
import { commandMajors } from '../support/database.js';
import { makeProject, projectOn } from '../support/kat-project.js';
import { failureOf, openKat } from './library.js';

const migrations = {
  '1_a': 'CREATE TABLE a (id int);',
  '2_b': { up: 'CREATE INDEX CONCURRENTLY ON a (id);', parents: [1], noTransaction: true },
};

afterEach(() => {
  vi.unstubAllEnvs();
});

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('of three replicas one applies, two wait, and all go on', async () => {
    const project = await projectOn(major, { migrations });
    const replicas = [1, 2, 3].map(() => openKat(project).kat.ensure());
    const applied = (await Promise.all(replicas)).map((result) => result.applied);
    expect(applied.filter((ids) => ids.length > 0)).toEqual([['1_a', '2_b']]);
    expect(await project.applied()).toEqual(['1_a', '2_b']);
  });

  test('replicas beside a job wait until it has applied everything', async () => {
    const project = await projectOn(major, { migrations });
    const waiting = [1, 2].map(() => openKat(project).kat.ensure({ mode: 'wait' }));
    await openKat(project).kat.up({ count: 1 });
    await openKat(project).kat.up();
    expect(await Promise.all(waiting)).toEqual([{ applied: [] }, { applied: [] }]);
  });

  test('a look and a wait that ends name what is pending, and change nothing', async () => {
    const project = await projectOn(major, { migrations });
    const { kat } = openKat(project);
    expect(await failureOf(kat.ensure({ mode: 'check' }))).toMatchObject({
      code: 'PENDING',
      message: '2 migrations are pending: 1_a and 2_b',
      help: 'Run `kat up` in the release step, or use the mode `apply`.',
    });
    await kat.up({ count: 1 });
    expect(await failureOf(kat.ensure({ mode: 'wait', timeoutMs: 10 }))).toMatchObject({
      code: 'PENDING',
      message: '1 migration is pending after 0.01 s: 2_b',
    });
    await kat.up();
    expect(await kat.ensure({ mode: 'check' })).toEqual({ applied: [] });
  });

  test('what is half rolled back is no schema to start with', async () => {
    const steps = { up: 'CREATE TABLE a ();', down: 'DROP TABLE a;\nSELECT 1/0;', noTransaction: true };
    const project = await projectOn(major, { migrations: { '1_steps': steps } });
    const { kat } = openKat(project);
    await kat.up();
    await failureOf(kat.down());
    for (const mode of ['apply', 'check', 'wait'] as const)
      expect(await failureOf(kat.ensure({ mode, timeoutMs: 10 }))).toMatchObject({
        code: 'MIGRATION_HALF_DONE',
        message: '1 migration is half rolled back',
      });
  });

  test('an older version starts beside a newer one if it may', async () => {
    const project = await projectOn(major, { migrations });
    await openKat(project).kat.up();
    const older = makeProject({ migrations: { '1_a': migrations['1_a'] } });
    const { kat } = openKat({ ...older, database: project.database });
    expect((await failureOf(kat.ensure())).code).toBe('MIGRATIONS_MISSING');
    expect(await kat.ensure({ allowMissing: true })).toEqual({ applied: [] });
  });
});

test.each([
  ['VERCEL', '1'],
  ['AWS_LAMBDA_FUNCTION_NAME', 'users'],
  ['NETLIFY', 'true'],
])('where %s is set, it applies nothing and says what to do', async (name, value) => {
  vi.stubEnv(name, value);
  const { kat } = openKat(makeProject({ migrations }));
  expect(await failureOf(kat.ensure())).toMatchObject({
    code: 'USAGE',
    message: `\`ensure\` applies no migrations in a serverless function: ${name} is set`,
    help: expect.stringContaining('Run `kat up` in the release step'),
  });
  expect((await failureOf(kat.ensure({ mode: 'check' }))).code).toBe('PENDING');
});

test('an edge runtime is recognised by what it defines', async () => {
  vi.stubGlobal('EdgeRuntime', 'edge');
  const { kat } = openKat(makeProject({ migrations }));
  expect((await failureOf(kat.ensure())).message).toContain('`EdgeRuntime` is defined');
  vi.unstubAllGlobals();
});

test('a server that does not start within the time, and an abort, end the wait', async () => {
  const project = makeProject({ migrations });
  const database = 'postgres://u@127.0.0.1:1/d?sslmode=disable';
  for (const mode of ['wait', 'apply'] as const) {
    const { kat } = openKat(project, { database });
    expect((await failureOf(kat.ensure({ mode, timeoutMs: 10 }))).code).toBe('CONNECTION_FAILED');
  }
  const stop = new AbortController();
  const { kat } = openKat(project, { database, signal: stop.signal });
  const outcome = failureOf(kat.ensure({ mode: 'wait' }));
  stop.abort();
  expect((await outcome).code).toBe('CANCELLED');
});
