// The tracking table and its log as Kat itself makes and fills them, for those that are measured beside it.

import { importSources } from '../../scripts/import-sources.mjs';

/** What a database looks like to which Kat has never come. */
const missing = { name: { schema: 'public', table: 'migrations' }, shape: undefined, hasLog: false };

/**
 * @returns the statements of Kat's own ledger
 */
export async function openLedgerStatements() {
  const { ensureLedger, recordWrite, elapsedSince, logWrite, checksum } = await importSources(
    'src/engine/ledger/ledger.ts',
    'src/engine/ledger/create-ledger.ts',
    'src/engine/ledger/log.ts',
    'src/project/folder/load.ts',
  );
  const elapsedMs = elapsedSince('pg_catalog.now()');
  const created = [];
  const ledger = await ensureLedger({ execute: async (sql) => created.push(sql) }, missing);
  return {
    /** Creates both tables. */
    createTables: created.join(';\n'),
    /** Of what is in an `up.sql`. */
    checksum,
    /** The statements that record one migration. */
    recordOf: ({ id, parents, up, down }) => [
      recordWrite(ledger, { id, direction: 'up' }, { elapsedMs }).sql,
      logWrite(ledger, {
        id,
        direction: 'up',
        outcome: 'succeeded',
        elapsedMs,
        checksum: checksum(up),
        parents: parents.map(String),
        noTransaction: false,
        downSql: down,
      }).sql,
    ],
  };
}

/** Records migrations as applied in a database that has both tables, without applying them. */
export async function recordAll(database, { createTables, checksum }, migrations) {
  const arrayOf = (values) => `'{${values.join(',')}}'::text[]`;
  const ids = arrayOf(migrations.map(({ id }) => id));
  const checksums = arrayOf(migrations.map(({ up }) => checksum(up)));
  await database.query(`${createTables};
    INSERT INTO migrations (name, migration_time, duration) SELECT id, now(), 1 FROM unnest(${ids}) AS id;
    INSERT INTO migrations_log (migration, direction, outcome, checksum, client, kat_version)
    SELECT id, 'up', 'succeeded', checksum, 'bench', '0' FROM unnest(${ids}, ${checksums}) AS done (id, checksum);
    ANALYZE`);
}
