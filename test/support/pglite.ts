/** Makes PGlite databases for tests from the data folder that the test run keeps, as Kat itself does. */
import { MemoryFS, PGlite, type PGliteOptions } from '@electric-sql/pglite';
import { prepareData } from '../../src/connections/pglite/prepared-data.js';
import { placeData } from '../../src/connections/pglite/start-database.js';

/** A new, empty database, in memory unless `dataDir` says otherwise; close it at the end. Running initdb for each would take seconds. */
export async function emptyPglite(options: PGliteOptions = {}): Promise<PGlite> {
  const archive = await prepareData(PGlite, process.env);
  return PGlite.create({ ...options, ...placeData(MemoryFS, { dataDir: options.dataDir, archive }) });
}
