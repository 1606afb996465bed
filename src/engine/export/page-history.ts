/** Reads from the log what the page shows of each migration's history. */

import type { Driver } from '../../connections/driver.js';
import { outsideText } from '../../outside-text.js';
import type { PageHistoryEntry } from '../../page/page-data.js';
import { present } from '../../present.js';
import { type HistoryEntry, readHistory } from '../read/history.js';
import type { ShortSessionOptions } from '../session/connect.js';
import { groupByMigration } from './group-by-migration.js';

/** How many entries of the whole log are read, and how many of one migration are shown. */
const most = { read: 20_000, shown: 10 } as const;

interface HistorySetting extends ShortSessionOptions {
  tableName: string;
  getDriver(): Promise<Driver>;
}

/** @returns the newest entries by the migration's id. */
export async function readPageHistory({
  tableName,
  getDriver,
  ...options
}: HistorySetting): Promise<Map<string | undefined, PageHistoryEntry[]>> {
  const place = { driver: await getDriver(), tableName, loadFolder: noFolder };
  const { entries } = await readHistory(place, { limit: most.read }, options);
  const groups = groupByMigration(entries);
  return new Map([...groups].map(([id, own]) => [id, own.slice(0, most.shown).map(describeEntry)]));
}

/** The folder is read only for the names of a filter. */
function noFolder(): never {
  throw new Error('no migrations are named');
}

function describeEntry({
  at,
  direction,
  outcome,
  statement,
  durationMs,
  client,
  error,
}: HistoryEntry): PageHistoryEntry {
  return {
    at,
    what: [direction, outcome, ...(statement === undefined ? [] : [`(statement ${statement})`])].join(' '),
    ...present({ durationMs }),
    client: outsideText(client),
    ...(error === undefined ? {} : { error: outsideText(error) }),
  };
}
