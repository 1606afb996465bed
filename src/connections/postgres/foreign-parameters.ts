/** Connection parameters of other programs: which of them change nothing for Kat, and what to write instead of the others. */

/** They govern pools, prepared statements or drivers, of which Kat has none. */
const withoutEffect = new Set([
  // Prisma
  ...['connection_limit', 'pool_timeout', 'pgbouncer', 'statement_cache_size', 'single_use_connections'],
  // node-postgres
  ...['uselibpqcompat', 'max', 'min', 'idleTimeoutMillis', 'allowExitOnIdle', 'keepAlive'],
  // lib/pq and pgx
  ...[
    'binary_parameters',
    'default_query_exec_mode',
    'statement_cache_capacity',
    'description_cache_capacity',
  ],
  ...['pool_max_conns', 'pool_min_conns', 'pool_max_conn_lifetime', 'pool_max_conn_idle_time'],
  ...['pool_health_check_period', 'pool_max_conn_lifetime_jitter'],
  // JDBC
  ...['ApplicationName', 'prepareThreshold', 'reWriteBatchedInserts', 'tcpKeepAlive', 'stringtype'],
]);

const searchPath =
  'Write `search_path=…` instead; it is the first schema there that migrations create tables in.';
const tls =
  'Write `sslmode=require` to encrypt, `sslmode=verify-full` to check the certificate too, or `sslmode=disable`.';
const timeout = 'Write `connect_timeout=…`, in seconds.';
const unsupported = 'Kat does not support this parameter of libpq. Leave it out.';
const writable = 'Leave it out: Kat needs a server that accepts writes, and checks that.';

const helps: Readonly<Record<string, string>> = {
  schema: searchPath,
  currentSchema: searchPath,
  ssl: tls,
  sslaccept: tls,
  sslidentity: 'Write `sslcert` and `sslkey` with the paths of PEM files.',
  requiressl: tls,
  tls,
  ssl_mode: 'Write `sslmode`.',
  sslfactory: 'Write `sslmode=verify-full`, and `sslrootcert` with the path of a PEM file.',
  socket_timeout: 'Write `statement_timeout=…`, in milliseconds.',
  query_timeout: 'Write `statement_timeout=…`, in milliseconds.',
  command_timeout: 'Write `statement_timeout=…`, in milliseconds.',
  socketTimeout: 'Write `statement_timeout=…`, in milliseconds.',
  connectionTimeoutMillis: timeout,
  connectTimeout: timeout,
  loginTimeout: timeout,
  database: 'Write the name behind the host: `/name`.',
  db: 'Write the name behind the host: `/name`.',
  dbName: 'Write the name behind the host: `/name`.',
  username: 'Write `user`.',
  targetServerType: writable,
  server_settings: 'Write each setting as a parameter of its own, such as `search_path=…`.',
  charset: 'Leave it out: Kat always uses UTF-8.',
  encoding: 'Leave it out: Kat always uses UTF-8.',
  ...Object.fromEntries(
    [
      ...['sslcrl', 'sslcrldir', 'ssl_max_protocol_version'],
      ...['sslkeylogfile', 'require_auth', 'requirepeer', 'gsslib', 'gssdelegation', 'replication'],
      ...[
        'min_protocol_version',
        'max_protocol_version',
        'scram_client_key',
        'scram_server_key',
        'servicefile',
      ],
      ...['oauth_issuer', 'oauth_client_id', 'oauth_client_secret', 'oauth_scope'],
    ].map((keyword) => [keyword, unsupported]),
  ),
};

/** The reason why Kat cannot support a value that libpq or another program knows. */
const valueHelps: Readonly<Record<string, string>> = {
  'sslmode no-verify': 'Write `sslmode=require`: it encrypts without checking the certificate.',
  'sslmode prefer-verify': tls,
  'sslmode true': tls,
  'sslmode on': tls,
  'sslmode off': 'Write `sslmode=disable`.',
  'sslmode false': 'Write `sslmode=disable`.',
  'target_session_attrs read-only': writable,
  'target_session_attrs standby': writable,
  'target_session_attrs prefer-standby': writable,
  'load_balance_hosts random': 'Leave it out: Kat connects to one host.',
  'sslnegotiation direct': "Leave it out: Kat asks the server for TLS in PostgreSQL's own way.",
};

/** Whether it changes nothing for Kat. */
export function isWithoutEffect(keyword: string): boolean {
  return withoutEffect.has(keyword);
}

/** @returns what to write instead of a parameter that Kat does not take; undefined where it is no known one. */
export function helpForParameter(keyword: string): string | undefined {
  return Object.hasOwn(helps, keyword) ? helps[keyword] : undefined;
}

/** @returns what to write instead of a value that Kat does not take; undefined where it is no known one. */
export function helpForValue(keyword: string, value: string): string | undefined {
  const key = `${keyword} ${value}`;
  return Object.hasOwn(valueHelps, key) ? valueHelps[key] : undefined;
}
