/** The command under an OpenTelemetry SDK that Node.js loads before it. */

import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { tableMigrations } from '../reliability/scene.js';
import { majors } from '../support/database.js';
import { type Project, projectOn } from '../support/kat-project.js';

const [major = 18] = majors();
const resolve = createRequire(import.meta.url).resolve;
const urlOf = (name: string) => JSON.stringify(pathToFileURL(resolve(name)).href);

/** Delivers late, as a collector behind a network does. */
const setUp = `
import { appendFileSync } from 'node:fs';
import api from ${urlOf('@opentelemetry/api')};
import hooks from ${urlOf('@opentelemetry/context-async-hooks')};
import sdk from ${urlOf('@opentelemetry/sdk-trace-base')};

const w3c = {
  fields: () => ['traceparent'],
  inject: () => {},
  extract: (context, { traceparent }) => {
    if (traceparent === 'broken') throw new Error('broken');
    const [, traceId, spanId, flags] = (traceparent ?? '').split('-');
    if (!spanId) return context;
    return api.trace.setSpanContext(context, { traceId, spanId, traceFlags: Number(flags), isRemote: true });
  },
};
const exporter = {
  export: (spans, done) => {
    const lines = spans.map((span) =>
      JSON.stringify({
        name: span.name,
        traceId: span.spanContext().traceId,
        parent: span.parentSpanContext?.spanId,
        attributes: span.attributes,
      }),
    );
    setTimeout(() => {
      appendFileSync(process.env.SPANS, lines.map((line) => line + '\\n').join(''));
      done({ code: 0 });
    }, 300);
  },
  shutdown: async () => {},
};
api.context.setGlobalContextManager(new hooks.AsyncLocalStorageContextManager().enable());
api.propagation.setGlobalPropagator(w3c);
api.trace.setGlobalTracerProvider(
  new sdk.BasicTracerProvider({ spanProcessors: [new sdk.BatchSpanProcessor(exporter)] }),
);
`;

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

async function run(project: Project, args: string, env: Record<string, string> = {}) {
  project.write('tracing.mjs', setUp);
  project.write('spans.ndjson', '');
  const loading = ['--import', pathToFileURL(`${project.folder}/tracing.mjs`).href];
  const paths = { SPANS: `${project.folder}/spans.ndjson` };
  const { code } = await project.kat(args, { nodeArguments: loading, env: { ...paths, ...env } });
  const lines = project
    .read('spans.ndjson')
    .split('\n')
    .filter((line) => line !== '');
  return { code, spans: lines.map((line) => JSON.parse(line)) };
}

test('the spans are delivered before the command ends, below the span that TRACEPARENT names', async () => {
  const project = await projectOn(major, { migrations: tableMigrations(2) });
  const { code, spans } = await run(project, 'up', { TRACEPARENT: traceparent });
  expect(code).toBe(0);
  expect(spans.map(({ name }) => name)).toEqual(['up 1_t1', 'up 2_t2', 'kat up']);
  expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([traceparent.split('-')[1]]));
  expect(spans.at(-1).parent).toBe(traceparent.split('-')[2]);
});

test('a command that fails delivers its spans, too, and keeps its exit code', async () => {
  const project = await projectOn(major, { migrations: { '1_bad': 'SELECT 1 / 0;' } });
  const { code, spans } = await run(project, 'up');
  expect(code).toBe(1);
  expect(spans.map(({ name, attributes }) => [name, attributes['error.type']])).toEqual([
    ['up 1_bad', 'MIGRATION_FAILED'],
    ['kat up', 'MIGRATION_FAILED'],
  ]);
});

test('a propagator that throws does not decide how a command ends', async () => {
  const project = await projectOn(major, { migrations: tableMigrations(1) });
  const { code, spans } = await run(project, 'up', { TRACEPARENT: 'broken' });
  expect(code).toBe(0);
  expect(spans.map(({ name }) => name)).toEqual(['up 1_t1', 'kat up']);
});
