/** Small migrations with their ways back: what a database says about each is compared with what the rules say. */

export interface Scene {
  name: string;
  /** Applied before. */
  before: string;
  up: string;
  down: string;
}

const users = `
  CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, note text DEFAULT '');
  CREATE INDEX users_note ON users (note);`;
const posts = `${users}
  CREATE TABLE posts (id bigint PRIMARY KEY, user_id bigint REFERENCES users, title text);
  CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TRIGGER posts_touch BEFORE UPDATE ON posts FOR EACH ROW EXECUTE FUNCTION touch();
  CREATE VIEW titles AS SELECT id, title FROM posts;`;

function scene(name: string, before: string, [up, down]: readonly [up: string, down: string]): Scene {
  return { name, before, up, down };
}

export const inverses: readonly Scene[] = [
  scene('a table with all that belongs to it', users, [
    `CREATE TABLE tags (id serial PRIMARY KEY, user_id bigint REFERENCES users, name text UNIQUE);
     CREATE INDEX ON tags (user_id);
     CREATE INDEX IF NOT EXISTS tags_name ON tags (lower(name));`,
    'DROP TABLE IF EXISTS tags',
  ]),
  scene('a table that gets another name', posts, [
    'ALTER TABLE users RENAME TO people; ALTER TABLE people ADD COLUMN age int;',
    'ALTER TABLE people DROP COLUMN age; ALTER TABLE people RENAME TO users;',
  ]),
  scene('a column, a constraint and an index that get other names', posts, [
    `ALTER TABLE users RENAME COLUMN note TO remark;
     ALTER TABLE users RENAME CONSTRAINT users_pkey TO people_pkey;
     ALTER INDEX users_note RENAME TO users_remark;`,
    `ALTER INDEX users_remark RENAME TO users_note;
     ALTER TABLE users RENAME CONSTRAINT people_pkey TO users_pkey;
     ALTER TABLE users RENAME COLUMN remark TO note;`,
  ]),
  scene('a table that moves to another schema', posts, [
    'CREATE SCHEMA app; ALTER TABLE users SET SCHEMA app',
    'ALTER TABLE app.users SET SCHEMA public; DROP SCHEMA app',
  ]),
  scene('an enum type and its column', users, [
    "CREATE TYPE mood AS ENUM ('good'); ALTER TABLE users ADD COLUMN mood mood; ALTER TYPE mood RENAME VALUE 'good' TO 'well'",
    'ALTER TABLE users DROP COLUMN mood; DROP TYPE mood',
  ]),
  scene('a column that goes with its index and its default', users, [
    'ALTER TABLE users DROP COLUMN note',
    "ALTER TABLE users ADD COLUMN note text DEFAULT ''; CREATE INDEX users_note ON users (note)",
  ]),
  scene('a serial column', users, [
    'ALTER TABLE users ADD COLUMN number serial',
    'ALTER TABLE users DROP COLUMN number',
  ]),
  scene('a table that goes with the foreign key to it', posts, [
    'DROP TABLE users CASCADE',
    `${users} ALTER TABLE posts ADD FOREIGN KEY (user_id) REFERENCES users`,
  ]),
  scene('a view that is replaced', posts, [
    'CREATE OR REPLACE VIEW titles AS SELECT id, title FROM posts WHERE id > 0',
    'CREATE OR REPLACE VIEW titles AS SELECT id, title FROM posts',
  ]),
  scene('a view that is in the way of a type', posts, [
    'DROP VIEW titles; ALTER TABLE posts ALTER title TYPE varchar; CREATE VIEW titles AS SELECT id, title FROM posts',
    'DROP VIEW titles; ALTER TABLE posts ALTER title TYPE text; CREATE VIEW titles AS SELECT id, title FROM posts',
  ]),
  scene('a function that goes with its trigger', users, [
    `CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
     CREATE TRIGGER users_see BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION see();`,
    'DROP FUNCTION see CASCADE',
  ]),
  scene('a partition', 'CREATE TABLE days (at date) PARTITION BY RANGE (at); CREATE TABLE late (at date)', [
    `CREATE TABLE early PARTITION OF days FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
     ALTER TABLE days ATTACH PARTITION late FOR VALUES FROM ('2021-01-01') TO ('2022-01-01')`,
    'ALTER TABLE days DETACH PARTITION late; DROP TABLE early',
  ]),
  scene('a partitioned table, with which its partitions go', users, [
    `CREATE TABLE days (at date) PARTITION BY RANGE (at);
     CREATE TABLE early PARTITION OF days FOR VALUES FROM ('2020-01-01') TO ('2021-01-01') PARTITION BY RANGE (at);
     CREATE TABLE first PARTITION OF early DEFAULT; ALTER TABLE early RENAME TO earlier;
     CREATE TABLE late (at date); ALTER TABLE days ATTACH PARTITION late DEFAULT`,
    'DROP TABLE days',
  ]),
  scene('a table that goes with those that inherit from it', users, [
    'CREATE TABLE base (id int); CREATE TABLE more (name text) INHERITS (base)',
    'DROP TABLE base CASCADE',
  ]),
  scene('a default that is there for a moment only', users, [
    "ALTER TABLE users ALTER email SET DEFAULT '-'; ALTER TABLE users ALTER email DROP DEFAULT",
    "SELECT 'nothing'",
  ]),
  scene('NOT NULL by way of a check', users, [
    `ALTER TABLE users ADD CONSTRAINT has_note CHECK (note IS NOT NULL) NOT VALID;
     ALTER TABLE users VALIDATE CONSTRAINT has_note;
     ALTER TABLE users ALTER note SET NOT NULL;
     ALTER TABLE users DROP CONSTRAINT has_note`,
    'ALTER TABLE users ALTER note DROP NOT NULL',
  ]),
  scene('NOT NULL that is there already', users, [
    'ALTER TABLE users ALTER email SET NOT NULL, ADD COLUMN age int NOT NULL',
    'ALTER TABLE users DROP COLUMN age',
  ]),
  scene('a constraint that takes an index over', users, [
    'CREATE UNIQUE INDEX one ON users (email); ALTER TABLE users ADD CONSTRAINT one_email UNIQUE USING INDEX one',
    'ALTER TABLE users DROP CONSTRAINT one_email',
  ]),
  scene('an index that takes the place of another', users, [
    'CREATE INDEX next ON users (note, email); DROP INDEX users_note; ALTER INDEX next RENAME TO users_note',
    'CREATE INDEX next ON users (note); DROP INDEX users_note; ALTER INDEX next RENAME TO users_note',
  ]),
  scene('a table that takes the place of another', users, [
    'CREATE TABLE next (id int PRIMARY KEY); ALTER TABLE users RENAME TO old; ALTER TABLE next RENAME TO users',
    'DROP TABLE users; ALTER TABLE old RENAME TO users',
  ]),
  scene('a column that takes the place of another', users, [
    'ALTER TABLE users RENAME note TO old; ALTER TABLE users ADD COLUMN note jsonb',
    'ALTER TABLE users DROP COLUMN note; ALTER TABLE users RENAME old TO note',
  ]),
  scene(
    'a function beside others of its name',
    "CREATE FUNCTION f(text) RETURNS text LANGUAGE sql AS 'SELECT $1'",
    ["CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT $1'", 'DROP FUNCTION f(int)'],
  ),
  scene('a schema with all that is in it', users, [
    `CREATE SCHEMA app; SET search_path = app, public;
     CREATE TABLE users (id int); CREATE TYPE mood AS ENUM ('good');
     CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE VIEW v AS SELECT id FROM users;
     RESET search_path`,
    'DROP SCHEMA app CASCADE',
  ]),
  scene('what is made and dropped on the way', users, [
    `CREATE TEMPORARY TABLE chosen (id int);
     CREATE FUNCTION help() RETURNS int LANGUAGE sql AS 'SELECT 1'; DROP FUNCTION help();
     CREATE TABLE copy (LIKE users INCLUDING ALL); DROP TABLE copy`,
    "SELECT 'nothing'",
  ]),
  scene('row security with its policy', users, [
    'ALTER TABLE users ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON users USING (id = 1)',
    'DROP POLICY own ON users; ALTER TABLE users DISABLE ROW LEVEL SECURITY',
  ]),
  scene('a materialized view with an index', posts, [
    'CREATE MATERIALIZED VIEW many AS SELECT user_id, count(*) FROM posts GROUP BY 1; CREATE UNIQUE INDEX ON many (user_id)',
    'DROP MATERIALIZED VIEW many',
  ]),
  scene('a sequence that a column owns', users, [
    "CREATE SEQUENCE ids OWNED BY users.id; ALTER TABLE users ALTER id SET DEFAULT nextval('ids')",
    'ALTER TABLE users ALTER id DROP DEFAULT; DROP SEQUENCE ids',
  ]),
  scene('an identity', users, [
    'ALTER TABLE users ALTER id ADD GENERATED BY DEFAULT AS IDENTITY',
    'ALTER TABLE users ALTER id DROP IDENTITY',
  ]),
  scene('a domain', users, [
    'CREATE DOMAIN short AS text; ALTER DOMAIN short ADD CONSTRAINT few CHECK (length(VALUE) < 9); ALTER TABLE users ADD nick short',
    'ALTER TABLE users DROP nick; DROP DOMAIN short',
  ]),
  scene('a constraint that is defined anew', users, [
    'ALTER TABLE users DROP CONSTRAINT users_pkey, ADD CONSTRAINT users_pkey PRIMARY KEY (id, email)',
    'ALTER TABLE users DROP CONSTRAINT users_pkey; ALTER TABLE users ADD CONSTRAINT users_pkey PRIMARY KEY (id)',
  ]),
  scene('names in quotes', 'CREATE TABLE "Users" ("Id" int)', [
    'ALTER TABLE "Users" ADD COLUMN "Mail" text; CREATE INDEX "Mails" ON "Users" ("Mail")',
    'DROP INDEX "Mails"; ALTER TABLE public."Users" DROP COLUMN "Mail"',
  ]),
  scene('a table of a query, inheritance, statistics and a rule', users, [
    `CREATE TABLE copies AS SELECT id, email FROM users; CREATE TABLE admins (level int) INHERITS (users);
     CREATE STATISTICS pair ON email, note FROM users;
     CREATE RULE quiet AS ON DELETE TO users DO INSTEAD NOTHING`,
    'DROP RULE quiet ON users; DROP STATISTICS pair; DROP TABLE admins, copies',
  ]),
  scene('options and a trigger that is disabled', posts, [
    'ALTER TABLE users SET (fillfactor = 90); ALTER TABLE posts DISABLE TRIGGER posts_touch',
    'ALTER TABLE users RESET (fillfactor); ALTER TABLE posts ENABLE TRIGGER posts_touch',
  ]),
  scene('a helper that is called with constants', users, [
    `CREATE FUNCTION add_to(t text) RETURNS void LANGUAGE plpgsql AS $$
       BEGIN EXECUTE format('ALTER TABLE %I ADD COLUMN IF NOT EXISTS tenant int', t); END $$;
     SELECT add_to('users'); DROP FUNCTION add_to(text)`,
    'ALTER TABLE users DROP COLUMN IF EXISTS tenant',
  ]),
  scene('a block with branches on both ways', users, [
    `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_class WHERE relname = 'tags') THEN CREATE TABLE tags (id int); END IF; END $$`,
    'DROP TABLE IF EXISTS tags',
  ]),
];

