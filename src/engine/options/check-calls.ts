/** Checks what programs hand to the methods of a Kat, before anything of theirs is done. */

import type { Problem } from '../../errors.js';
import { exportFormats } from '../../graph/draw/export-formats.js';
import { importTools } from '../../project/import/tools.js';
import type { AddOptions } from '../author/add-migration.js';
import type { MergeOptions } from '../author/merge.js';
import type { BundleOptions } from '../bundle/result.js';
import type { CheckOptions } from '../check/result.js';
import type { DatabaseUrlOptions, DropDatabaseOptions, WaitForServerOptions } from '../database/result.js';
import type { DepsOptions } from '../deps/result.js';
import type { DiffOptions, DriftOptions } from '../drift/result.js';
import type { EnsureOptions } from '../ensure/ensure.js';
import type { ExportOptions } from '../export/export-options.js';
import type { ImportOptions } from '../import/import.js';
import type { Kat } from '../kat-api.js';
import type { LintOptions } from '../lint/result.js';
import type { DownOptions, RedoOptions, SyncOptions, UpOptions } from '../move-options.js';
import type { GraphOptions } from '../read/graph-description.js';
import type { HistoryFilter } from '../read/history.js';
import type { PingOptions } from '../read/ping.js';
import type { ShowOptions } from '../read/show.js';
import type { BaselineOptions } from '../records/baseline.js';
import type { RepairOptions } from '../records/repair.js';
import type { StampOptions } from '../records/stamp.js';
import { type ReportOptions, reportFormats } from '../report/result.js';
import { onFailureModes } from '../run/run-result.js';
import type { DriverFiles, SchemaOptions } from '../schema/result.js';
import type { SquashOptions } from '../squash/squash.js';
import type { ValidateOptions } from '../validate/validate.js';
import type { VerifyOptions } from '../verify/result.js';
import { checkFields, checkValue, refuse, type Shape } from './check-fields.js';
import { checkPlanOptions, downFields, redoFields, syncFields, upFields } from './check-plan-options.js';
import {
  callback,
  choice,
  countOrAll,
  date,
  filledText,
  flag,
  isArrayOf,
  isObject,
  jobs,
  milliseconds,
  names,
  recordOf,
  signal,
  text,
  texts,
  type ValueKind,
  whole,
} from './value-kinds.js';

const dryRun = choice([true, false, 'rollback']);
const confirmable = { dryRun: flag, confirm: callback };
const plan: ValueKind = {
  expected: 'what `plan` returned from the database, or an object with its `planId`',
  accepts: (value) => isObject(value) && /^[0-9a-f]{16}$/.test(String(Reflect.get(value, 'planId'))),
};

