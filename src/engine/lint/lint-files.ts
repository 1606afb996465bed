/** Lints the files of migrations, and says in which of their lines something was found. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Finding } from '../../findings.js';
import { isProgram, type Migration } from '../../graph/migration.js';
import { findSqlFile, readSqlFile } from '../../project/folder/load.js';
import { checksumIfLonger } from '../../project/folder/long-file.js';
import { wholeFile } from '../../project/source-text.js';
import { cutLine } from '../../source-line.js';
import type { LintFinding } from '../../sql/lint/finding.js';
import type { Linter } from '../../sql/lint/linter.js';
import type { Literals } from '../../sql/syntax/backslashes.js';
import { checkKinds } from '../check/codes.js';
import { mayBeEmpty } from '../plan/check-plan.js';
import { lockTimeoutOf } from '../policy/waits.js';
import { verifyKinds } from '../verify-codes.js';
import type { ChosenRules } from './choose-rules.js';
import type { ChangedBase, ReadBase } from './read-base.js';
import { readBase } from './read-base.js';

/** The files to read. */
export interface LintWork {
  /** In the order of the graph; the linter reads all of them. */
  migrations: readonly Migration[];
  linted: ReadonlySet<string>;
  together: ReadonlySet<string>;
  base?: ChangedBase;
  /** `lock_timeout` where a migration has none of its own, in milliseconds. */
  lockTimeoutMs: number | undefined;
  serverVersion: number;
  /** How the server reads plain string literals, where it is known. */
  literals?: Literals;
}

const migrationsATurn = 4;

/** @throws KatError FILES_INVALID when a file cannot be read. */
export async function lintFiles(work: LintWork, { rules, severities }: ChosenRules): Promise<Finding[]> {
  const [{ createLinter }, { loadParser, maxParsedBytes }] = await Promise.all([
    import('../../sql/lint/linter.js'),
    import('../../sql/syntax/parse.js'),
  ]);
  const parser = await loadParser(work.literals);
  const base = work.base && (await readBase(parser, work.base));
  const linter = createLinter(parser, {
    rules,
    severities,
    oldestServer: work.serverVersion,
    codes: await listCodes(),
    ...(base ? { base: base.names } : {}),
  });
  const last = work.migrations.findLastIndex(({ id }) => work.linted.has(id));
  const findings: Finding[][] = [];
  for (const [index, migration] of work.migrations.slice(0, last + 1).entries()) {
    if (index % migrationsATurn === migrationsATurn - 1) await nextTurn();
    findings.push(lintOne({ linter, work, base, maxBytes: maxParsedBytes }, migration));
  }
  return findings.flat();
}

/** Everything that `-- kat:ignore` may accept. */
async function listCodes(): Promise<ReadonlySet<string>> {
  const { rules } = await import('../../sql/lint/rules.js');
  return new Set([...rules.map(({ id }) => id), ...Object.keys(checkKinds), ...Object.keys(verifyKinds)]);
}

interface LintContext {
  linter: Linter;
  work: LintWork;
  base: ReadBase | undefined;
  maxBytes: number;
}

function lintOne({ linter, work, base, maxBytes }: LintContext, migration: Migration): Finding[] {
  const { id, files, noTransaction } = migration;
  const isLinted = work.linted.has(id);
  if (isProgram(files.up)) return isLinted ? [notLinted(migration, 'the migration is a program')] : [];
  const isLong = checksumIfLonger(files.up, maxBytes) !== undefined;
  if (isLong) return isLinted ? [notLinted(migration, 'the file is too long to parse')] : [];
  const up = readSqlFile(files.up);
  if (!isLinted) {
    linter.follow(id, up);
    return [];
  }
  const isDownRead = !isProgram(files.down) && checksumIfLonger(files.down, maxBytes) === undefined;
  const down = isDownRead ? findSqlFile(files.down) : '';
  const found = linter.lint({
    id,
    up,
    down,
    isTransactional: !noTransaction,
    isMerge: mayBeEmpty(migration, up),
    lockTimeoutMs: lockTimeoutOf(migration, work.lockTimeoutMs),
    isNewWith: (creator) => creator === id || work.together.has(creator),
    ...(base ? { unchanged: base.statements } : {}),
  });
  return found.map((finding) =>
    findingOf(migration, finding, finding.direction === 'up' ? up : (down ?? '')),
  );
}

/** A finding with the line that it is about. */
function findingOf({ id, files }: Migration, finding: LintFinding, text: string): Finding {
  const { rule, severity, message, help, direction, place } = finding;
  const { start, line, column } = place;
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const { index: end = text.length } = /\r?\n|$/.exec(text.slice(from)) ?? {};
  const location = {
    file: files[direction],
    line,
    column,
    ...cutLine(text, { start: from, end: from + end }, start),
  };
  return { code: rule, severity, message, ...(help === '' ? {} : { help }), location, migration: id };
}

function notLinted({ id, files }: Migration, reason: string): Finding {
  return {
    code: 'unchecked-sql',
    severity: 'info',
    message: `${reason}, so it was not linted`,
    location: wholeFile(files.up),
    migration: id,
  };
}