interface FoundScene extends Scene {
  found: readonly string[];
}

function finding(
  name: string,
  before: string,
  [up, down, ...found]: readonly [up: string, down: string, ...found: string[]],
): FoundScene {
  return { name, before, up, down, found };
}

const stays = 'so it remains after a rollback';

export const differing: readonly FoundScene[] = [
  finding('a table', users, [
    'CREATE TABLE tags (id int); CREATE TABLE marks (id int)',
    'DROP TABLE marks',
    `1:14 down.sql does not drop the table tags, ${stays}`,
  ]),
  finding('a partitioned table, which is named without what goes with it', users, [
    'CREATE TABLE days (at date) PARTITION BY RANGE (at); CREATE TABLE early PARTITION OF days DEFAULT',
    "SELECT 'nothing'",
    `1:14 down.sql does not drop the table days, ${stays}`,
  ]),
  finding('a partition that was detached', users, [
    `CREATE TABLE days (at date) PARTITION BY RANGE (at); CREATE TABLE early PARTITION OF days DEFAULT;
     ALTER TABLE days DETACH PARTITION early`,
    'DROP TABLE days',
    `1:67 down.sql does not drop the table early, ${stays}`,
  ]),
  finding('a column that is named otherwise', users, [
    'ALTER TABLE users ADD COLUMN locale text',
    'ALTER TABLE users DROP COLUMN IF EXISTS locales',
    `1:30 down.sql does not drop the column users.locale, ${stays}`,
  ]),
  finding('constraints and indexes of a table that was there', users, [
    'ALTER TABLE users ADD CONSTRAINT one UNIQUE (email), ADD CHECK (id > 0); CREATE INDEX ON users (id, note)',
    "SELECT 'nothing'",
    `1:23 down.sql does not drop the constraint users.one, ${stays}`,
    `1:58 down.sql does not drop the constraint users.users_id_check, ${stays}`,
    `1:74 down.sql does not drop the index users_id_note_idx, ${stays}`,
  ]),
  finding('the function of a trigger, and a type', users, [
    `CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER users_see BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION see();
CREATE TYPE mood AS ENUM ('good'); ALTER TABLE users ADD COLUMN mood mood`,
    'DROP TRIGGER users_see ON users; ALTER TABLE users DROP COLUMN mood',
    `1:1 down.sql does not drop the function see(), ${stays}`,
    `3:1 down.sql does not drop the type mood, ${stays}`,
  ]),
  finding('a type that a block makes and a column needs', users, [
    `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_type WHERE typname = 'mood') THEN CREATE TYPE mood AS ENUM ('good'); END IF; END $$;
CREATE TABLE moods (mood mood)`,
    'DROP TABLE moods',
    `1:77 down.sql does not drop the type mood, ${stays}`,
  ]),
  finding('a table that keeps its new name', posts, [
    'ALTER TABLE users RENAME TO people',
    "SELECT 'nothing'",
    '1:13 down.sql does not rename the table people back',
  ]),
  finding('a column that keeps its new name', users, [
    'ALTER TABLE users RENAME COLUMN note TO remark; ALTER TABLE users ALTER email DROP NOT NULL',
    'ALTER TABLE users ALTER email SET NOT NULL',
    '1:13 down.sql does not rename the column users.remark back',
  ]),
  finding('an index that goes with a column', users, [
    'ALTER TABLE users DROP COLUMN note',
    "ALTER TABLE users ADD COLUMN note text DEFAULT ''",
    '1:1 down.sql does not create the index users_note again, which is dropped with the column users.note',
  ]),
  finding('a foreign key that goes with the table that it refers to', posts, [
    'DROP TABLE users CASCADE',
    users,
    '1:1 down.sql does not create the constraint posts.posts_user_id_fkey again, which is dropped with the table users',
  ]),
  finding('a table that an earlier migration made', posts, [
    'DROP TABLE posts CASCADE',
    "SELECT 'nothing'",
    '1:1 down.sql does not create the table posts again',
  ]),
  finding('properties of a column', users, [
    "ALTER TABLE users ALTER note SET DEFAULT '-', ALTER note SET NOT NULL, ALTER email TYPE varchar",
    'ALTER TABLE users ALTER note DROP NOT NULL',
    '1:1 down.sql does not change the default of the column users.note back',
    '1:78 down.sql does not change the type of the column users.email back',
  ]),
  finding('row security, a state, and options', posts, [
    'ALTER TABLE users ENABLE ROW LEVEL SECURITY, SET (fillfactor = 90); ALTER TABLE posts DISABLE TRIGGER posts_touch',
    "SELECT 'nothing'",
    '1:1 down.sql does not change row security of the table users back',
    '1:1 down.sql does not change the options of the table users back',
    '1:69 down.sql does not change the state of the trigger posts.posts_touch back',
  ]),
  finding('the body of a function, a view, and a constraint that is defined anew', posts, [
    `CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END';
CREATE OR REPLACE VIEW titles AS SELECT id, title FROM posts WHERE id > 0;
ALTER TABLE users DROP CONSTRAINT IF EXISTS small; ALTER TABLE posts DROP CONSTRAINT posts_user_id_fkey;
ALTER TABLE posts ADD CONSTRAINT posts_user_id_fkey FOREIGN KEY (user_id) REFERENCES users ON DELETE CASCADE`,
    "SELECT 'nothing'",
    '1:1 down.sql does not change the definition of the function touch() back',
    '2:24 down.sql does not change the definition of the view titles back',
    '4:23 down.sql does not change the definition of the constraint posts.posts_user_id_fkey back',
  ]),
  finding('something that was there before', posts, [
    'ALTER TABLE users ADD COLUMN age int',
    'ALTER TABLE users DROP COLUMN age; DROP TABLE posts CASCADE; DROP INDEX users_note',
    '1:36 the table posts existed before this migration, and its down.sql drops it',
    '1:62 the index users_note existed before this migration, and its down.sql drops it',
  ]),
  finding('a column whose sequence goes along', 'CREATE TABLE t (id serial, x int)', [
    'ALTER TABLE t ADD COLUMN y int',
    'ALTER TABLE t DROP COLUMN y, DROP COLUMN id',
    '1:1 the column t.id existed before this migration, and its down.sql drops it',
  ]),
];

