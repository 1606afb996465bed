/** One change for each kind of object and property, and the differences that a comparison must find. */

export interface Mutation {
  sql: string;
  /** Change and object, for a change of an object its properties; what goes with a whole object is left out. */
  found: readonly string[];
  /** The first major that knows the statement. */
  since?: number;
}

const change = (sql: string, ...found: readonly string[]): Mutation => ({ sql, found });

const since = (major: number, sql: string, ...found: readonly string[]): Mutation => ({
  sql,
  found,
  since: major,
});

const tables: readonly Mutation[] = [
  change('CREATE TABLE app.new (id int PRIMARY KEY)', 'added table app.new'),
  change('DROP TABLE app.dogs', 'removed table app.dogs', 'changed publication feed: tables'),
  change('DROP TABLE app."Odd ""Names"""', 'removed table app."Odd ""Names"""'),
  change('ALTER TABLE app.shape SET UNLOGGED', 'changed table app.shape: persistence'),
  change('ALTER TABLE app.animals SET (fillfactor = 50)', 'changed table app.animals: options'),
  change('ALTER TABLE app.users RESET (fillfactor)', 'changed table app.users: options'),
  change(
    'ALTER TABLE app.users SET (toast.autovacuum_enabled = false)',
    'changed table app.users: toastOptions',
  ),
  change('ALTER TABLE app.users DISABLE ROW LEVEL SECURITY', 'changed table app.users: rowSecurity'),
  change('ALTER TABLE app.users FORCE ROW LEVEL SECURITY', 'changed table app.users: forceRowSecurity'),
  change('ALTER TABLE app.animals REPLICA IDENTITY FULL', 'changed table app.animals: replicaIdentity'),
  change(
    'ALTER TABLE app.orders REPLICA IDENTITY USING INDEX orders_pkey',
    'changed table app.orders: replicaIdentity',
  ),
  change('ALTER TABLE app.animals OWNER TO pg_monitor', 'changed table app.animals: owner'),
  change('ALTER TABLE app.shape NOT OF', 'changed table app.shape: ofType'),
  change(
    'ALTER TABLE app.dogs NO INHERIT app.animals',
    'changed table app.dogs: inherits',
    'changed column app.dogs.legs: inherited',
    'changed column app.dogs.name: inherited',
  ),
  change(
    `ALTER TABLE app.events DETACH PARTITION app.events_2024;
     ALTER TABLE app.events ATTACH PARTITION app.events_2024 FOR VALUES FROM ('2024-01-01') TO ('2024-06-01')`,
    'changed table app.events_2024: partitionBound',
  ),
  change(
    `ALTER TABLE app.animals SET SCHEMA other`,
    'removed table app.animals',
    'added table other.animals',
    'changed table app.dogs: inherits',
    'changed publication feed: tables',
  ),
  change(
    'ALTER FOREIGN TABLE app.far OPTIONS (SET table_name $$near$$)',
    'changed foreign table app.far: foreignOptions',
  ),
];

