/** Describes what decides about results beside the migrations: Kat, PostgreSQL, and the settings of a server. */

import type { Driver } from '../../../connections/driver.js';
import { readPgliteVersion } from '../../../connections/pglite/prepared-data.js';
import { build } from '../../../version.js';
import { type ShortSessionOptions, withSession } from '../../session/connect.js';
import { hash } from './migration-keys.js';

/** @returns undefined where PGlite is not installed, or this Kat is no build. */
export async function describeEmbedded(): Promise<string | undefined> {
  const version = await readPgliteVersion();
  return build && version ? hash([build, 'PGlite', version]) : undefined;
}

/** @returns undefined where this Kat is no build. */
export async function describeServer(
  kind: string,
  driver: Driver,
  options: ShortSessionOptions,
): Promise<string | undefined> {
  if (build === undefined) return undefined;
  const [facts] = await withSession(driver, 'kat verify', options, (session) => session.execute(serverFacts));
  return hash([build, kind, ...(facts?.rows ?? []).map(({ fact }) => fact ?? '')]);
}

/** Settings that were set by somebody, except those that name files and addresses; extensions, roles, and the database's own properties. */
const serverFacts = `SELECT fact FROM (
  SELECT pg_catalog.version() AS fact
  UNION ALL SELECT pg_catalog.format('setting %s=%s', name, setting) FROM pg_catalog.pg_settings
    WHERE source NOT IN ('default', 'override', 'client', 'session')
      AND name !~ '^(?:listen_addresses|port|.*_directories|.*_directory|.*_file|log_.*|application_name|client_.*)$'
  UNION ALL SELECT pg_catalog.format('extension %s %s', name, version) FROM pg_catalog.pg_available_extension_versions
  UNION ALL SELECT pg_catalog.format('role %s %s%s%s%s', rolname, rolsuper, rolcreaterole, rolbypassrls, rolname = current_user) FROM pg_catalog.pg_roles
  UNION ALL SELECT pg_catalog.format('member %s', m) FROM (SELECT roleid::pg_catalog.regrole, member::pg_catalog.regrole FROM pg_catalog.pg_auth_members) m
  UNION ALL SELECT pg_catalog.format('database %s %s %s', encoding, datcollate, datctype) FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()
  UNION ALL SELECT pg_catalog.format('database setting %s', setconfig) FROM pg_catalog.pg_db_role_setting WHERE setdatabase = 0
) f ORDER BY fact`;
