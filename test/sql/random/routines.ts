/** Statements at random about functions, procedures, aggregates, operators, triggers and code that runs at once. */

import { maybe, oneOf, sql } from '../../support/random-sql.js';

const table = oneOf('users', 'posts', 'plain', 'log', 'fresh', 'adults');
const column = oneOf('id', 'email', 'name', 'age', 'mood', 'title', 'a', 'b', 'c');
const text = oneOf("'old'", "'new'", "'ok'", "'glad'", 'null', "'q'");
const number = oneOf('1', '2', '3', '4');

export const routineStatements = [
  sql`create ${maybe('or replace ')}function ${oneOf('double', 'triple')}(n ${oneOf('int', 'text')}) returns ${oneOf('int', 'text')} language sql as 'select ${oneOf('n', 'null')}'`,
  sql`create or replace function tidy() returns void language plpgsql as $$ begin delete from ${table} where ${column} = ${text}; end $$`,
  sql`drop function ${maybe('if exists ')}${oneOf('double', 'tidy', 'note cascade', 'triple(int)')}`,
  sql`alter function double rename to triple`,
  sql`alter function double(int) ${oneOf('strict', 'immutable', 'volatile', 'owner to writer', 'set schema web', "set work_mem = '8MB'", 'security definer')}`,
  sql`select tidy()`,
  sql`insert into plain (a) values (double(${number}))`,
  sql`create or replace function addone(n int, m int default ${oneOf('1', '2')}) returns int language sql ${oneOf('immutable', 'stable')} as 'select n + m${oneOf('', ' + 1')}'`,
  sql`drop function ${oneOf('addone', 'addone cascade', 'chk', 'chk cascade', 'note() cascade', 'pairs()', 'on_ddl()')}`,
  sql`create function addone(n int) returns int language sql as 'select n'`,
  sql`create function addone(n bigint) returns bigint language sql as 'select n'`,
  sql`alter function addone(int, int) rename to ${oneOf('addtwo', 'double', 'chk')}`,
  sql`create function ${oneOf('addtwo', 'triple')}(n int, m int) returns int language sql as 'select 1'`,
  sql`insert into plain (a) values (addone(${oneOf('1', '5')}))`,
  sql`select ${oneOf('addone(1)', 'addone(1, 2)', 'double(2)', 'x from pairs()', '* from pairs()', "chk('a')")}`,
  sql`create or replace function chk(t text) returns boolean language sql immutable as 'select length(t) < ${oneOf('2', '100', '50')}'`,
  sql`create or replace function pairs() returns setof pair language sql as 'select ${oneOf('2', '1')}, ''y'''`,
  sql`${oneOf('drop aggregate total(int)', "create or replace aggregate total(int) (sfunc = int4pl, stype = int, initcond = '1')", 'select total(id) from users', 'create view av as select total(id) from users', 'alter aggregate total(int) rename to total2', 'insert into plain (a) select total(id) from users', 'alter aggregate total(int) owner to writer')}`,
  sql`${oneOf('drop operator === (int, int)', 'select 1 === 2', 'create view ov as select id === 1 as y from users', 'create index oi on plain ((a === 1))', 'alter operator === (int, int) set schema web', 'alter operator === (int, int) set (restrict = eqsel)', 'create operator === (leftarg = text, rightarg = text, function = texteq)')}`,
  sql`${oneOf('call proc()', 'drop procedure proc', "create or replace procedure proc() language sql as 'insert into log values (''q'')'", 'alter procedure proc rename to proc2', 'drop procedure if exists proc2')}`,
  sql`create trigger ${oneOf('noted', 'seen')} after ${oneOf('insert', 'update', 'delete')} on ${table} for each row execute function note()`,
  sql`create ${maybe('or replace ')}trigger ${oneOf('t1', 't2')} before ${oneOf('insert', 'update', 'insert or update', 'update of b')} on plain for each row ${maybe("when (new.b <> 'k') ")}execute function trg()`,
  sql`create trigger ${oneOf('on_ranged', 'on_parent')} after insert on ${oneOf('ranged', 'parent', 'hashed')} for each row execute function note()`,
  sql`create constraint trigger t3 after insert on ${oneOf('plain', 'users')} ${maybe('deferrable initially deferred ')}for each row execute function note()`,
  sql`drop trigger ${maybe('if exists ')}noted on posts`,
  sql`alter trigger noted on posts rename to ${oneOf('noticed', 'seen')}`,
  sql`create or replace function trg() returns trigger language plpgsql as $$ begin new.b := ${oneOf('lower(new.b)', "'z'", 'new.c')}; return new; end $$`,
  sql`create or replace function note() returns trigger language plpgsql as $$ begin ${oneOf('', "insert into log values ('n');", "insert into plain (b) values ('n');")} return new; end $$`,
  sql`create event trigger ${oneOf('et', 'eu')} on ${oneOf('ddl_command_end', 'sql_drop')} ${maybe("when tag in ('DROP TABLE') ")}execute function on_ddl()`,
  sql`do $$ begin ${oneOf('delete from plain', "insert into log values ('d')", 'alter table plain add dd int', "execute 'drop table log'", 'if exists (select 1 from plain) then insert into log values (1); end if', 'perform tidy()', 'update plain set a = a + 1', 'insert into numbered default values')}; end $$`,
];
