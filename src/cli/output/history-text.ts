/** The screen of `history`: a table of the log's entries, or all that they say. */

import type { History, HistoryEntry } from '../../engine/read/history.js';
import { readableDuration } from '../../graph/readable-duration.js';
import { secondsOf } from './state/status-text.js';
import type { Style } from './style.js';

export interface HistoryScreen {
  style: Style;
  /** The terminal's width in characters; undefined where lines may be as long as they like. */
  columns: number | undefined;
  /** Omit the migrations, if all entries belong to the same one. */
  isAboutOne?: boolean;
}

/** The columns of an entry; a narrow terminal shortens the migration. */
interface Cells {
  when: string;
  migration: string;
  outcome: string;
  took: string;
  client: string;
}

const columnNames = ['when', 'migration', 'outcome', 'took', 'client'] as const;

const leastMigrationWidth = 16;

/**
 * One line an entry, and one below it for what went wrong.
 * @returns lines; none where there are no entries.
 */
export function formatHistoryTable(entries: readonly HistoryEntry[], screen: HistoryScreen): string[] {
  const rows = entries.map((entry) => cellsOf(entry, screen));
  const widths = measure(rows, screen);
  return entries.flatMap((entry, index) => {
    const remark = remarkOf(entry);
    const { columns } = screen;
    return [
      formatCells(rows[index] as Cells, widths, screen.style),
      ...(remark === undefined
        ? []
        : [`  ${screen.style.dim(cut(firstLine(remark), columns && columns - 2))}`]),
    ];
  });
}

/** Everything that each entry says, in a block of lines. */
export function formatHistoryBlocks(entries: readonly HistoryEntry[], screen: HistoryScreen): string[] {
  return entries.flatMap((entry, index) => {
    const { when, migration, outcome, took } = cellsOf(entry, screen);
    const remark = remarkOf(entry)?.split('\n') ?? [];
    const lines = [`by ${entry.client}, as ${entry.databaseUser}, with Kat ${entry.katVersion}`, ...remark];
    const head = [when, migration, outcome, took].filter(Boolean).join('  ');
    const block = [paint(entry.outcome, head, screen.style), ...lines.map((line) => `  ${line}`)];
    return index === 0 ? block : ['', ...block];
  });
}

/** The text if no entries or not all entries are shown. */
export function formatHistoryEnd({ hasLog, entries, hasMore }: History): string[] {
  if (!hasLog) {
    return [
      "This database has no log yet: Kat creates it in its first run. Go's Kat writes no log.",
      '`kat status` shows what is applied.',
    ];
  }
  if (entries.length === 0) return ['The log has no matching entries.'];
  return hasMore ? ['', 'There are older entries: --limit N shows more, --all shows all.'] : [];
}

function cellsOf(entry: HistoryEntry, { isAboutOne = false }: HistoryScreen): Cells {
  return {
    when: secondsOf(entry.at),
    migration: isAboutOne ? '' : entry.migration,
    outcome: outcomeOf(entry),
    took: entry.durationMs === undefined ? '' : readableDuration(entry.durationMs),
    client: entry.client,
  };
}

/** `up succeeded`, `up failed in statement 2`, `up: statement 2 finished`. */
function outcomeOf({ direction, outcome, statement }: HistoryEntry): string {
  if (statement === undefined) return `${direction} ${outcome}`;
  if (outcome === 'failed') return `${direction} failed in statement ${statement}`;
  if (outcome === 'statement undone') return `${direction}: statement ${statement} to be run again`;
  return `${direction}: ${outcome.replace('statement', `statement ${statement}`)}`;
}

/** Explanations of the words in the table. */
function remarkOf({ error, outcome, direction }: HistoryEntry): string | undefined {
  if (error !== undefined) return error;
  if (outcome === 'stamped') {
    return `recorded as ${direction === 'up' ? 'applied' : 'not applied'}, without running SQL`;
  }
  if (outcome === 'statement undone') return 'may run again from its beginning';
  return outcome === 'repaired' ? 'its record was corrected, without running SQL' : undefined;
}

type Widths = Record<keyof Cells, number>;

function measure(rows: readonly Cells[], { columns }: HistoryScreen): Widths {
  const width = (name: keyof Cells) =>
    rows.reduce((widest, cells) => Math.max(widest, cells[name].length), 0);
  const widths = Object.fromEntries(columnNames.map((name) => [name, width(name)])) as Widths;
  if (columns === undefined) return widths;
  const overhang = () =>
    columnNames.reduce((sum, name) => sum + (widths[name] && widths[name] + 2), -2) - columns;
  if (overhang() > 0) widths.migration = shrink(widths.migration, overhang());
  if (overhang() > 0) widths.client = Math.max(0, widths.client - overhang());
  return widths;
}

function shrink(width: number, by: number): number {
  return Math.max(Math.min(width, leastMigrationWidth), width - by);
}

function formatCells(cells: Cells, widths: Widths, style: Style): string {
  const shown = columnNames.filter((name) => widths[name] > 0);
  const texts = shown.map((name) => {
    const text = cut(cells[name], widths[name]).padEnd(widths[name]);
    return name === 'outcome' ? paint(cells.outcome, text, style) : text;
  });
  return texts.join('  ').trimEnd();
}

function paint(outcome: string, text: string, style: Style): string {
  if (outcome.includes('failed')) return style.red(text);
  return outcome.endsWith('succeeded') ? style.green(text) : text;
}

function cut(text: string, width: number | undefined): string {
  if (width === undefined || text.length <= width) return text;
  return width > 1 ? `${text.slice(0, width - 1)}…` : '';
}

function firstLine(text: string): string {
  const [line = '', ...others] = text.split('\n');
  return others.length > 0 ? `${line} …` : line;
}
