/** Statements at random about views, materialized views and rules. */

import { maybe, oneOf, sql } from '../../support/random-sql.js';

const table = oneOf('users', 'posts', 'plain', 'log', 'fresh', 'adults');
const column = oneOf('id', 'email', 'name', 'age', 'mood', 'title', 'a', 'b', 'c');

export const viewStatements = [
  sql`create ${maybe('or replace ')}view ${oneOf('adults', 'seen')} as select ${oneOf('*', 'id, email', 'id')} from users`,
  sql`create view seen as select ${column} as x from ${table}`,
  sql`create view ${oneOf('tv', 'tw')} as select ${oneOf('*', 'g', 'p', '(p).x')} from typed`,
  sql`create view pv as select ${oneOf('*', 'x')} from pairs()`,
  sql`create view fv as select * from ${oneOf('distant', 'ranged', 'numbered', 'docs', 'parent')}`,
  sql`drop view ${maybe('if exists ')}${oneOf('adults', 'seen')}`,
  sql`create or replace view v1 as select ${oneOf('*', 'a, b, c, 1 as d', 'a, b', 'a, b, c')} from plain`,
  sql`create ${maybe('or replace ')}view v3 as select ${oneOf('*', 'a')} from ${oneOf('v1', 'v2', 'plain', 'mv', 'adults')}`,
  sql`create view web.wv as select ${oneOf('id', '*')} from ${oneOf('web.pages', 'users')}`,
  sql`drop view ${oneOf('v1', 'v2', 'v1 cascade', 'if exists v3', 'adults')}`,
  sql`alter view ${oneOf('v1', 'v2')} ${oneOf('rename to v9', 'rename column b to bb', 'set schema web', "alter b set default 'dv'", 'set (security_barrier = on)', 'set (security_invoker = on)', 'owner to writer')}`,
  sql`drop materialized view mv`,
  sql`refresh materialized view ${maybe('concurrently ')}mv${maybe(' with no data')}`,
  sql`alter materialized view mv ${oneOf('rename to mv2', 'rename column id to ident', 'set (fillfactor = 50)', 'set schema web')}`,
  sql`create materialized view ${maybe('if not exists ')}${oneOf('mw', 'mv')} as select ${oneOf('age', 'id')} from users`,
  sql`create ${maybe('or replace ')}rule plain_log as on ${oneOf('update', 'delete', 'insert')} to plain do ${oneOf('also insert into log values (1)', 'instead nothing', "also insert into log values ('u')")}`,
  sql`drop rule plain_log on plain`,
  sql`alter rule plain_log on plain rename to plain_logged`,
  sql`create rule r2 as on ${oneOf('delete', 'insert', 'update')} to ${oneOf('plain', 'users', 'v1')} do instead nothing`,
];
