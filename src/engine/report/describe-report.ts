/** Arranges what is known of a branch as headings, tables and lists. */

import { relative, sep } from 'node:path';
import {
  countsText,
  type Finding,
  type FindingCounts,
  type LintFindings,
  type Severity,
} from '../../findings.js';
import type { DrawnGraph } from '../../graph/draw/drawn-graph.js';
import { drawMermaidBranch } from '../../graph/draw/mermaid.js';
import { drawSvg } from '../../graph/draw/svg.js';
import { outsideText } from '../../outside-text.js';
import type { PlannedStep } from '../plan/move-plan.js';
import type { GraphMigration } from '../read/graph-description.js';
import type { Trace } from '../trace/result.js';
import { statementFacts, statementHead } from '../trace/statement-facts.js';
import type { VerifyResult } from '../verify/result.js';
import { type Block, type Inline, parseMessage } from './blocks.js';
import type { BranchReport, ReportCheck } from './result.js';

/** More of a kind are counted, and not shown. */
const most = { migrations: 100, items: 50, characters: 500 } as const;

/** @param root the folder that files are named relative to. */
export function describeReport(report: BranchReport & { counts: FindingCounts }, root: string): Block[] {
  const { graph, added, edited, steps, trace, verified, checks } = report;
  const changed = [...added, ...edited];
  return [
    { kind: 'heading', level: 2, text: headline(report) },
    { kind: 'paragraph', parts: [{ bold: describeCounts(report.counts) }, ...baseOf(report)] },
    ...(changed.length > 0 ? [drawBranch(graph, new Set(changed))] : []),
    ...(steps.length > 0 ? [heading('Plan'), planTable(steps)] : []),
    ...(trace ? [heading('Locks, rewrites and scans'), ...describeTrace(trace)] : []),
    ...Object.entries(titles).flatMap(([check, title]) =>
      describeFindings(title, checks[check as ReportCheck], root),
    ),
    ...(verified ? describeVerified(verified) : []),
  ];
}

const titles: Readonly<Record<ReportCheck, string>> = {
  validate: 'Files and graph',
  lint: 'Lint',
  check: 'Order of unordered migrations',
  verify: 'Up, down and up again',
};

function heading(text: string): Block {
  return { kind: 'heading', level: 3, text };
}

function headline({ added, edited, graph, checks }: BranchReport): string {
  if (checks.validate?.counts.errors) return 'Migrations: invalid';
  if (graph.length === 0) return 'Migrations: unchanged';
  const parts = [
    ...(added.length > 0 ? [`${added.length} added`] : []),
    ...(edited.length > 0 ? [`${edited.length} edited`] : []),
  ];
  return `Migrations: ${parts.join(', ')}`;
}

function baseOf({ base }: BranchReport): Inline[] {
  return base ? [' compared with ', { code: base.revision }, ' at ', { code: base.commit.slice(0, 7) }] : [];
}

function describeCounts(counts: FindingCounts): string {
  return countsText(counts) || 'No problems found';
}

function drawBranch(all: readonly GraphMigration[], changed: ReadonlySet<string>): Block {
  const shown = all.slice(0, most.migrations);
  const ids = new Set(shown.map(({ id }) => id));
  const migrations = shown.map(({ id, timestamp, name, shownParents }) => ({
    ...{ id, timestamp, name },
    parents: shownParents.filter((parent) => ids.has(parent)),
  }));
  const byId = new Map(migrations.map((migration) => [migration.id, migration]));
  const graph: DrawnGraph = { migrations, get: (id) => byId.get(id) as (typeof migrations)[number] };
  return { kind: 'graph', mermaid: drawMermaidBranch(graph, changed), svg: drawSvg(graph) };
}

function planTable(steps: readonly PlannedStep[]): Block {
  const rows = steps
    .slice(0, most.items)
    .map(({ id, after, mode }, index): Inline[][] => [
      [String(index + 1)],
      [{ code: id }],
      joinCode(after),
      [mode === 'transaction' ? 'in a transaction' : 'statement by statement, outside of a transaction'],
    ]);
  const last = steps.length > most.items ? [[['…'], [`${steps.length - most.items} more`], [], []]] : [];
  return { kind: 'table', head: ['Step', 'Migration', 'After', 'Runs'], rows: [...rows, ...last] };
}

function joinCode(ids: readonly string[]): Inline[] {
  return ids.flatMap((id, index) => (index === 0 ? [{ code: id }] : [', ', { code: id }]));
}

function describeTrace({ server, migrations, missing }: Trace): Block[] {
  const rows = migrations.flatMap(({ id, statements }) =>
    statements.flatMap((statement): Inline[][][] => {
      const facts = statementFacts(statement);
      return facts.length === 0
        ? []
        : [[[{ code: id }], [`${statement.line}: `, { code: statementHead(statement) }], [facts.join('; ')]]];
    }),
  );
  const problems = [
    ...migrations.flatMap(({ id, untraced }) => (untraced ? [{ id, reason: untraced.reason }] : [])),
    ...missing,
  ];
  const none = `No statement locks, rewrites or scans a table that exists before (executed on an embedded PostgreSQL ${server}).`;
  const head = ['Migration', 'Statement', `Seen on an embedded PostgreSQL ${server}`];
  return [
    ...(rows.length > 0
      ? [{ kind: 'table' as const, head, rows: rows.slice(0, most.items) }]
      : [{ kind: 'paragraph' as const, parts: [none] }]),
    ...listOf(problems, ({ id, reason }) => [{ code: id }, ' could not be executed: ', clip(reason)]),
  ];
}

function describeFindings(title: string, check: LintFindings | undefined, root: string): Block[] {
  if (!check) return [];
  const { findings, counts } = check;
  const rank: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };
  // Infos would hide graver findings, except where there are none.
  const grave = findings.filter(({ severity }) => severity !== 'info');
  const sorted = [...(grave.length > 0 ? grave : findings)].sort(
    (a, b) => rank[a.severity] - rank[b.severity],
  );
  return [
    heading(title),
    { kind: 'paragraph', parts: [`${describeCounts(counts)}.`] },
    ...listOf(sorted, (finding) => describeFinding(finding, root)),
  ];
}

function describeFinding({ severity, code, message, location }: Finding, root: string): Inline[] {
  const place: Inline[] = location
    ? [{ code: `${pathFrom(root, location.file)}:${location.line}` }, ' ']
    : [];
  return [{ bold: severity }, ' ', { code }, ' ', ...place, ...parseMessage(clip(message))];
}

function pathFrom(root: string, file: string): string {
  return relative(root, file).split(sep).join('/');
}

function describeVerified({ migrations, untried, server }: VerifyResult): Block[] {
  const count = `${migrations.length} migration${migrations.length === 1 ? '' : 's'}`;
  return [
    { kind: 'paragraph', parts: [`${count} executed up, down and up again on PostgreSQL ${server}.`] },
    ...listOf(untried, ({ id, reason }) => [{ code: id }, ' was not tried: ', clip(reason)]),
  ];
}

function listOf<T>(items: readonly T[], describe: (item: T) => Inline[]): Block[] {
  if (items.length === 0) return [];
  const left = items.length - most.items;
  const more: Inline[][] = left > 0 ? [[`… ${left} more`]] : [];
  return [{ kind: 'list', items: [...items.slice(0, most.items).map(describe), ...more] }];
}

function clip(text: string): string {
  return outsideText(text, most.characters);
}
