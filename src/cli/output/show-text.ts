/** Formats the output of `show`: the details of one migration, the most important first. */

import { basename } from 'node:path';
import { nameStates } from '../../engine/ledger/state-names.js';
import type { MigrationDetails, RelatedMigration } from '../../engine/read/show.js';
import type { MigrationWaits } from '../../graph/migration.js';
import { shortPath } from './excerpt.js';
import { formatHistoryTable, type HistoryScreen } from './history-text.js';
import { formatStanding, formatStatusFindings } from './state/status-text.js';
import type { Style } from './style.js';

export interface ShowScreen extends HistoryScreen {
  /** The folder that file names are shown relative to. */
  cwd: string;
}

/** How many lines of an SQL file are shown among other things. */
const shownLines = 40;

/** Facts, SQL and history. */
export function formatDetails(details: MigrationDetails, screen: ShowScreen): string {
  const { description, files, up, down, storedDown, status } = details;
  const lines = [
    screen.style.bold(details.id),
    ...(description === undefined ? [] : [`  ${description}`]),
    '',
    ...factsOf(details, screen).map(([name, text]) => `  ${name.padEnd(factWidth)}${text}`.trimEnd()),
    ...sqlSection(basename(files?.up ?? 'up.sql'), up, screen.style),
    ...sqlSection(basename(files?.down ?? 'down.sql'), down, screen.style),
    ...sqlSection(
      'down.sql as it was when this was applied, which `kat down` runs',
      storedDown,
      screen.style,
    ),
    ...(status ? historySection(details, screen) : []),
  ];
  return `${lines.join('\n')}\n`;
}

const factWidth = 12;

type Fact = [name: string, text: string];

function factsOf(details: MigrationDetails, { style, cwd }: ShowScreen): Fact[] {
  const { files, waits = {}, ancestors, descendants } = details;
  return [
    ...stateFacts(details, style),
    ...relatedFacts('parents', details.parents),
    ...relatedFacts('children', details.children),
    ['graph', `${ancestors} before it, ${descendants} after it`],
    ['runs', details.noTransaction ? 'statement by statement (no_transaction)' : 'in one transaction'],
    ...listFacts('waits', waitTexts(waits)),
    ...listFacts('files', files ? Object.values(files).map((file) => shortPath(file, cwd)) : []),
  ];
}

function stateFacts({ status, recordedBy }: MigrationDetails, style: Style): Fact[] {
  if (!status) return [];
  const { client, databaseUser, katVersion } = recordedBy ?? {};
  const by = recordedBy ? [`by ${client}, as ${databaseUser}, with Kat ${katVersion}`] : [];
  return listFacts('state', [
    `${status.appliedAt ? 'applied' : status.waitsFor ? 'pending' : 'gone'}: ${formatStanding(status)}`,
    ...formatStatusFindings(status, style),
    ...by,
  ]);
}

function relatedFacts(name: string, related: readonly RelatedMigration[]): Fact[] {
  if (related.length === 0) return [[name, 'none']];
  const width = Math.max(...related.map(({ id }) => id.length));
  return listFacts(
    name,
    related.map((migration) => `${migration.id.padEnd(width)}  ${nameStates(migration)}`),
  );
}

/** The name precedes the first of several lines. */
function listFacts(name: string, texts: readonly string[]): Fact[] {
  return texts.map((text, index) => [index === 0 ? name : '', text]);
}

function waitTexts(waits: Partial<MigrationWaits>): string[] {
  const { lockTimeoutMs, statementTimeoutMs, retryForMs, maxBlockMs } = waits;
  const named = [
    ['lock_timeout', lockTimeoutMs],
    ['statement_timeout', statementTimeoutMs],
    ['retry_for', retryForMs],
    ['max_block', maxBlockMs],
  ] as const;
  return named.flatMap(([name, ms]) => (ms === undefined ? [] : [`${name} ${formatLimit(ms)}`]));
}

/** As it could stand in metadata.yaml. */
function formatLimit(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

function sqlSection(title: string, sql: string | undefined, style: Style): string[] {
  if (sql === undefined) return [];
  const lines = sql.trimEnd().split(/\r?\n/);
  const rest = lines.length - shownLines;
  return [
    '',
    style.bold(title),
    ...lines.slice(0, shownLines).map((line) => `  ${line}`.trimEnd()),
    ...(rest > 0 ? [style.dim(`  … ${rest} more lines`)] : []),
  ];
}

function historySection({ history }: MigrationDetails, screen: ShowScreen): string[] {
  const { entries, hasMore } = history;
  if (entries.length === 0) return [];
  return [
    '',
    screen.style.bold('History'),
    ...formatHistoryTable(entries, { ...screen, isAboutOne: true }).map((line) => `  ${line}`),
    ...(hasMore ? [screen.style.dim('  … and more: see `kat history`')] : []),
  ];
}
