/** Spans of OpenTelemetry, with its own SDK: calls, their migrations, and what fails. */

import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { holdTransaction, tableMigrations } from '../reliability/scene.js';
import { majors } from '../support/database.js';
import { makeProject, projectOn } from '../support/kat-project.js';
import { failureOf, openKat } from './library.js';

const [major = 18] = majors();
const exporter = new InMemorySpanExporter();

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});

beforeEach(() => {
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  );
});

afterEach(() => {
  trace.disable();
  exporter.reset();
});

afterAll(() => {
  context.disable();
});

const spans = () => exporter.getFinishedSpans();

const named = (name: string) => spans().filter((span) => span.name === name);

const only = (name: string): ReadableSpan => {
  const [span, ...others] = named(name);
  if (!span || others.length > 0)
    throw new Error(`${others.length + (span ? 1 : 0)} spans are called ${name}`);
  return span;
};

describe.each(majors())('PostgreSQL %i', (server) => {
  test('a run has a span, and each migration one below it that lasts as long as it took', async () => {
    const { kat, events } = openKat(await projectOn(server, { migrations: tableMigrations(2) }));
    await kat.up();
    const run = only('kat up');
    expect(run.status.code).toBe(SpanStatusCode.UNSET);
    expect(run.attributes).toEqual({
      'db.system.name': 'postgresql',
      'kat.database': expect.stringMatching(/^\w+ on .+:\d+|^postgres/),
      'kat.server.version': expect.stringMatching(`^${server}\\.`),
      'kat.migrations.finished': 2,
    });
    expect(JSON.stringify(run.attributes)).not.toContain('password');
    for (const id of ['1_t1', '2_t2']) {
      const migration = only(`up ${id}`);
      expect(migration.parentSpanContext?.spanId).toBe(run.spanContext().spanId);
      expect(migration.attributes).toEqual({ 'kat.migration.id': id, 'kat.migration.direction': 'up' });
      const [took] = events.flatMap((event) =>
        event.type === 'succeeded' && event.id === id ? [event.durationMs] : [],
      );
      const [seconds, nanoseconds] = migration.duration;
      expect(seconds * 1000 + nanoseconds / 1e6).toBeCloseTo(took ?? Number.NaN, 2);
    }
    await kat.down({ count: 1 });
    expect(only('down 2_t2').parentSpanContext?.spanId).toBe(only('kat down').spanContext().spanId);
  });
});

test.each([
  ['pglite', 'postgresql'],
  ['sqlite', 'sqlite'],
] as const)('%s is called %s', async (driver, system) => {
  const migrations = { '1_t': 'CREATE TABLE t (a int);' };
  const { kat } = openKat(makeProject({ migrations }), { database: { driver } });
  await kat.up();
  expect(only('kat up').attributes).toMatchObject({
    'db.system.name': system,
    'kat.database': `${driver} (in memory)`,
    'kat.migrations.finished': 1,
  });
});

test('a failure has its code and its SQLSTATE, on the migration and on the call', async () => {
  const migrations = { ...tableMigrations(1), '2_bad': 'SELECT 1 / 0;' };
  const { kat } = openKat(await projectOn(major, { migrations }));
  const failure = await failureOf(kat.up());
  for (const name of ['kat up', 'up 2_bad']) {
    const { attributes, status } = only(name);
    expect(attributes).toMatchObject({
      'error.type': 'MIGRATION_FAILED',
      'db.response.status_code': '22012',
    });
    expect(status).toEqual({ code: SpanStatusCode.ERROR, message: failure.message });
  }
  expect(only('kat up').attributes['kat.migrations.finished']).toBe(1);
  expect(JSON.stringify(spans().map(({ attributes }) => attributes))).not.toContain('1 / 0');
});