const up: Shape<UpOptions> = {
  ...upFields,
  singleTransaction: flag,
  dryRun,
  waitMs: milliseconds,
  strictDrift: flag,
  jobs,
  onFailure: choice(onFailureModes),
  plan,
};
const ensure: Shape<EnsureOptions> = {
  ...{ mode: choice(['apply', 'wait', 'check']), timeoutMs: milliseconds, allowMissing: flag },
};
const down: Shape<DownOptions> = { ...downFields, dryRun, confirm: callback, plan };
const redo: Shape<RedoOptions> = { ...redoFields, dryRun, confirm: callback, plan };
const sync: Shape<SyncOptions> = { ...syncFields, dryRun, confirm: callback, plan };
const stamp: Shape<StampOptions> = { of: texts, remove: flag, only: flag, ...confirmable };
const baseline: Shape<BaselineOptions> = {
  ...{ name: filledText, record: flag, dryRun: flag, schemas: names, withRoles: flag, pgDump: filledText },
};
const repair: Shape<RepairOptions> = {
  ...{ of: names, dropMissing: flag, done: texts, undone: texts, retry: texts },
  ...confirmable,
};
const squash: Shape<SquashOptions> = {
  ...{ to: filledText, dump: flag, force: flag, pgDump: filledText },
  ...{ verify: flag, rows: flag, on: filledText },
  ...confirmable,
};
const merge: Shape<MergeOptions> = { of: names, name: filledText, force: flag };
const history: Shape<HistoryFilter> = {
  migrations: texts,
  outcome: choice([
    ...['started', 'statement started', 'statement finished', 'statement undone'],
    ...['succeeded', 'failed', 'stamped', 'repaired'],
  ]),
  direction: choice(['up', 'down']),
  since: date,
  until: date,
  limit: countOrAll,
  statements: flag,
};
const show: Shape<ShowOptions> = { offline: flag };
const describeGraph: Shape<GraphOptions> = {
  ...{ offline: flag, pending: flag, around: filledText, generations: whole(0, Number.MAX_SAFE_INTEGER) },
  ...{ from: filledText, to: filledText, touching: filledText, gitBase: filledText },
  ...{ reasons: flag, reduce: flag },
};
const validate: Shape<ValidateOptions> = {
  ...{ offline: flag, all: flag, strict: flag, gitBase: filledText, pullRequestBase: text },
};
const deps: Shape<DepsOptions> = {
  ...{ of: names, strict: flag, conservative: flag, infer: flag, fix: flag, write: flag, dryRun: flag },
};
const lint: Shape<LintOptions> = {
  ...{ of: names, pending: flag, gitBase: filledText, rules: texts, strict: flag },
  ...{ fix: flag, trace: flag, dryRun: flag },
};
const check: Shape<CheckOptions> = { gitBase: filledText, strict: flag };
const verify: Shape<VerifyOptions> = {
  ...{ of: names, pending: flag, gitBase: filledText, all: flag, on: filledText, strict: flag },
  ...{ cache: flag, order: whole(2, 10_000), seed: whole(0, 2 ** 31), evidence: flag },
};
const report: Shape<ReportOptions> = {
  ...{ gitBase: filledText, verify: flag, strict: flag, format: choice(reportFormats) },
};
const compared = { ignore: texts, strictColumnOrder: flag, on: filledText };
const drift: Shape<DriftOptions> = { ...compared, adopt: filledText, dryRun: flag };
const diff: Shape<DiffOptions> = { ...compared, cwd: filledText };
const driverFiles: ValueKind = {
  expected: 'an object with `base`, `ours`, `theirs` and `path`, as strings',
  accepts: (value) => {
    const shape: Shape<DriverFiles> = {
      ...{ base: filledText, ours: filledText, theirs: filledText, path: filledText },
    };
    return isObject(value) && checkFields({ name: 'merge', value }, shape, Object.keys(shape)).length === 0;
  },
};
const schema: Shape<SchemaOptions> = {
  ...{ file: filledText, dir: filledText, check: flag, load: flag, on: filledText },
  dryRun: flag,
  installMergeDriver: filledText,
  merge: driverFiles,
};
const ping: Shape<PingOptions> = { retries: whole(0, 7), delayMs: whole(100, 3000), waitMs: milliseconds };
const dropDatabase: Shape<DropDatabaseOptions> = { force: flag, confirm: callback };
const waitForServer: Shape<WaitForServerOptions> = { timeoutMs: milliseconds };
const databaseUrl: Shape<DatabaseUrlOptions> = { showPassword: flag };
const sqlTexts: ValueKind = {
  expected: 'an object with `up`, and `down` if you like, as strings',
  accepts: (value) =>
    isObject(value) && checkFields({ name: 'sql', value }, { up: text, down: text }, ['up']).length === 0,
};
const add: Shape<AddOptions> = {
  description: text,
  parents: texts,
  sql: sqlTexts,
  program: choice(['ts']),
  noTransaction: flag,
};
const bundle: Shape<BundleOptions> = { file: filledText, check: flag };
const importing: Shape<ImportOptions> = {
  ...{ from: choice(importTools), directory: filledText, adopt: flag, table: filledText, dryRun: flag },
  placeholders: recordOf(text),
};
const exporting: Shape<ExportOptions> = { format: choice(exportFormats), offline: flag };
const sessions: ValueKind = {
  expected: 'what `findRunners` returned',
  accepts: (value) => isArrayOf(value, (item) => isObject(item) && 'processId' in item),
};

