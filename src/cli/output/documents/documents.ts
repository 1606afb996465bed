/** The shapes of what `--json` prints: the published JSON Schema is generated from them, and tests hold the output to it. */

import * as v from 'valibot';
import { checkNames, checkOutcomes } from '../../../engine/doctor/result.js';
import { reportFormats } from '../../../engine/report/result.js';
import { fileFormats } from '../../../graph/draw/export-formats.js';
import { graphFields } from '../graph/graph-documents.js';
import { scheduleDocument } from '../plan/schedule-document.js';
import { loss, plannedStep, untriedStep } from '../plan/step-documents.js';
import { blameFields } from './blame-documents.js';
import { checkResultFields } from './check-documents.js';
import { dbFields } from './db-document.js';
import { dependencyFields, parentsChange } from './dependency-documents.js';
import { direction, files, location, serverSession, step, success } from './document-parts.js';
import { comparisonFields, driftFields } from './drift-documents.js';
import { failure, problem } from './failure-document.js';
import { findingCounts, findingDocument, severity } from './finding-documents.js';
import { importFields } from './import-document.js';
import { graphMember, migrationStatus, queryDocuments } from './query-documents.js';
import { recordDocuments } from './record-documents.js';
import { schemaFields } from './schema-documents.js';
import { traceDocument } from './trace-document.js';
import { verifyFields } from './verify-documents.js';

const run = <Name extends string>(command: Name) =>
  v.strictObject({
    ...success(command),
    direction: v.optional(direction),
    isDryRun: v.boolean(),
    migrations: v.pipe(v.array(step), v.description('in execution order')),
    untried: v.optional(
      v.pipe(
        v.array(untriedStep),
        v.description('steps that `--dry-run=rollback` could not execute in its transaction'),
      ),
    ),
    losses: v.optional(
      v.pipe(v.array(loss), v.description('data that the steps of a dry run would destroy for good')),
    ),
  });

