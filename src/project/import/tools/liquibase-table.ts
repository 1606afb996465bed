/** Liquibase's table knows a changeset by its id, its author and the path of its file. */

import { appliedAt, type Row, type TrackingTable, timeColumn } from '../tracking-table.js';

export const liquibaseTable: TrackingTable = {
  name: 'databasechangelog',
  columns: ['id', 'author', 'filename', 'dateexecuted', 'orderexecuted', 'exectype'],
  query: () => ({
    select: ['id', 'author', 'filename', 'exectype', timeColumn('dateexecuted')],
    orderBy: 'dateexecuted, orderexecuted',
  }),
  read: (rows, migrations) => {
    const executed = rows.filter(({ exectype }) =>
      ['EXECUTED', 'RERAN', 'MARK_RAN'].includes(exectype ?? ''),
    );
    const applied = withKeys(
      executed,
      migrations.map(({ key }) => key),
    );
    return {
      applied: applied.map(({ row, keys }) => ({
        keys,
        label: keyOfRow(row),
        ...appliedAt(row.dateexecuted),
      })),
      problems: [
        ...rows.filter(({ exectype }) => exectype === 'FAILED').map(failedProblem),
        ...applied.filter(({ keys }) => keys.length > 1).map(({ row, keys }) => ambiguousProblem(row, keys)),
      ],
    };
  },
};

/** As Liquibase itself writes it. */
export function keyOfChangeSet({ path, id, author }: { path: string; id: string; author: string }): string {
  return `${path.replaceAll('\\', '/')}::${id}::${author}`;
}

function keyOfRow({ id, author, filename }: Row): string {
  const path = (filename ?? '').replace(/^classpath:/, '').replace(/^\//, '');
  return keyOfChangeSet({ path, id: id ?? '', author: author ?? '' });
}

interface Keyed {
  row: Row;
  /** The changesets that it may be; its own key where there is none. */
  keys: string[];
}

/**
 * The path in the table begins where Liquibase's search path does: above the folder that was given, or below it. Files of two
 * folders may share the end of their paths. Then the whole path tells them apart, or where the paths of other rows begin.
 */
function withKeys(rows: readonly Row[], known: readonly string[]): Keyed[] {
  const found = rows.map((row): Keyed & { wanted: string } => {
    const wanted = keyOfRow(row);
    const fits = known.filter((key) => key.endsWith(`/${wanted}`) || wanted.endsWith(`/${key}`));
    return { row, wanted, keys: known.includes(wanted) || fits.length === 0 ? [wanted] : fits };
  });
  const sure = found.filter(({ keys }) => keys.length === 1);
  const beginnings = new Set(sure.map(({ wanted, keys: [key = ''] }) => beginningOf(wanted, key)));
  return found.map(({ row, wanted, keys }) => {
    const likely = keys.filter((key) => beginnings.has(beginningOf(wanted, key)));
    return { row, keys: likely.length === 1 ? likely : keys };
  });
}

/** What one of both paths has in front of the other. */
function beginningOf(wanted: string, key: string): string {
  return wanted.length > key.length
    ? `above ${wanted.slice(0, -key.length)}`
    : `below ${key.slice(0, key.length - wanted.length)}`;
}

function ambiguousProblem(row: Row, keys: readonly string[]) {
  return {
    message: `${keyOfRow(row)} may be ${keys.join(' or ')}`,
    help: 'Give the folder where the paths of the changelog begin.',
  };
}

function failedProblem(row: Row) {
  return {
    message: `${keyOfRow(row)} failed`,
    help: 'Put the database right, and run it again with Liquibase.',
  };
}