const columns: readonly Mutation[] = [
  change('ALTER TABLE app.users ADD COLUMN age int', 'added column app.users.age'),
  change('ALTER TABLE app.users DROP COLUMN born', 'removed column app.users.born'),
  change('ALTER TABLE app.dogs ALTER COLUMN breed TYPE varchar(9)', 'changed column app.dogs.breed: type'),
  change(
    'ALTER TABLE app.dogs ALTER COLUMN breed TYPE text COLLATE "C"',
    'changed column app.dogs.breed: collation',
  ),
  change('ALTER TABLE app.users ALTER COLUMN note SET NOT NULL', 'changed column app.users.note: notNull'),
  change('ALTER TABLE app.orders ALTER COLUMN at DROP NOT NULL', 'changed column app.orders.at: notNull'),
  change('ALTER TABLE app.users ALTER COLUMN name DROP DEFAULT', 'changed column app.users.name: default'),
  change(
    `ALTER TABLE app.users ALTER COLUMN seen SET DEFAULT '2001-02-03 04:05:07+02'`,
    'changed column app.users.seen: default',
  ),
  change(
    'ALTER TABLE app.users ALTER COLUMN ratio SET DEFAULT 0.10000000000000002',
    'changed column app.users.ratio: default',
  ),
  change(
    'ALTER TABLE app.users ALTER COLUMN twice DROP EXPRESSION',
    'changed column app.users.twice: generated',
  ),
  change(
    'ALTER TABLE app.users ALTER COLUMN id SET GENERATED ALWAYS',
    'changed column app.users.id: identity',
  ),
  change('ALTER TABLE app.users ALTER COLUMN id SET INCREMENT 7', 'changed column app.users.id: identity'),
  change('ALTER TABLE app.users ALTER COLUMN id DROP IDENTITY', 'changed column app.users.id: identity'),
  change(
    'ALTER TABLE app.users ALTER COLUMN note SET STORAGE EXTERNAL',
    'changed column app.users.note: storage',
  ),
  change(
    'ALTER TABLE app.users ALTER COLUMN note SET COMPRESSION pglz',
    'changed column app.users.note: compression',
  ),
  change(
    'ALTER TABLE app.users ALTER COLUMN note SET STATISTICS 500',
    'changed column app.users.note: statistics',
  ),
  change(
    'ALTER TABLE app.users ALTER COLUMN note SET (n_distinct = 5)',
    'changed column app.users.note: options',
  ),
  change(
    'ALTER FOREIGN TABLE app.far ALTER COLUMN id OPTIONS (SET column_name $$yes$$)',
    'changed column app.far.id: foreignOptions',
  ),
  change(
    'ALTER TABLE app.animals RENAME COLUMN legs TO feet',
    'removed column app.animals.legs',
    'removed column app.dogs.legs',
    'added column app.animals.feet',
    'added column app.dogs.feet',
  ),
  change(`ALTER VIEW app.rich ALTER COLUMN name SET DEFAULT 'x'`, 'added column app.rich.name'),
  since(
    18,
    'ALTER TABLE app.orders RENAME CONSTRAINT orders_at_not_null TO at_is_set',
    'changed column app.orders.at: notNull',
  ),
  since(
    18,
    'ALTER TABLE app.users ADD CONSTRAINT note_is_set NOT NULL note NOT VALID',
    'changed column app.users.note: notNull',
  ),
  since(
    18,
    'ALTER TABLE app.orders ALTER at DROP NOT NULL, ADD CONSTRAINT at_is_set NOT NULL at NOT VALID',
    'changed column app.orders.at: notNull',
  ),
  since(
    18,
    'ALTER TABLE app.orders ALTER CONSTRAINT orders_at_not_null NO INHERIT',
    'changed column app.orders.at: notNull',
  ),
];

