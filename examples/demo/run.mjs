/**
 * `npm run demo`: a small team's story on the embedded database, played with the real command.
 * With a folder as its argument it leaves the project there. `--sqlite` plays it on a SQLite file.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const kat = resolve('dist/kat.cjs');
if (!existsSync(kat)) runNode(['scripts/build.mjs'], process.cwd(), process.env);

const options = process.argv.slice(2);
const isSqlite = options.includes('--sqlite');
const [kept] = options.filter((option) => option !== '--sqlite');
const number = isSqlite ? 'INTEGER' : 'serial';
const folder = kept ? resolve(kept) : mkdtempSync(join(tmpdir(), 'kat-demo-'));
const withoutSettings = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(KAT_|PG)/.test(name)),
);

function runNode(args, cwd, env) {
  const { status } = spawnSync(process.execPath, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
}

function say(text) {
  console.log(`\n# ${text}`);
}

function run(...args) {
  console.log(`\n$ kat ${args.join(' ')}`);
  runNode([kat, ...args], folder, withoutSettings);
}

function write(name, up, down) {
  const migrations = join(folder, 'migrations');
  const id = readdirSync(migrations).find((entry) => entry.endsWith(`_${name}`));
  writeFileSync(join(migrations, id, 'up.sql'), `${up}\n`);
  writeFileSync(join(migrations, id, 'down.sql'), `${down}\n`);
}

function play() {
  const database = isSqlite ? 'a SQLite file' : 'the embedded database';
  say(`A new project on ${database}: no server, no account, nothing to install.`);
  run('init', '--driver', isSqlite ? 'sqlite' : 'pglite');

  say('Ada lays the ground.');
  run('add', 'create_users');
  write(
    'create_users',
    `CREATE TABLE users (id ${number} PRIMARY KEY, name text NOT NULL UNIQUE);`,
    'DROP TABLE users;',
  );
  run('up');

  say('Ada and Ben go on at the same time, on two branches of the graph. Neither waits for the other.');
  run('add', 'create_posts', '--parent', 'create_users');
  write(
    'create_posts',
    `CREATE TABLE posts (id ${number} PRIMARY KEY, author int NOT NULL REFERENCES users, body text NOT NULL);`,
    'DROP TABLE posts;',
  );
  run('add', 'create_profiles', '--parent', 'create_users');
  write(
    'create_profiles',
    'CREATE TABLE profiles (user_id int PRIMARY KEY REFERENCES users, motto text);',
    'DROP TABLE profiles;',
  );

  say('Both branches are merged. The next migration follows both of them without being told.');
  run('add', 'show_authors');
  write(
    'show_authors',
    'CREATE VIEW authors AS\n  SELECT u.name, p.motto, (SELECT count(*) FROM posts WHERE author = u.id) AS posts\n  FROM users u LEFT JOIN profiles p ON p.user_id = u.id;',
    'DROP VIEW authors;',
  );
  run('status');

  say(
    'Is it right? Each migration is tried up, down and up again on a throwaway database, and the branches in both orders.',
  );
  run('verify');
  run('verify', '--order');

  say('First a look at what would happen, then for real.');
  run('up', '--dry-run');
  run('up');
  run('status');

  say(`The graph, as a drawing, and as a ${isSqlite ? 'picture' : 'page for the browser'}.`);
  run('graph');
  run('export', '--file', isSqlite ? 'graph.svg' : 'graph.html');

  say('Going back: the view first, then what was applied before it. No child is left without its parent.');
  run('down', '--count', '2');
  run('status');
}

try {
  play();
  say('That was Kat. The README has the tour, docs/ has the rest.');
} finally {
  if (!kept) rmSync(folder, { recursive: true, force: true });
}