test('a server that cannot be reached: each try is told, and no password', async () => {
  const { kat } = openKat(makeProject({ migrations: tableMigrations(1) }), {
    database: 'postgres://kat:secret@127.0.0.1:9/nowhere',
  });
  expect(await failureOf(kat.up({ waitMs: 1000 }))).toMatchObject({ code: 'CONNECTION_FAILED' });
  const { attributes, events, status } = only('kat up');
  expect(attributes['error.type']).toBe('CONNECTION_FAILED');
  expect(events[0]).toMatchObject({
    name: 'connection-failed',
    attributes: { 'kat.attempt': 1, 'error.type': 'CONNECTION_FAILED' },
  });
  expect(JSON.stringify([attributes, events, status])).not.toContain('secret');
});

test('a migration that another session makes wait says for whom', async () => {
  const project = await projectOn(major, { migrations: { '1_t1': 'CREATE TABLE t1 (a int);' } });
  const { kat } = openKat(project);
  await kat.up();
  project.addMigration('2_alter', 'ALTER TABLE t1 ADD b int;');
  const holder = await holdTransaction(project.database, 'LOCK TABLE t1');
  const waiting = openKat(project, {
    onEvent: ({ type }) => {
      if (type === 'blocked') void holder.release();
    },
  });
  await waiting.kat.up();
  const [moment] = only('up 2_alter').events;
  expect(moment).toMatchObject({ name: 'blocked', attributes: { 'kat.blocker.pids': [holder.processId] } });
});

test('calls at the same time keep their migrations apart, and have the caller as their parent', async () => {
  const projects = await Promise.all(
    [1, 2].map((count) => projectOn(major, { migrations: tableMigrations(count) })),
  );
  const kats = projects.map((project) => openKat(project).kat);
  const caller = trace.getTracer('test').startSpan('deploy');
  await context.with(trace.setSpan(context.active(), caller), () => Promise.all(kats.map((kat) => kat.up())));
  caller.end();
  const runs = named('kat up');
  expect(runs.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual(
    runs.map(() => caller.spanContext().spanId),
  );
  const below = runs.map((run) =>
    spans().filter(({ parentSpanContext }) => parentSpanContext?.spanId === run.spanContext().spanId),
  );
  expect(below.map((found) => found.length).sort()).toEqual([1, 2]);
  expect(runs.map(({ attributes }) => attributes['kat.migrations.finished']).sort()).toEqual([1, 2]);
});

test('two calls of one Kat at the same time: the one that ran a migration has its span', async () => {
  const { kat } = openKat(await projectOn(major, { migrations: tableMigrations(3) }));
  await Promise.all([kat.up(), kat.up()]);
  const finished = named('kat up').map((run) => ({
    own: spans().filter(({ parentSpanContext }) => parentSpanContext?.spanId === run.spanContext().spanId)
      .length,
    told: run.attributes['kat.migrations.finished'],
  }));
  expect(finished.toSorted((a, b) => a.own - b.own)).toEqual([
    { own: 0, told: 0 },
    { own: 3, told: 3 },
  ]);
});

test.each(['onStart', 'onEnd'] as const)(
  'a processor whose %s throws does not decide how calls end',
  async (when) => {
    const processor: SpanProcessor = {
      onStart: () => {},
      onEnd: () => {},
      forceFlush: async () => {},
      shutdown: async () => {},
      [when]: () => {
        throw new Error('no disk');
      },
    };
    trace.disable();
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [processor] }));
    const migrations = { ...tableMigrations(2), '3_bad': 'SELECT 1 / 0;' };
    const { kat } = openKat(await projectOn(major, { migrations }));
    expect(await failureOf(kat.up())).toMatchObject({ code: 'MIGRATION_FAILED', migration: '3_bad' });
    const { migrations: states } = await kat.status();
    expect(states.map(({ state }) => state)).toEqual(['applied', 'applied', 'pending']);
  },
);

test('where nobody traces, nothing is made', async () => {
  trace.disable();
  const { kat } = openKat(makeProject({ migrations: tableMigrations(1) }));
  await kat.up();
  expect(spans()).toEqual([]);
});