/** Every document that `--json` can print: one for each command, and one for failures. */
export const documents = v.union([
  v.strictObject({
    ...success('init'),
    config: v.optional(v.string()),
    migrations: v.optional(v.string()),
    agents: v.optional(v.pipe(v.string(), v.description('AGENTS.md, with --agents instead of the others'))),
    isNew: v.optional(v.pipe(v.boolean(), v.description('whether AGENTS.md was written'))),
  }),
  v.strictObject({
    ...success('add'),
    id: v.string(),
    parents: v.array(v.string()),
    files: v.optional(files),
    namesakes: v.optional(
      v.pipe(v.array(v.string()), v.description('the other migrations with the same name, if there are any')),
    ),
    findings: v.optional(
      v.pipe(
        v.array(findingDocument),
        v.description('conflicts between the heads that it joins, if there are any'),
      ),
    ),
    change: v.optional(
      v.pipe(parentsChange, v.description('the change of the parents in metadata.yaml, with --infer')),
    ),
  }),
  run('up'),
  run('down'),
  run('redo'),
  run('sync'),
  v.strictObject({
    ...success('plan'),
    move: v.pipe(v.picklist(['up', 'down', 'redo', 'sync']), v.description('the command that was planned')),
    planId: v.optional(
      v.pipe(
        v.string(),
        v.description(
          'names this plan on this database, for `--plan-id`; absent with `--applied` and `--applied-from`',
        ),
      ),
    ),
    appliedCount: v.number(),
    losses: v.pipe(v.array(loss), v.description('data that the steps destroy for good')),
    steps: v.pipe(v.array(plannedStep), v.description('in execution order')),
    hints: v.array(problem),
    schedule: v.optional(
      v.pipe(scheduleDocument(location), v.description('the predicted run of `kat up --jobs`, with --jobs')),
    ),
    sql: v.optional(v.pipe(v.string(), v.description('the script, with --sql'))),
    file: v.optional(v.pipe(v.string(), v.description('the file of the script, with --file'))),
  }),
  ...queryDocuments,
  v.strictObject({
    ...success('validate'),
    isValid: v.pipe(
      v.boolean(),
      v.description(
        'whether there is no error, and with --strict no warning; the exit code is 3 when it is false',
      ),
    ),
    findings: v.array(findingDocument),
    counts: findingCounts,
    migrations: v.pipe(v.number(), v.description('number of migrations in the folder')),
    isOffline: v.pipe(v.boolean(), v.description('whether no database was used')),
    base: v.optional(
      v.pipe(
        v.strictObject({ revision: v.string(), commit: v.string() }),
        v.description('the git commit to which the folder was compared'),
      ),
    ),
  }),
  v.strictObject({
    ...success('deps'),
    isValid: v.boolean(),
    findings: v.array(findingDocument),
    counts: findingCounts,
    ...dependencyFields(location),
  }),
  v.strictObject({
    ...success('lint'),
    isValid: v.optional(v.boolean()),
    findings: v.optional(v.array(findingDocument)),
    counts: v.optional(findingCounts),
    migrations: v.optional(
      v.pipe(v.array(v.string()), v.description('ids of the linted migrations, in graph order')),
    ),
    fixes: v.optional(
      v.pipe(
        v.array(
          v.strictObject({
            id: v.string(),
            rules: v.array(v.string()),
            parts: v.array(
              v.strictObject({
                id: v.optional(v.string()),
                label: v.optional(v.pipe(v.string(), v.description('suffix of the name of a new migration'))),
                up: v.string(),
                down: v.optional(v.string()),
                noTransaction: v.boolean(),
              }),
            ),
          }),
        ),
        v.description('the rewritten migrations, with --fix'),
      ),
    ),
    trace: v.optional(v.pipe(traceDocument, v.description('the observations of --trace'))),
    rules: v.optional(
      v.pipe(
        v.array(v.strictObject({ id: v.string(), severity, summary: v.string(), isFixable: v.boolean() })),
        v.description('only with --list-rules'),
      ),
    ),
  }),
  v.strictObject({
    ...success('check'),
    isValid: v.boolean(),
    findings: v.array(findingDocument),
    counts: findingCounts,
    ...checkResultFields(location),
  }),
  v.strictObject({
    ...success('verify'),
    isValid: v.boolean(),
    findings: v.array(findingDocument),
    counts: findingCounts,
    ...verifyFields,
  }),
  v.strictObject({
    ...success('report'),
    isValid: v.boolean(),
    findings: v.array(findingDocument),
    counts: findingCounts,
    added: v.pipe(v.array(v.string()), v.description('the migrations that the branch adds')),
    edited: v.pipe(v.array(v.string()), v.description('the migrations that the branch edits')),
    steps: v.pipe(
      v.array(plannedStep),
      v.description('the plan of `kat up` if all other migrations are applied'),
    ),
    base: v.optional(v.strictObject({ revision: v.string(), commit: v.string() })),
    trace: v.optional(v.pipe(traceDocument, v.description('the observations of `kat lint --trace`'))),
    format: v.picklist(reportFormats),
    text: v.optional(v.pipe(v.string(), v.description('the report, without --file'))),
    file: v.optional(v.pipe(v.string(), v.description('the written file, with --file'))),
  }),
  v.strictObject({
    ...success('doctor'),
    isHealthy: v.pipe(
      v.boolean(),
      v.description('whether no check found an error; otherwise the exit code is 3'),
    ),
    checks: v.array(
      v.strictObject({
        name: v.picklist(checkNames),
        outcome: v.picklist(checkOutcomes),
        message: v.string(),
        help: v.optional(v.pipe(v.string(), v.description('what to do'))),
      }),
    ),
  }),
  v.strictObject({ ...success('blame'), ...blameFields(location) }),
  v.strictObject({
    ...success('drift'),
    ...comparisonFields,
    findings: v.array(findingDocument),
    counts: findingCounts,
    ...driftFields,
  }),
  v.strictObject({
    ...success('diff'),
    ...comparisonFields,
    findings: v.array(findingDocument),
    counts: findingCounts,
  }),
  v.strictObject({ ...success('graph'), ...graphFields({ location, migrationStatus }) }),
  v.strictObject({ ...success('schema'), ...schemaFields({ finding: findingDocument }) }),
  ...recordDocuments,
  v.strictObject({ ...success('import'), ...importFields }),
  v.strictObject({
    ...success('ping'),
    server: v.strictObject({ versionNumber: v.number(), version: v.string() }),
  }),
  v.strictObject({
    ...success('export'),
    format: v.picklist(fileFormats),
    dot: v.optional(v.string()),
    mermaid: v.optional(v.string()),
    svg: v.optional(v.string()),
    html: v.optional(v.string()),
    graph: v.optional(
      v.strictObject({
        migrations: v.pipe(v.array(graphMember), v.description('parents before children')),
      }),
    ),
    file: v.optional(v.pipe(v.string(), v.description('the written file, with --file'))),
  }),
  v.strictObject({
    ...success('unlock'),
    holders: v.pipe(v.array(serverSession), v.description('who held the lock')),
    ended: v.pipe(v.array(v.number()), v.description('the terminated process ids')),
    isDryRun: v.optional(v.pipe(v.boolean(), v.description('true if nothing was to be terminated'))),
  }),
  v.strictObject({ ...success('db'), ...dbFields }),
  v.strictObject({
    ...success('completion'),
    shell: v.string(),
    script: v.optional(v.string()),
    file: v.optional(v.pipe(v.string(), v.description('the file that loads it, with --install'))),
    isNew: v.optional(v.pipe(v.boolean(), v.description('whether that file was written'))),
    candidates: v.optional(
      v.array(v.strictObject({ word: v.string(), description: v.optional(v.string()) })),
    ),
  }),
  v.strictObject({
    ...success('explain'),
    explanations: v.array(
      v.strictObject({
        code: v.string(),
        kind: v.pipe(v.string(), v.description('such as `error` or `exit code`')),
        summary: v.string(),
        text: v.pipe(v.string(), v.description('Markdown')),
        page: v.pipe(v.string(), v.description('the page of the docs')),
      }),
    ),
  }),
  v.strictObject(success('mcp')),
  v.strictObject({
    ...success('update'),
    version: v.pipe(v.string(), v.description('of the Kat that runs')),
    newest: v.pipe(v.string(), v.description('of the package in the registry')),
    isCurrent: v.boolean(),
    install: v.optional(v.pipe(v.string(), v.description('installs the newest version'))),
  }),
  v.strictObject({ ...success('version'), version: v.string() }),
  v.strictObject({
    ...success('help'),
    topic: v.optional(v.pipe(v.string(), v.description('the command of the help text'))),
    text: v.string(),
  }),
  failure,
]);
