/** Makes statements about schemas, roles, privileges, extensions and other objects of the database at random. */

import fc from 'fast-check';
import { oneOf, sql } from '../../../support/random-sql.js';
import { cascade, column, ifExists, ifNotExists, newName, sequence, table } from './names.js';

const schemas = fc.oneof(
  sql`create schema${ifNotExists} ${oneOf('sales', 'app', '"Sales"')}`,
  sql`create schema sales create table items (id serial primary key) create view all_items as select * from items`,
  sql`create schema${ifNotExists} authorization reader`,
  sql`alter schema app ${oneOf('rename to application', 'owner to reader')}`,
  sql`drop schema${ifExists} ${oneOf('app', 'nothing', 'public', 'app, public')}${cascade}`,
  sql`comment on schema ${oneOf('app', 'public')} is 'x'`,
);

const privilege = oneOf('select', 'insert, update', 'all');
const grantee = oneOf('reader', 'public');
const onObject = fc.oneof(
  sql`${privilege} on ${table}`,
  sql`select (${column}), update (${column}) on ${table}`,
  sql`usage on schema ${oneOf('app', 'public')}`,
  sql`all on all ${oneOf('tables', 'sequences', 'functions', 'routines')} in schema ${oneOf('app', 'public', 'app, public')}`,
  sql`usage on sequence ${sequence}`,
  oneOf(
    'execute on function twice(int)',
    'usage on type mood',
    'usage on domain positive',
    'usage on language plpgsql',
  ),
  oneOf('select on active', 'select on totals', 'connect on database postgres', 'set on parameter work_mem'),
);
const privileges = fc.oneof(
  sql`grant ${onObject} to ${grantee}`,
  sql`revoke ${onObject} from ${grantee}`,
  sql`alter default privileges${oneOf('', ' in schema app', ' for role current_user in schema public')} ${oneOf('grant all on tables to', 'grant execute on functions to', 'revoke usage on types from', 'grant usage on sequences to')} ${grantee}`,
);

const roles = fc.oneof(
  sql`create ${oneOf('role', 'user')} ${oneOf('writer', '"Writer"')}${oneOf('', ' login', ' in role reader', ' role reader')}`,
  sql`alter role reader ${oneOf('createdb', 'rename to writer', "set work_mem = '8MB'", 'nologin', 'reset all')}`,
  sql`grant reader to ${oneOf('current_user', 'reader')}`,
  sql`drop role${ifExists} ${oneOf('reader', 'nobody')}`,
  oneOf('drop owned by reader', 'reassign owned by reader to current_user'),
  sql`comment on role reader is 'x'`,
);

const others = fc.oneof(
  sql`create extension${ifNotExists} pg_trgm`,
  sql`alter extension pg_trgm ${oneOf('set schema app', 'drop function similarity(text, text)', 'add function twice(int)')}`,
  sql`drop extension${ifExists} pg_trgm${cascade}`,
  sql`create publication ${oneOf('press', '"Press"')}${oneOf('', ' for all tables', ' for table posts (id, title)', ' for tables in schema app', ' for table users where (id > 1)')}`,
  sql`alter publication news ${oneOf('add table posts', 'drop table users', 'set table loose', "set (publish = 'insert')", 'rename to gazette', 'owner to reader')}`,
  sql`drop publication${ifExists} news`,
  sql`create collation${ifNotExists} ${oneOf('french', 'german')} (locale = 'C')`,
  sql`alter collation german ${oneOf('rename to deutsch', 'set schema app', 'owner to reader', 'refresh version')}`,
  sql`drop collation${ifExists} german${cascade}`,
  sql`create text search configuration ${oneOf('mine', 'app.mine')} (copy = ${oneOf('simple', 'english')})`,
  sql`create text search dictionary ${oneOf('dict', 'app.dict')} (template = simple)`,
  sql`create foreign data wrapper ${oneOf('wrapper', '"Wrapper"')}`,
  sql`alter foreign data wrapper wrapper options (add x 'y')`,
  sql`create server there foreign data wrapper wrapper`,
  sql`create user mapping for ${oneOf('reader', 'public')} server there`,
  sql`create foreign table far (id int not null, name text) server there`,
  sql`drop server there${cascade}`,
  sql`create operator family ${oneOf('fam', 'app.fam')} using btree`,
  sql`create operator class fresh_ops for type int using btree as operator 1 <`,
  sql`create event trigger watch on ddl_command_end execute function touch()`,
  sql`alter database postgres ${oneOf("set work_mem = '8MB'", 'connection limit 5', 'reset all')}`,
  sql`comment on ${oneOf('extension pg_trgm', 'publication news', 'collation german', 'statistics user_stats', 'view active', 'database postgres')} is 'x'`,
);

/** Makes what was made before change: these names are those that other statements take. */
const later = fc.oneof(
  sql`alter table fresh ${oneOf('rename to stale', 'set schema app', 'add column later int', 'drop column a', 'rename column a to later', 'owner to reader', 'alter column a drop default')}`,
  sql`drop table${ifExists} ${oneOf('fresh', '"Odd Name"', 'app.fresh')}${cascade}`,
  sql`create ${oneOf('', 'unique ')}index on ${oneOf('fresh', '"Odd Name"', 'app.fresh')} (${oneOf('id', 'a', 'extra', '"Extra Col"')})`,
  sql`drop view${ifExists} ${oneOf('seen', '"Seen"', 'app.seen')}${cascade}`,
  sql`alter view seen ${oneOf('rename to unseen', 'set schema app', 'owner to reader')}`,
  sql`drop type${ifExists} ${oneOf('colour', 'app.colour')}${cascade}`,
  sql`alter type colour ${oneOf('rename to hue', 'set schema app', "add value 'blue'", 'add attribute c int')}`,
  sql`drop function${ifExists} fresh_fn${cascade}`,
  sql`select fresh_fn()`,
  sql`alter domain small ${oneOf('rename to tiny', 'drop not null', 'set not null', 'set schema app', 'drop constraint small_check')}`,
  sql`create table using_it (a ${oneOf('colour', 'small', 'fresh', 'seen')}, b ${oneOf('mood', 'int references fresh', 'text')})`,
  sql`create view over_it as select * from ${oneOf('fresh', 'seen', 'app.fresh', 'active')}`,
  sql`drop sequence${ifExists} ${oneOf('ticks', 'app.ticks')}${cascade}`,
  sql`alter table other rename to ${newName}`,
);

const path = oneOf(
  'set search_path to app, public',
  'set local search_path to public, app',
  'reset search_path',
  "select set_config('search_path', 'app,public', true)",
);

/** One statement about any of them. */
export const database: fc.Arbitrary<string> = fc.oneof(
  { weight: 2, arbitrary: schemas },
  { weight: 3, arbitrary: privileges },
  { weight: 2, arbitrary: roles },
  { weight: 4, arbitrary: others },
  { weight: 1, arbitrary: path },
  { weight: 5, arbitrary: later },
);