const constraints: readonly Mutation[] = [
  change('ALTER TABLE app.users DROP CONSTRAINT name_length', 'removed constraint name_length on app.users'),
  change(
    'ALTER TABLE app.orders ADD CONSTRAINT positive CHECK (amount > 0)',
    'added constraint positive on app.orders',
  ),
  change(
    'ALTER TABLE app.users DROP CONSTRAINT name_length; ALTER TABLE app.users ADD CONSTRAINT name_length CHECK (length(name) > 1) NOT VALID',
    'changed constraint name_length on app.users: definition',
    'removed comment on table constraint name_length on app.users',
  ),
  change(
    'ALTER TABLE app.orders ALTER CONSTRAINT orders_user DEFERRABLE INITIALLY DEFERRED',
    'changed constraint orders_user on app.orders: definition',
  ),
  change(
    'ALTER TABLE app.orders DISABLE TRIGGER ALL',
    'changed constraint orders_user on app.orders: triggers',
  ),
  change(
    'ALTER TABLE app.orders DROP CONSTRAINT orders_user_id_at_key',
    'removed constraint orders_user_id_at_key on app.orders',
  ),
  change(
    'ALTER INDEX app.orders_user_id_at_key SET (fillfactor = 70)',
    'changed constraint orders_user_id_at_key on app.orders: indexOptions',
  ),
  change('CLUSTER app.orders USING orders_pkey', 'changed constraint orders_pkey on app.orders: clustered'),
  change('ALTER DOMAIN app.email DROP CONSTRAINT has_at', 'removed constraint has_at on app.email'),
  change('DROP INDEX app.orders_amount', 'removed index app.orders_amount'),
  change(
    'DROP INDEX app.orders_amount; CREATE INDEX orders_amount ON app.orders (amount DESC NULLS LAST) INCLUDE (at) WHERE amount > 1',
    'changed index app.orders_amount: definition',
  ),
  change('ALTER INDEX app.users_lower SET (fillfactor = 70)', 'changed index app.users_lower: definition'),
  change(
    'ALTER INDEX app.users_lower ALTER COLUMN 1 SET STATISTICS 300',
    'changed index app.users_lower: statistics',
  ),
  change(
    `UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'app.users_lower'::regclass`,
    'changed index app.users_lower: invalid',
  ),
  change('ALTER TABLE app.users CLUSTER ON users_lower', 'changed index app.users_lower: clustered'),
  change(
    'ALTER INDEX app.users_lower RENAME TO by_name',
    'removed index app.users_lower',
    'added index app.by_name',
  ),
  change('CREATE INDEX only_parent ON ONLY app.events (payload)', 'added index app.only_parent'),
  change('DROP STATISTICS app.orders_stats', 'removed statistics object app.orders_stats'),
  change(
    'ALTER STATISTICS app.orders_stats SET STATISTICS 200',
    'changed statistics object app.orders_stats: target',
  ),
];

const programs: readonly Mutation[] = [
  change(
    `CREATE OR REPLACE FUNCTION app.area(width integer, height integer DEFAULT 1) RETURNS integer LANGUAGE sql STABLE AS 'SELECT height * width'`,
    'changed function app.area(integer,integer): definition',
  ),
  change('ALTER FUNCTION app.area IMMUTABLE', 'changed function app.area(integer,integer): definition'),
  change(
    'ALTER FUNCTION app.area SET work_mem = 1000',
    'changed function app.area(integer,integer): definition',
  ),
  change('ALTER FUNCTION app.area OWNER TO pg_monitor', 'changed function app.area(integer,integer): owner'),
  change('DROP PROCEDURE app.refresh', 'removed procedure app.refresh()'),
  change(
    `CREATE OR REPLACE AGGREGATE app.total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '1')`,
    'changed aggregate app.total(integer): initialState',
  ),
  change(
    'ALTER OPERATOR app.=== (app.point3, app.point3) SET (RESTRICT = eqsel)',
    'changed operator app.===(app.point3,app.point3): restrict',
  ),
  change(
    'ALTER OPERATOR FAMILY app.points USING hash ADD OPERATOR 1 app.=== (app.point3, app.point3)',
    'changed operator family app.points using hash: members',
  ),
  change(
    'CREATE OPERATOR CLASS app.point_ops FOR TYPE app.point3 USING hash FAMILY app.points AS OPERATOR 1 app.===',
    'added operator class app.point_ops using hash',
    'changed operator family app.points using hash: members',
  ),
  change('DROP CAST (integer AS app.mood)', 'removed cast (integer AS app.mood)'),
  change('ALTER TABLE app.users DISABLE TRIGGER touch', 'changed trigger touch on app.users: state'),
  change('DROP TRIGGER touch ON app.users', 'removed trigger touch on app.users'),
  change(
    'DROP TRIGGER touch ON app.users; CREATE TRIGGER touch BEFORE UPDATE ON app.users FOR EACH ROW EXECUTE FUNCTION app.touch()',
    'changed trigger touch on app.users: definition',
  ),
  change(
    'CREATE TRIGGER stamp BEFORE INSERT ON app.events FOR EACH ROW EXECUTE FUNCTION app.touch()',
    'added trigger stamp on app.events',
  ),
  change(
    'CREATE OR REPLACE RULE no_delete AS ON DELETE TO app.animals DO ALSO NOTHING',
    'changed rule no_delete on app.animals: definition',
  ),
  change('ALTER TABLE app.animals DISABLE RULE no_delete', 'changed rule no_delete on app.animals: state'),
  change('ALTER EVENT TRIGGER watch_ddl DISABLE', 'changed event trigger watch_ddl: state'),
  change('DROP EVENT TRIGGER watch_ddl', 'removed event trigger watch_ddl'),
  change('CREATE TRUSTED LANGUAGE other_sql HANDLER plpgsql_call_handler', 'added language other_sql'),
  change(
    'CREATE ACCESS METHOD second_heap TYPE TABLE HANDLER heap_tableam_handler',
    'added access method second_heap',
  ),
  change(
    'DROP EXTENSION plpgsql CASCADE',
    'removed extension plpgsql',
    'removed function app.log_ddl()',
    'removed function app.touch()',
    'removed procedure app.refresh()',
    'removed trigger touch on app.users',
    'removed trigger touch_events on app.events_2024',
    'removed event trigger watch_ddl',
  ),
];

