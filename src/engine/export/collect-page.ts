/** Collects what the HTML page shows: the graph, states and history, SQL, effects, findings and conflicts. */

import { basename, dirname, resolve } from 'node:path';
import type { Finding } from '../../findings.js';
import { buildGraph, type Graph } from '../../graph/graph.js';
import type { Migration } from '../../graph/migration.js';
import { printableLine } from '../../outside-text.js';
import type { PageConflict, PageData, PageFinding, PageMigration } from '../../page/page-data.js';
import { loadMigrations } from '../../project/folder/load.js';
import { version } from '../../version.js';
import { checkOrder } from '../check/check.js';
import type { UnorderedConflict } from '../check/result.js';
import { markOf } from '../ledger/state-names.js';
import { type LintSetting, lint } from '../lint/lint.js';
import { describeGraph } from '../read/describe-graph.js';
import type { GraphMigration } from '../read/graph-description.js';
import { findEffects } from './find-effects.js';
import { groupByMigration } from './group-by-migration.js';
import { readPageHistory } from './page-history.js';
import { readPageFiles } from './read-page-files.js';
import { describeStatus } from './status-facts.js';

/**
 * Where the database cannot be reached, a warning is told, and states and history are left out.
 * @throws KatError FILES_INVALID, GRAPH_INVALID; and whatever keeps the database from answering, beside that it cannot be reached.
 */
export async function collectPage(
  setting: LintSetting,
  { offline = false }: { offline?: boolean | undefined },
): Promise<PageData> {
  const { directory } = setting;
  const { isOffline, migrations } = await describeGraph(setting, { offline }, setting);
  const graph = buildGraph(await loadMigrations(directory));
  const history = isOffline ? new Map() : await readPageHistory(setting);
  const effects = await findEffects(graph);
  const { findings } = await lint(setting, {});
  const { pairs } = await checkOrder(directory, {});
  const findingsOf = groupByMigration(findings);
  const describe = (migration: GraphMigration): PageMigration => ({
    ...describePlace(migration),
    ...(graph.has(migration.id) ? readPageFiles(graph.get(migration.id)) : {}),
    effects: effects.get(migration.id) ?? [],
    findings: (findingsOf.get(migration.id) ?? []).map((finding) => describeFinding(finding, graph)),
    history: history.get(migration.id) ?? [],
  });
  return {
    title: printableLine(`Migrations of ${basename(dirname(resolve(directory)))}`),
    origin: `Written by Kat ${version}${isOffline ? ', without a database' : ` at ${new Date().toISOString()}`}`,
    isOffline,
    migrations: migrations.map(describe),
    conflicts: pairs.map(describeConflict),
  };
}

function describePlace(migration: GraphMigration) {
  const { id, timestamp, name, description, parents, status } = migration;
  return {
    ...{ id, timestamp, name: printableLine(name), parents, mark: markOf(migration) },
    ...(description === undefined ? {} : { description: printableLine(description) }),
    facts: status ? describeStatus(status) : [],
  };
}

function describeFinding(
  { severity, code, message, help, location, migration }: Finding,
  graph: Graph,
): PageFinding {
  const file = location && fileOf(graph.get(migration as string), location.file);
  return {
    ...{ severity, code, message: printableLine(message) },
    ...(help === undefined ? {} : { help: printableLine(help) }),
    ...(file ? { place: { file, line: location.line } } : {}),
  };
}

function fileOf({ files }: Migration, path: string): 'up' | 'down' | undefined {
  if (path === files.up) return 'up';
  return path === files.down ? 'down' : undefined;
}

function describeConflict({ ids, reasons }: UnorderedConflict): PageConflict {
  const severities = reasons.map(({ severity }) => severity);
  return {
    ids,
    severity: severities.includes('error') ? 'error' : (severities[0] ?? 'warning'),
    reasons: reasons.map(({ deeds: [one, other] }) => ({
      messages: [printableLine(one.message), printableLine(other.message)],
      lines: [one.location.line, other.location.line],
    })),
  };
}