/** @returns what is wrong with the arguments of one call. */
export type CheckCall = (args: readonly unknown[]) => Problem[];

/** How the arguments of each method of a Kat are checked. */
export const callChecks = {
  up: options('up', up),
  ensure: options('ensure', ensure),
  down: options('down', down),
  redo: options('redo', redo),
  sync: options('sync', sync),
  plan: ([value]) => checkPlanOptions('plan', value),
  planSql: ([value]) => checkPlanOptions('planSql', value),
  stamp: options('stamp', stamp, ['of']),
  baseline: options('baseline', baseline),
  repair: options('repair', repair),
  squash: options('squash', squash, ['to']),
  merge: options('merge', merge),
  status: () => [],
  doctor: () => [],
  history: options('history', history),
  show: ([reference, ...rest]) => [...named('reference', reference), ...options('show', show)(rest)],
  heads: () => [],
  roots: () => [],
  validate: options('validate', validate),
  deps: options('deps', deps),
  lint: options('lint', lint),
  check: options('check', check),
  verify: options('verify', verify),
  report: options('report', report, ['gitBase']),
  blame: ([name]) => named('name', name),
  drift: options('drift', drift),
  diff: ([first, second, ...rest]) => [
    ...named('first', first),
    ...named('second', second),
    ...options('diff', diff)(rest),
  ],
  schema: options('schema', schema),
  ping: options('ping', ping),
  createDatabase: () => [],
  dropDatabase: options('dropDatabase', dropDatabase),
  waitForServer: options('waitForServer', waitForServer),
  databaseUrl: options('databaseUrl', databaseUrl),
  findRunners: () => [],
  endRunners: ([runners]) => checkValue('runners', runners, sessions),
  bundle: options('bundle', bundle),
  // The name's characters are checked later, when it becomes a folder's name.
  add: ([name, ...rest]) => [...checkValue('name', name, text), ...options('add', add)(rest)],
  inferParents: ([reference]) => named('reference', reference),
  import: options('import', importing, ['from', 'directory']),
  graph: () => [],
  describeGraph: options('describeGraph', describeGraph),
  exportGraph: options('exportGraph', exporting),
  exportPng: () => [],
  exportDot: () => [],
  close: () => [],
} satisfies Readonly<Record<Exclude<keyof Kat, 'watch' | 'events'>, CheckCall>>;

/**
 * @param checks one for each method.
 * @param prepare is called behind them, before each call but `close`; what it throws rejects the call.
 * @returns the same methods; each first rejects with a KatError USAGE that names every wrong argument.
 */
export function withCheckedCalls<T extends object>(
  methods: T,
  checks: Readonly<Partial<Record<keyof T, CheckCall>>>,
  prepare?: () => void,
): T {
  return new Proxy(methods, {
    get: (target, key, receiver) => {
      const method: unknown = Reflect.get(target, key, receiver);
      const check: unknown = Reflect.get(checks, key);
      return typeof method === 'function' && typeof check === 'function'
        ? checkedCall(method as Method, check as CheckCall, key === 'close' ? undefined : prepare)
        : method;
    },
  });
}

type Method = (...args: unknown[]) => unknown;

function checkedCall(method: Method, check: CheckCall, prepare: (() => void) | undefined): Method {
  return async (...args) => {
    refuse('USAGE', check(args));
    prepare?.();
    return method(...args);
  };
}

/** For `events`, which returns no promise. @throws KatError USAGE */
export function checkWork(value: unknown): void {
  if (value !== undefined) refuse('USAGE', checkValue('work', value, callback));
}

/** For `watch`, which returns no promise. @throws KatError USAGE */
export function checkSignal(value: unknown): void {
  if (value !== undefined) refuse('USAGE', checkValue('signal', value, signal));
}

function options(
  name: string,
  shape: Readonly<Record<string, ValueKind>>,
  required: readonly string[] = [],
): CheckCall {
  return ([value = {}]) => checkFields({ name, value }, shape, required);
}

function named(name: string, value: unknown): Problem[] {
  return checkValue(name, value, filledText);
}