const views: readonly Mutation[] = [
  change('DROP VIEW app.rich', 'removed view app.rich'),
  change(
    'CREATE OR REPLACE VIEW app.rich WITH (security_barrier) AS SELECT u.id, u.name, max(o.amount) AS paid FROM app.users u JOIN app.orders o ON o.user_id = u.id GROUP BY u.id, u.name',
    'changed view app.rich: query',
  ),
  change('ALTER VIEW app.rich RESET (security_barrier)', 'changed view app.rich: options'),
  change('ALTER VIEW app.rich RENAME COLUMN paid TO spent', 'changed view app.rich: columns, query'),
  change('DROP MATERIALIZED VIEW app.totals', 'removed materialized view app.totals'),
  change(
    'REFRESH MATERIALIZED VIEW app.totals WITH NO DATA',
    'changed materialized view app.totals: unpopulated',
  ),
  change('ALTER SEQUENCE app.numbers INCREMENT 6', 'changed sequence app.numbers: options'),
  change('ALTER SEQUENCE app.numbers OWNED BY app.orders.amount', 'changed sequence app.numbers: ownedBy'),
  change('DROP SEQUENCE app.numbers', 'removed sequence app.numbers'),
  change('ALTER SEQUENCE app.orders_id_seq CYCLE', 'changed sequence app.orders_id_seq: options'),
];

const types: readonly Mutation[] = [
  change(`ALTER TYPE app.mood ADD VALUE 'fine' BEFORE 'happy'`, 'changed enum type app.mood: labels'),
  change(`ALTER TYPE app.mood RENAME VALUE 'sad' TO 'blue'`, 'changed enum type app.mood: labels'),
  change(
    'ALTER TYPE app.point3 ADD ATTRIBUTE z integer CASCADE',
    'changed composite type app.point3: attributes',
    'added column app.shape.z',
  ),
  change(`ALTER DOMAIN app.plain SET DEFAULT 'some'`, 'changed domain app.plain: default'),
  change('ALTER DOMAIN app.plain SET NOT NULL', 'changed domain app.plain: notNull'),
  change(
    'ALTER DOMAIN app.plain ADD CONSTRAINT small CHECK (length(VALUE) < 10)',
    'added constraint small on app.plain',
  ),
  change('DROP TYPE app.span', 'removed range type app.span'),
  change(
    'DROP TYPE app.span; CREATE TYPE app.span AS RANGE (subtype = timestamptz, subtype_diff = app.gap)',
    'changed range type app.span: difference',
  ),
  change('CREATE TYPE app.hollow', 'added base type app.hollow'),
  change('DROP COLLATION app.bytes', 'removed collation app.bytes'),
  change(
    `DROP COLLATION app.bytes; CREATE COLLATION app.bytes (provider = libc, locale = 'POSIX')`,
    'changed collation app.bytes: definition',
  ),
  change(
    `CREATE CONVERSION app.latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8`,
    'added conversion app.latin',
  ),
];