export const silent: readonly Scene[] = [
  scene('what a branch makes', users, [
    `DO $$ BEGIN IF EXISTS (SELECT FROM users) IS NOT NULL THEN CREATE TABLE tags (id int); END IF; END $$`,
    "SELECT 'nothing'",
  ]),
  scene('what is put together at run time, on the way up', users, [
    `DO $$ DECLARE t text; BEGIN FOR t IN SELECT 'users' LOOP EXECUTE format('ALTER TABLE %I ADD x int', t); END LOOP; END $$;
     CREATE TABLE tags (id int)`,
    "SELECT 'nothing'",
  ]),
  scene('what is put together at run time, on the way down', users, [
    'CREATE TABLE tags (id int); CREATE TABLE marks (id int)',
    `DO $$ DECLARE t text; BEGIN FOR t IN SELECT 'tags' LOOP EXECUTE format('DROP TABLE %I', t); END LOOP; END $$`,
  ]),
  scene('values of an enum', "CREATE TYPE mood AS ENUM ('good')", [
    "ALTER TYPE mood ADD VALUE 'bad'",
    "SELECT 'nothing'",
  ]),
  scene('another definition under the same name', users, [
    'DROP INDEX users_note',
    'CREATE INDEX users_note ON users (email)',
  ]),
];
