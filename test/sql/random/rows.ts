/** Statements at random that read and change rows. */

import { maybe, oneOf, sql } from '../../support/random-sql.js';

const table = oneOf('users', 'posts', 'plain', 'log', 'fresh', 'adults');
const column = oneOf('id', 'email', 'name', 'age', 'mood', 'title', 'a', 'b', 'c');
const text = oneOf("'old'", "'new'", "'ok'", "'glad'", 'null', "'q'");
const number = oneOf('1', '2', '3', '4');

export const rowStatements = [
  sql`insert into users values (${number}, ${text}, ${text}, ${number}, 'ok')${maybe(' on conflict do nothing')}`,
  sql`insert into users (id, email) values (${number}, ${text})`,
  sql`insert into posts (id, user_id) values (${number}, ${number})${maybe(' on conflict (id) do update set title = excluded.title')}`,
  sql`insert into plain (a, b) values (${number}, ${text})`,
  sql`insert into plain values (${number}, ${text})`,
  sql`insert into plain (a, b) select id, ${column} from ${table}`,
  sql`insert into parted values (${number}, ${oneOf('1', '2')})`,
  sql`insert into log select what from log`,
  sql`insert into ${oneOf('parent', 'kid')} (id${oneOf(') values (7)', ', w) values (8, null)', ', v) values (9, -1)')}`,
  sql`insert into ranged values (${oneOf('1', '2')}, '${oneOf('2024-05-05', '2025-05-05')}')`,
  sql`insert into standalone values (${oneOf('1', '2')}, '${oneOf('2024-05-05', '2025-05-05')}')`,
  sql`insert into hashed values (${number}, ${text})`,
  sql`insert into refs values (${oneOf('1', '2')}, ${oneOf('1', '7', '9', 'null')})`,
  sql`insert into ev values (${oneOf('1', '2')})`,
  sql`insert into ${oneOf('v1', 'v2', 'adults')} ${oneOf("(a, b) values (3, 'v')", "values (3, 'v', 'w')", "(id, email) values (5, 'e')", 'default values')}`,
  sql`insert into users (id, name, email, age) values (${oneOf('3', '4')}, ${oneOf("'x'", "'a'", "'n'")}, ${oneOf("'c@x'", "'d@x'", "'a@x'")}, ${oneOf('1', '20', 'null')})${maybe(' on conflict (name) do nothing')}`,
  sql`insert into numbered ${oneOf('default values', '(n) values (9)', '(id) overriding system value values (8)', "(c) values ('q')", '(c) values (default)')}`,
  sql`insert into typed ${oneOf('(id) values (4)', "(id, p) values (5, row(2, 'z'))", "(id, p) values (6, '(3,w)')", '(p.x) values (8)')}`,
  sql`insert into docs ${oneOf("(id, body) values (2, 'more')", "values (3, 'text')")}`,
  sql`insert into of_pair values (${number}, ${text})`,
  sql`insert into doubtful values (${oneOf('5', '-5')}, ${number})`,
  sql`insert into odd select generate_series(1, 3)`,
  sql`update users set ${column} = ${text} where ${column} = ${text}`,
  sql`update users set age = age + 1 where id = ${number}`,
  sql`update users set id = id + 10`,
  sql`update users set name = ${oneOf('upper(name)', "'same'", 'name || id', 'email')}`,
  sql`update plain set ${oneOf('b', 'c')} = ${text} where ${oneOf('a = 1', 'a = 2', "b = 'old'", 'true', "b in ('old', 'new')")}`,
  sql`update plain set a = (select count(*) from ${table})`,
  sql`update ${oneOf('parent', 'only parent', 'kid')} set ${oneOf('v = v + 1', "w = 'q'", 'w = null', 'v = 0')}`,
  sql`update ${oneOf('v1', 'adults')} set ${oneOf("b = 'vv'", "email = 'n@x'", 'a = 5', 'a = null')}`,
  sql`update doubtful set ${oneOf('b = 2', 'b = b + 1', 'a = 3', 'b = null')}`,
  sql`update ${oneOf('bare', 'keyed')} set v = ${text}${maybe(' where id = 1')}`,
  sql`update typed set ${oneOf('id = 3', 'p.x = 4', 'p = null', "p = row(3, 'k')")}`,
  sql`update numbered set ${oneOf('n = 3', 'n = default', "c = 'v'", 'c = default')}`,
  sql`update docs set body = ${oneOf("'changed'", 'null')}`,
  sql`update ranged set at = '${oneOf('2024-07-07', '2025-07-07')}'`,
  sql`update sorted set ${oneOf("t = 'c'", "d = '2025-01-01'", 'd = null')}`,
  sql`delete from ${table}${maybe(' where id = 1')}`,
  sql`delete from ${oneOf('parent', 'refs', 'kid', 'bare', 'keyed', 'typed', 'ranged', 'doubtful')}`,
  sql`delete from ${oneOf('v1', 'v2', 'adults')}`,
  sql`delete from plain where ${oneOf('a = 1', "b = 'old'", 'a > (select count(*) from log)')}`,
  sql`with gone as (delete from plain ${oneOf('', 'where a = 1 ')}returning a) insert into log select a from gone`,
  sql`merge into plain using users on plain.a = users.id when matched then ${oneOf('delete', 'update set c = users.email', 'update set a = null', 'do nothing')} when not matched then insert (a) values (users.id)`,
  sql`merge into v1 using users on v1.a = users.id when matched then update set ${oneOf('b = null', 'b = users.email', 'a = null')}`,
];