const access: readonly Mutation[] = [
  change(
    'GRANT DELETE ON app.users TO pg_monitor',
    'changed privileges of pg_monitor on table app.users: privileges',
  ),
  change('GRANT SELECT ON app.users TO PUBLIC', 'added privileges of PUBLIC on table app.users'),
  change(
    'REVOKE ALL ON app.users FROM CURRENT_USER',
    'added revoked privileges of postgres on table app.users',
  ),
  change(
    'REVOKE GRANT OPTION FOR UPDATE (name) ON app.users FROM pg_monitor',
    'changed privileges of pg_monitor on table column app.users.name: privileges',
  ),
  change('REVOKE USAGE ON SCHEMA app FROM pg_monitor', 'removed privileges of pg_monitor on schema app'),
  change(
    'REVOKE USAGE ON SEQUENCE app.numbers FROM pg_monitor',
    'removed privileges of pg_monitor on sequence app.numbers',
  ),
  change(
    'GRANT EXECUTE ON FUNCTION app.area TO PUBLIC',
    'removed revoked privileges of PUBLIC on function app.area(integer,integer)',
  ),
  change('GRANT USAGE ON TYPE app.mood TO PUBLIC', 'removed revoked privileges of PUBLIC on type app.mood'),
  change(
    'GRANT USAGE ON FOREIGN SERVER remote TO pg_monitor',
    'added privileges of pg_monitor on server remote',
  ),
  change(
    'ALTER DEFAULT PRIVILEGES IN SCHEMA other REVOKE SELECT ON TABLES FROM pg_monitor',
    'removed default privileges of pg_monitor for postgres on tables in schema other',
  ),
  change(
    'ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC',
    'removed default privileges of PUBLIC for postgres on functions',
  ),
  change('ALTER POLICY own_rows ON app.users TO pg_monitor', 'changed policy own_rows on app.users: roles'),
  change('ALTER POLICY own_rows ON app.users USING (true)', 'changed policy own_rows on app.users: using'),
  change(
    'ALTER POLICY insert_rows ON app.users WITH CHECK (true)',
    'changed policy insert_rows on app.users: check',
  ),
  change(
    'DROP POLICY own_rows ON app.users; CREATE POLICY own_rows ON app.users AS RESTRICTIVE FOR ALL TO pg_monitor, pg_signal_backend USING (name = current_user)',
    'changed policy own_rows on app.users: command, restrictive',
  ),
  change('DROP POLICY insert_rows ON app.users', 'removed policy insert_rows on app.users'),
  change('ALTER SCHEMA other OWNER TO pg_monitor', 'changed schema other: owner'),
  change('DROP SCHEMA other', 'removed schema other'),
];

