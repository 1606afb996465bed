/** Migrations as people write them, each with something in it that could be lost while it is fixed. */

import type { FixedScene } from './fix-scenes.js';

const users = 'CREATE TABLE users (id bigint PRIMARY KEY, email text, age int, code text);';
const orders =
  'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, shop_id bigint, note text); CREATE INDEX orders_users ON orders (user_id, shop_id);';

type Written = Omit<FixedScene, 'applied' | 'isTransactional'> & Partial<FixedScene>;

function scene(written: Written): FixedScene {
  return { applied: [users, orders], isTransactional: true, ...written };
}

const check = 'add-check-validated';
const foreignKey = 'add-foreign-key-validated';
const index = 'create-index-not-concurrent';
const unique = 'add-unique-without-index';
const notNull = 'set-not-null-scan';

const noIndex = 'foreign-key-without-index';

/** They all can be fixed. */
export const handWrittenScenes: readonly FixedScene[] = [
  scene({
    title: 'a comment before the semicolon',
    rule: check,
    up: "ALTER TABLE users ADD CONSTRAINT set CHECK (email <> '') -- it must be set; really\n;\nSELECT 1",
    down: 'ALTER TABLE users DROP CONSTRAINT set;',
  }),
  scene({
    title: 'constraints without names, several of them',
    rule: check,
    up: "ALTER TABLE users ADD CHECK (age > 0), ADD CHECK (email <> ''), ADD CHECK (age < 200);",
    down: 'ALTER TABLE users DROP CONSTRAINT users_age_check, DROP CONSTRAINT users_email_check, DROP CONSTRAINT users_age_check1;',
  }),
  scene({
    title: 'commands that need each other, in another order than they run in',
    rule: check,
    up: 'ALTER TABLE users\n  ADD CONSTRAINT sized CHECK (size > 0), -- what is\n  ADD COLUMN size int DEFAULT 1 -- one is enough\n  , DROP COLUMN code;',
    down: 'ALTER TABLE users ADD COLUMN code text, DROP CONSTRAINT sized, DROP COLUMN size;',
  }),
  scene({
    title: 'IF EXISTS and ONLY with several commands',
    rule: check,
    up: 'ALTER TABLE IF EXISTS ONLY "users" ADD COLUMN size int, ADD CONSTRAINT sized CHECK (size > 0) NO INHERIT;',
    down: 'ALTER TABLE users DROP COLUMN size;',
  }),
  scene({
    title: 'a constraint that takes the place of another',
    rule: check,
    applied: [users, 'ALTER TABLE users ADD CONSTRAINT aged CHECK (age > 0);'],
    up: 'ALTER TABLE users DROP CONSTRAINT aged, ADD CONSTRAINT aged CHECK (age > 18);',
    down: 'ALTER TABLE users DROP CONSTRAINT aged, ADD CONSTRAINT aged CHECK (age > 0);',
  }),
  scene({
    title: 'a foreign key with everything',
    rule: foreignKey,
    applied: [users, orders, 'CREATE TABLE shops (user_id bigint, id bigint, PRIMARY KEY (user_id, id));'],
    up: 'ALTER TABLE orders ADD FOREIGN KEY (user_id, shop_id) REFERENCES shops (user_id, id) MATCH FULL ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;',
    down: 'ALTER TABLE orders DROP CONSTRAINT orders_user_id_shop_id_fkey;',
  }),
  scene({
    title: 'two foreign keys, and a table that refers to what is made between',
    rule: foreignKey,
    up: 'CREATE TABLE shops (id bigint PRIMARY KEY);\nCREATE INDEX orders_shop ON orders (shop_id);\nALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users,\n  ADD CONSTRAINT orders_shop FOREIGN KEY (shop_id) REFERENCES shops;\nCREATE TABLE lines (id bigint PRIMARY KEY, order_id bigint REFERENCES orders);\nCREATE INDEX lines_order ON lines (order_id);',
    down: 'DROP TABLE lines;\nALTER TABLE orders DROP CONSTRAINT orders_user, DROP CONSTRAINT orders_shop;\nDROP INDEX orders_shop;\nDROP TABLE shops;',
  }),
  scene({
    title: 'a foreign key on a column of the same statement, without an index',
    rule: noIndex,
    leaves: /_idx/,
    up: 'ALTER TABLE orders ADD COLUMN "Of" bigint, ADD CONSTRAINT of_user FOREIGN KEY ("Of") REFERENCES users ON DELETE CASCADE;\nCOMMENT ON CONSTRAINT of_user ON orders IS \'new\';',
    down: 'COMMENT ON CONSTRAINT of_user ON orders IS NULL;\nALTER TABLE orders DROP CONSTRAINT of_user, DROP COLUMN "Of";',
  }),
  scene({
    title: 'foreign keys of new tables that need indexes, one of which is there',
    rule: noIndex,
    leaves: /_idx/,
    up: 'CREATE TABLE notes (id bigint PRIMARY KEY, user_id bigint REFERENCES users, order_id bigint REFERENCES orders, to_id bigint);\nCREATE INDEX notes_orders ON notes (order_id);\nALTER TABLE notes ADD FOREIGN KEY (to_id) REFERENCES users;',
    down: 'DROP TABLE notes;',
  }),
  scene({
    title: 'a semicolon in a comment, a string and a body, and characters of several bytes',
    rule: check,
    up: "-- Grüße; 👋\nCOMMENT ON TABLE users IS 'ä; ö';\nALTER TABLE users ADD CONSTRAINT größe CHECK (email <> '👋;') /* ; */;\nCREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$; -- ü;",
    down: 'DROP FUNCTION f();\nALTER TABLE users DROP CONSTRAINT größe;\nCOMMENT ON TABLE users IS NULL;',
  }),
  scene({
    title: 'a way back that drops tables of several parts at once',
    rule: check,
    up: 'CREATE TABLE first (id bigint PRIMARY KEY);\nALTER TABLE users ADD CONSTRAINT aged CHECK (age > 0);\nCREATE TABLE second (id bigint PRIMARY KEY);',
    down: 'DROP TABLE first, second;\nALTER TABLE users DROP CONSTRAINT aged;',
  }),
  scene({
    title: 'rows that are filled before they are required, and used after',
    rule: notNull,
    up: "UPDATE users SET email = '' WHERE email IS NULL AND id < 10;\nALTER TABLE users ALTER email SET NOT NULL;\nINSERT INTO orders (id) SELECT id FROM users;",
    down: 'DELETE FROM orders WHERE id < 10;\nALTER TABLE users ALTER email DROP NOT NULL;',
  }),
  scene({
    title: 'two statements on one line',
    rule: index,
    up: "CREATE INDEX users_email ON users (email); ALTER TABLE users ADD CONSTRAINT aged CHECK (age > 0); COMMENT ON TABLE users IS 'x';",
    down: 'COMMENT ON TABLE users IS NULL; ALTER TABLE users DROP CONSTRAINT aged; DROP INDEX users_email;',
  }),
  scene({
    title: 'names in quotes and in a schema',
    rule: foreignKey,
    applied: [
      'CREATE SCHEMA "My App"; CREATE TABLE "My App"."Users" ("Id" bigint PRIMARY KEY); CREATE TABLE "My App"."constraint" (id bigint PRIMARY KEY, "User" bigint); CREATE INDEX ON "My App"."constraint" ("User");',
    ],
    up: 'ALTER TABLE "My App"."constraint" ADD CONSTRAINT "of constraint" FOREIGN KEY ("User") REFERENCES "My App"."Users";',
    down: 'ALTER TABLE "My App"."constraint" DROP CONSTRAINT "of constraint";',
  }),
  scene({
    title: 'a search path at the top of the file',
    rule: index,
    applied: [
      'CREATE SCHEMA app; CREATE TABLE app.users (id bigint PRIMARY KEY, email text); CREATE TABLE public.users (id bigint PRIMARY KEY);',
    ],
    up: "SET search_path = app;\nCREATE INDEX ON users (email);\nALTER TABLE users ADD CHECK (email <> '');\nALTER TABLE users ALTER email SET NOT NULL;",
    down: 'SET search_path = app;\nALTER TABLE users ALTER email DROP NOT NULL;\nALTER TABLE users DROP CONSTRAINT users_email_check;\nDROP INDEX users_email_idx;',
  }),
  scene({
    title: 'a search path of the transaction, and a way back without one',
    rule: unique,
    applied: ['CREATE SCHEMA app; CREATE TABLE app.users (id bigint PRIMARY KEY, email text);'],
    up: 'BEGIN;\nSET LOCAL search_path TO app;\nCREATE INDEX users_email ON users (email);\nALTER TABLE users ADD UNIQUE (email);\nCOMMIT;',
    down: 'DROP INDEX app.users_email;\nALTER TABLE app.users DROP CONSTRAINT users_email_key;',
  }),
  scene({
    title: 'an index without a name, beside one that has it',
    rule: index,
    applied: [users, 'CREATE INDEX ON users (email);'],
    up: "CREATE INDEX ON users (email) WHERE email <> '';",
    down: 'DROP INDEX users_email_idx1;',
  }),
  scene({
    title: 'several indexes, one of them for a table that is new',
    rule: index,
    up: 'create table tags (id bigint primary key, name text);\ncreate index tags_name on tags (name);\ncreate unique index if not exists users_email on users (lower(email));\ncreate index users_age on users (age);',
    down: 'drop index users_age, users_email;\ndrop table tags;',
  }),
  scene({
    title: 'a migration without a way back',
    rule: unique,
    up: 'ALTER TABLE users ADD UNIQUE (email, code), ADD COLUMN size int;',
  }),
  scene({
    title: 'a key on a column of the same statement',
    rule: unique,
    up: 'ALTER TABLE users ADD COLUMN phone text, ADD CONSTRAINT phones UNIQUE (phone);',
    down: 'ALTER TABLE users DROP CONSTRAINT phones, DROP COLUMN phone;',
  }),
  scene({
    title: 'NOT NULL among others, which are filled before',
    rule: notNull,
    up: "ALTER TABLE users ALTER email SET DEFAULT '', ALTER COLUMN email SET NOT NULL, ALTER age SET NOT NULL;\nCOMMENT ON TABLE users IS 'new';",
    down: 'COMMENT ON TABLE users IS NULL;\nALTER TABLE users ALTER email DROP DEFAULT, ALTER COLUMN email DROP NOT NULL, ALTER age DROP NOT NULL;',
  }),
  scene({
    title: 'NOT NULL without a transaction',
    rule: notNull,
    isTransactional: false,
    up: 'CREATE INDEX CONCURRENTLY users_email ON users (email);\nALTER TABLE users ALTER email SET NOT NULL;',
    down: 'ALTER TABLE users ALTER email DROP NOT NULL;\nDROP INDEX users_email;',
  }),
  scene({
    title: 'what somebody answers for stays so',
    rule: check,
    up: '-- kat:ignore prefer-text, create-index-not-concurrent small\n\n-- kat:ignore drop-column nobody reads it\nALTER TABLE users ADD CONSTRAINT aged CHECK (age > 0), DROP COLUMN code, DROP COLUMN email;\nCREATE INDEX ON users (age);',
    down: 'DROP INDEX users_age_idx;\nALTER TABLE users ADD COLUMN code text, ADD COLUMN email text;\nALTER TABLE users DROP CONSTRAINT aged;',
  }),
  scene({
    title: 'one command that can be fixed and takes two migrations, between others of its table',
    rule: index,
    up: 'ALTER TABLE users ADD COLUMN size int;\nCREATE INDEX users_size ON users (size);\nALTER TABLE users ADD CONSTRAINT sized CHECK (size > 0);\nALTER TABLE users RENAME COLUMN code TO codes;\nCREATE VIEW sizes AS SELECT size FROM users;',
    down: 'DROP VIEW sizes;\nALTER TABLE users RENAME COLUMN codes TO code;\nALTER TABLE users DROP COLUMN size;',
  }),
];
