/** The shape of what `--json` prints when a command fails. */

import * as v from 'valibot';
import { direction, environment, location, step } from './document-parts.js';

export const problem = v.strictObject({
  code: v.optional(
    v.pipe(v.string(), v.description('the kind of problem, with the codes of `kat validate`')),
  ),
  title: v.optional(v.string()),
  message: v.string(),
  location: v.optional(location),
  help: v.optional(v.string()),
  migration: v.optional(v.string()),
  sqlstate: v.optional(v.string()),
});

const server = v.pipe(
  v.object({ severity: v.string(), sqlstate: v.string(), message: v.string() }),
  v.description("the fields of the server's error report"),
);

export const failure = v.strictObject({
  ok: v.literal(false),
  environment,
  error: v.strictObject({
    code: v.pipe(v.string(), v.description('error code, stable for programs')),
    exitCode: v.number(),
    message: v.string(),
    help: v.optional(v.pipe(v.string(), v.description('what to do'))),
    problems: v.array(problem),
    migration: v.optional(v.string()),
    direction: v.optional(direction),
    server: v.optional(server),
  }),
  migrations: v.optional(v.pipe(v.array(step), v.description('the steps finished before the failure'))),
  failed: v.optional(
    v.pipe(
      v.array(v.strictObject({ id: v.string(), message: v.string() })),
      v.description('with several sessions: the migrations that failed'),
    ),
  ),
  cancelled: v.optional(
    v.pipe(v.array(v.string()), v.description('the migrations that were cancelled after a failure')),
  ),
  heldBack: v.optional(
    v.pipe(
      v.array(v.strictObject({ id: v.string(), by: v.array(v.string()) })),
      v.description('the migrations that did not start, and the ones that caused it'),
    ),
  ),
  plan: v.optional(v.pipe(v.array(step), v.description('the plan that was not confirmed'))),
});