const rest: readonly Mutation[] = [
  change(`COMMENT ON TABLE app.users IS 'persons'`, 'changed comment on table app.users: text'),
  change('COMMENT ON COLUMN app.users.email IS NULL', 'removed comment on table column app.users.email'),
  change(`COMMENT ON INDEX app.users_lower IS 'by name'`, 'added comment on index app.users_lower'),
  change(`COMMENT ON FUNCTION app.area IS NULL`, 'removed comment on function app.area(integer,integer)'),
  change(`COMMENT ON TRIGGER touch ON app.users IS 'stamps'`, 'added comment on trigger touch on app.users'),
  change(`COMMENT ON SCHEMA app IS 'all'`, 'changed comment on schema app: text'),
  change('ALTER PUBLICATION feed DROP TABLE app.animals', 'changed publication feed: tables'),
  change(`ALTER PUBLICATION feed SET (publish = 'insert')`, 'changed publication feed: publish'),
  since(
    15,
    'ALTER PUBLICATION feed SET TABLE app.orders WHERE (id > 1), app.animals',
    'changed publication feed: tables',
  ),
  since(15, 'ALTER PUBLICATION feed ADD TABLES IN SCHEMA other', 'changed publication feed: schemas'),
  change(
    'ALTER TEXT SEARCH DICTIONARY app.short (accept = true)',
    'changed text search dictionary app.short: options',
  ),
  change(
    'ALTER TEXT SEARCH CONFIGURATION app.words DROP MAPPING FOR email',
    'changed text search configuration app.words: mappings',
  ),
  change(
    'CREATE TEXT SEARCH PARSER app.split (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype)',
    'added text search parser app.split',
  ),
  change(
    'CREATE TEXT SEARCH TEMPLATE app.lex (LEXIZE = dsimple_lexize)',
    'added text search template app.lex',
  ),
  change(
    `ALTER FOREIGN DATA WRAPPER files OPTIONS (SET color 'blue')`,
    'changed foreign-data wrapper files: options',
  ),
  change(`ALTER SERVER remote VERSION '2'`, 'changed server remote: version'),
  change(`ALTER SERVER remote OPTIONS (SET host 'example.com')`, 'changed server remote: options'),
  change('DROP USER MAPPING FOR pg_monitor SERVER remote', 'removed user mapping pg_monitor on remote'),
];

export const mutations: readonly Mutation[] = [
  ...[...tables, ...columns, ...constraints, ...programs, ...views, ...types, ...access, ...rest],
];

/** Changes that leave the schema as it is. */
export const noChanges: readonly string[] = [
  'SELECT 1',
  `SELECT nextval('app.numbers'), setval('app.orders_id_seq', 5)`,
  `INSERT INTO app.animals VALUES ('cat', 4)`,
  'ANALYZE app.users',
  'CREATE TEMPORARY TABLE users (id int); CREATE TEMPORARY VIEW pg_class AS SELECT 1 AS oid',
  'ALTER TABLE app.users RESET (fillfactor, autovacuum_enabled); ALTER TABLE app.users SET (autovacuum_enabled = false, fillfactor = 80)',
  'REVOKE ALL ON app.users FROM pg_monitor; GRANT INSERT ON app.users TO pg_monitor; GRANT SELECT ON app.users TO pg_monitor; GRANT UPDATE (name) ON app.users TO pg_monitor WITH GRANT OPTION',
  'GRANT SELECT ON app.animals TO pg_monitor; REVOKE SELECT ON app.animals FROM pg_monitor',
  'ALTER POLICY own_rows ON app.users TO pg_signal_backend, pg_monitor',
  'DROP INDEX app.users_lower; CREATE INDEX users_lower ON app.users (lower(name))',
  'DROP TABLE app."Odd ""Names"""; CREATE UNLOGGED TABLE app."Odd ""Names""" ("Select" integer, "b.c" text)',
  'ALTER TABLE app.users ADD COLUMN age int; ALTER TABLE app.users DROP COLUMN age',
  'ALTER TABLE app.animals ADD COLUMN x int; ALTER TABLE app.animals DROP COLUMN legs CASCADE; ALTER TABLE app.animals ADD COLUMN legs smallint; ALTER TABLE app.animals DROP COLUMN x',
  'ALTER TABLE app.users DISABLE TRIGGER touch; ALTER TABLE app.users ENABLE TRIGGER touch',
  `ALTER PUBLICATION feed SET TABLE app.animals, app.orders`,
  `SET LOCAL search_path = app, other; SET LOCAL TimeZone = 'Asia/Tokyo'; SET LOCAL DateStyle = 'German'; SET LOCAL IntervalStyle = 'sql_standard'; SET LOCAL extra_float_digits = -5; SET LOCAL quote_all_identifiers = on; SET LOCAL standard_conforming_strings = off`,
  `SET LOCAL search_path = app; CREATE FUNCTION app.quote_ident(text) RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$; DROP FUNCTION app.quote_ident(text)`,
];
