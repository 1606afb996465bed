/** Finds the results of earlier runs, and keeps those of this one. */

import { relative, resolve } from 'node:path';
import type { SourceLocation } from '../../../errors.js';
import type { Graph } from '../../../graph/graph.js';
import type { VerifyFinding } from '../findings.js';
import type { VerifiedPrediction } from '../result.js';
import { findMigrationKeys, hash, type MigrationKeys } from './migration-keys.js';
import type { ResultStore } from './result-store.js';

/** What the execution of a migration showed. */
export interface MigrationResult {
  findings: readonly VerifyFinding[];
  /** Those, and the accepted ones. */
  seen: readonly VerifyFinding[];
  accepted: number;
  isRolledBack: boolean;
  /** The version of the server. */
  server: string;
}

/** In the cache. */
interface KeptResult extends MigrationResult {
  /** The contents of other migrations that findings are about, which may accept these: by id. */
  others?: Readonly<Record<string, string>>;
}

function contentsOfOthers(id: string, { seen }: MigrationResult, keys: Keys): Record<string, string> {
  const others = seen.flatMap(({ migration = id }) => (migration === id ? [] : [migration]));
  return Object.fromEntries(others.map((other) => [other, keys.get(other)?.content ?? '']));
}

function areSame(others: Readonly<Record<string, string>>, keys: Keys): boolean {
  return Object.entries(others).every(([id, content]) => keys.get(id)?.content === content);
}

type Keys = ReadonlyMap<string, MigrationKeys>;

export interface ResultCache {
  find(id: string): MigrationResult | undefined;
  keep(id: string, result: MigrationResult): void;
  /** @returns the predictions about these results, from the cache or from `judge`, which is then kept. */
  predictions(
    about: JudgedResults,
    judge: () => Promise<VerifiedPrediction[]>,
  ): Promise<readonly VerifiedPrediction[]>;
  /** Call it at the end. */
  close(): void;
}

interface JudgedResults {
  /** Ids. */
  rolledBack: ReadonlySet<string>;
  findings: readonly VerifyFinding[];
}

/** @param setting of one run: results depend on nothing that is not in it. @throws Error for a file that cannot be read. */
export function openResultCache(
  store: ResultStore,
  { graph, directory, environment }: { graph: Graph; directory: string; environment: string },
): ResultCache {
  const keys = findMigrationKeys(graph, environment);
  let isChanged = false;
  const write = (key: string, result: unknown) => {
    isChanged = true;
    store.write(key, result);
  };
  return {
    find: (id) => {
      const key = keys.get(id)?.result;
      const found = key && (store.read(key) as KeptResult | undefined);
      return found && areSame(found.others ?? {}, keys)
        ? moveResult(found, (file) => resolve(directory, file))
        : undefined;
    },
    keep: (id, result) => {
      const key = keys.get(id)?.result;
      if (key && isKept(result))
        write(key, {
          ...moveResult(result, (file) => relative(directory, file)),
          others: contentsOfOthers(id, result, keys),
        });
    },
    predictions: async ({ rolledBack, findings }, judge) => {
      const contents = [...keys.values()].map(({ content }) => content);
      const about = findings.map(({ migration, code, message }) => `${migration} ${code} ${message}`);
      const key = hash([environment, 'predictions', ...contents, ...rolledBack, ...about]);
      const kept = store.read(key) as VerifiedPrediction[] | undefined;
      if (kept) return kept;
      const judged = await judge();
      write(key, judged);
      return judged;
    },
    close: () => {
      if (isChanged) store.prune();
    },
  };
}

/** SQL may fail for a reason that has gone by the next run: a timeout, a full disk. What fails in one order alone has shown that it did not. */
function isKept({ seen }: MigrationResult): boolean {
  return seen.every(({ code }) => code === 'order-fails' || !code.includes('fail'));
}

/** A result is kept without the place of the project. */
function moveResult(result: MigrationResult, move: (file: string) => string): MigrationResult {
  const moved = <T extends SourceLocation>(location: T): T => ({ ...location, file: move(location.file) });
  const movedFinding = (finding: VerifyFinding): VerifyFinding => ({
    ...finding,
    ...(finding.location ? { location: moved(finding.location) } : {}),
    ...(finding.related
      ? { related: finding.related.map((one) => ({ ...one, location: moved(one.location) })) }
      : {}),
  });
  return { ...result, findings: result.findings.map(movedFinding), seen: result.seen.map(movedFinding) };
}
