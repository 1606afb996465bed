/** Liquibase's table knows a changeset by its id, its author and the path of its file. */

import type { SourceMigration } from '../source.js';
import { appliedAt, type Row, type TrackingTable, timeColumn } from '../tracking-table.js';

export const liquibaseTable: TrackingTable = {
  name: 'databasechangelog',
  columns: ['id', 'author', 'filename', 'dateexecuted', 'orderexecuted', 'exectype'],
  query: () => ({
    select: ['id', 'author', 'filename', 'exectype', timeColumn('dateexecuted')],
    orderBy: 'dateexecuted, orderexecuted',
  }),
  read: (rows, migrations) => ({
    applied: rows
      .filter(({ exectype }) => ['EXECUTED', 'RERAN', 'MARK_RAN'].includes(exectype ?? ''))
      .map((row) => ({
        keys: [findKey(row, migrations)],
        label: keyOfRow(row),
        ...appliedAt(row.dateexecuted),
      })),
    problems: rows.filter(({ exectype }) => exectype === 'FAILED').map(failedProblem),
  }),
};

/** As Liquibase itself writes it. */
export function keyOfChangeSet({ path, id, author }: { path: string; id: string; author: string }): string {
  return `${path.replaceAll('\\', '/')}::${id}::${author}`;
}

function keyOfRow({ id, author, filename }: Row): string {
  const path = (filename ?? '').replace(/^classpath:/, '').replace(/^\//, '');
  return keyOfChangeSet({ path, id: id ?? '', author: author ?? '' });
}

/** The path in the table begins where Liquibase's search path does: above the folder that was given, or below it. */
function findKey(row: Row, migrations: readonly SourceMigration[]): string {
  const wanted = keyOfRow(row);
  const fits = ({ key }: SourceMigration) =>
    key === wanted || key.endsWith(`/${wanted}`) || wanted.endsWith(`/${key}`);
  return migrations.find(fits)?.key ?? wanted;
}

function failedProblem(row: Row) {
  return {
    message: `${keyOfRow(row)} failed`,
    help: 'Put the database right, and run it again with Liquibase.',
  };
}
