/** Makes libpq's own programs connect as Kat does; the environment hides passwords from process lists. */

import type { Target } from './libpq.js';

/**
 * The environment for such a program: no PG* variable of ours but those that say what was decided.
 * A password for the client's key is the one thing that libpq takes from no variable.
 */
export function programEnvironment(target: Target, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { certificates, connectTimeoutMs } = target;
  const certificateOf = (keyword: string, path: string) =>
    certificates.given.has(keyword) ? path : undefined;
  const decided = {
    PGHOST: target.host,
    PGHOSTADDR: target.address,
    PGPORT: String(target.port),
    PGUSER: target.user,
    PGPASSWORD: target.password,
    PGDATABASE: target.database,
    PGSSLMODE: target.sslmode,
    PGSSLROOTCERT: certificateOf('sslrootcert', certificates.root),
    PGSSLCERT: certificateOf('sslcert', certificates.certificate),
    PGSSLKEY: certificateOf('sslkey', certificates.key),
    PGCHANNELBINDING: target.needsChannelBinding ? 'require' : undefined,
    PGGSSENCMODE: 'disable',
    PGCONNECT_TIMEOUT: String(Math.ceil(connectTimeoutMs / 1000)),
    PGOPTIONS: target.options,
    // The program's messages are read for what they mean.
    LC_ALL: 'C',
  };
  const others = Object.entries(env).filter(([name]) => !name.startsWith('PG'));
  const given = Object.entries(decided).filter(([, value]) => value !== undefined);
  return Object.fromEntries([...others, ...given]);
}
