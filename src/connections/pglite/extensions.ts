/** The contrib extensions that PGlite brings: a database must be opened with those that its migrations create or use. */

import type { Extensions } from '@electric-sql/pglite';

/** As PGlite names their modules. Together they cost some twenty milliseconds of the seconds that opening takes. */
const names = [
  'amcheck',
  'auto_explain',
  'bloom',
  'btree_gin',
  'btree_gist',
  'citext',
  'cube',
  'dict_int',
  'dict_xsyn',
  'earthdistance',
  'file_fdw',
  'fuzzystrmatch',
  'hstore',
  'intarray',
  'isn',
  'lo',
  'ltree',
  'moddatetime',
  'pageinspect',
  'pg_buffercache',
  'pg_stat_statements',
  'pg_surgery',
  'pg_trgm',
  'pg_visibility',
  'pg_walinspect',
  'pgcrypto',
  'seg',
  'tablefunc',
  'tcn',
  'tsm_system_rows',
  'tsm_system_time',
  'unaccent',
  'uuid_ossp',
] as const;

/** @returns all of them; one that the installed version does not have is left out. */
export async function loadExtensions(): Promise<Extensions> {
  const modules = await Promise.allSettled(
    names.map((name) => import(`@electric-sql/pglite/contrib/${name}`)),
  );
  const found = modules.flatMap((module) =>
    module.status === 'fulfilled' ? [module.value as Extensions] : [],
  );
  return Object.assign({}, ...found) as Extensions;
}
