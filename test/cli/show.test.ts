/** `kat show`: everything that is known of one migration, wherever it is known from. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { makeProject, projectOn } from '../support/kat-project.js';

/*
 *   1_users ──┬── 2_posts ── 4_tags
 *             └── 3_index
 */
const migrations = {
  '1_users': { up: 'CREATE TABLE users (id int);', down: 'DROP TABLE users;' },
  '2_posts': { up: 'CREATE TABLE posts (id int);', down: 'DROP TABLE posts;', parents: [1] },
  '3_index': {
    up: 'CREATE INDEX CONCURRENTLY ON users (id);',
    down: null,
    parents: [1],
    noTransaction: true,
  },
  '4_tags': { up: 'SELECT 1;', parents: [2] },
};

const when = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC`;

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('an applied migration', async () => {
    const project = await projectOn(major, { migrations });
    project.write(
      'migrations/2_posts/metadata.yaml',
      'name: 2_posts\ntimestamp: 2\ndescription: adds posts\nparents: [1]\nlock_timeout: 10s\nretry_for: 1500ms\n',
    );
    await project.kat('up --to 2');
    const { code, stdout, stderr } = await project.kat('show posts');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      new RegExp(`^2_posts
  adds posts

  state       applied: ${when}  \\d+ ms
              by \\S+@\\S+, as postgres, with Kat \\S+
  parents     1_users  applied
  children    4_tags  pending, ready
  graph       1 before it, 1 after it
  runs        in one transaction
  waits       lock_timeout 10s
              retry_for 1500ms
  files       migrations/2_posts/up\\.sql
              migrations/2_posts/down\\.sql
              migrations/2_posts/metadata\\.yaml

up\\.sql
  CREATE TABLE posts \\(id int\\);

down\\.sql
  DROP TABLE posts;

History
  ${when}  up succeeded  [\\d.]+ m?s  \\S+@\\S+
$`),
    );
  });

  test('a pending migration', async () => {
    const project = await projectOn(major, { migrations });
    const { stdout } = await project.kat('show 3');
    expect(stdout).toBe(`3_index

  state       pending: waits for 1_users
  parents     1_users  pending, ready
  children    none
  graph       1 before it, 0 after it
  runs        statement by statement (no_transaction)
  files       migrations/3_index/up.sql
              migrations/3_index/metadata.yaml

up.sql
  CREATE INDEX CONCURRENTLY ON users (id);
`);
    expect(await project.database.query("SELECT FROM pg_class WHERE relname ~ '^migrations'")).toEqual([]);
  });

  test('--json, with the states as `kat status --json` has them', async () => {
    const project = await projectOn(major, { migrations });
    await project.kat('up --to 2');
    const document = documentOf(await project.kat('show 2 --json'));
    const { migrations: statuses } = documentOf(await project.kat('status --json'));
    const [users, posts, , tags] = statuses as unknown[];
    const entry = expect.objectContaining({ migration: '2_posts', direction: 'up', outcome: 'succeeded' });
    const file = (name: string) => join(project.folder, 'migrations/2_posts', name);
    expect(document).toEqual({
      command: 'show',
      ok: true,
      id: '2_posts',
      timestamp: '2',
      name: 'posts',
      isOffline: false,
      status: posts,
      recordedBy: entry,
      parents: [users],
      children: [tags],
      ancestors: 1,
      descendants: 1,
      noTransaction: false,
      files: { up: file('up.sql'), down: file('down.sql'), metadata: file('metadata.yaml') },
      up: 'CREATE TABLE posts (id int);\n',
      down: 'DROP TABLE posts;\n',
      history: { hasLog: true, hasMore: false, entries: [entry] },
    });
  });

  test('steps from where the database stands', async () => {
    const project = await projectOn(major, { migrations });
    await project.kat('up --count 2');
    for (const [reference, id] of [
      ['+1', '3_index'],
      ['-1', '2_posts'],
      ['base+1', '1_users'],
    ] as const) {
      const run = await project.kat(['show', '--json', '--', reference]);
      expect(documentOf(run), reference).toMatchObject({ id });
    }
    const several = await project.kat('show heads');
    expect(several.code).toBe(2);
    expect(several.stderr).toContain('the reference means 2 migrations');
  });

  test('--up and --down print what runs and nothing else', async () => {
    const project = await projectOn(major, { migrations });
    const sql = '-- a comment\r\nSELECT 1;\n\n\n';
    project.write('migrations/4_tags/up.sql', sql);
    expect(await project.kat('show tags --up')).toEqual({ code: 0, stdout: sql, stderr: '' });
    expect((await project.kat('show tags --down')).stdout).toBe('SELECT 1;\n');
    const none = await project.kat('show 3_index --down');
    expect(none).toMatchObject({ code: 2, stdout: '' });
    expect(none.stderr).toContain('there is no down.sql of 3_index');
    expect((await project.kat('show tags --up --down')).code).toBe(2);
  });

  test('a long file is cut, a long history is cut, and both say so', async () => {
    const project = await projectOn(major, { migrations: { '1_users': 'SELECT 1;\n'.repeat(50).trimEnd() } });
    for (let round = 0; round < 3; round += 1) {
      await project.migrate();
      await project.kat('down');
    }
    const { stdout } = await project.kat('show users');
    expect(stdout.match(/^ {2}SELECT 1;$/gm)).toHaveLength(41);
    expect(stdout).toContain('\n  … 10 more lines\n');
    expect(stdout.match(/ (up|down) succeeded /g)).toHaveLength(5);
    expect(stdout).toMatch(/\n {2}… and more: see `kat history`\n$/);
    expect(stdout).toMatch(/state {7}pending: ready, rolled back \d/);
  });

  test('an edited migration shows what `kat down` would run', async () => {
    const project = await projectOn(major, { migrations });
    await project.kat('up --to 2');
    project.write('migrations/2_posts/up.sql', 'CREATE TABLE posts (id bigint);');
    expect((await project.kat('show posts')).stdout).not.toContain('as it was');
    project.write('migrations/2_posts/down.sql', 'DROP TABLE IF EXISTS posts;');
    const { stdout } = await project.kat('show posts');
    expect(stdout).toContain('\n              changed: up.sql was edited since\n');
    expect(stdout).toContain('\ndown.sql\n  DROP TABLE IF EXISTS posts;\n');
    expect(stdout).toContain(
      '\ndown.sql as it was when this was applied, which `kat down` runs\n  DROP TABLE posts;\n',
    );
    expect(await project.kat('show posts --down')).toEqual({
      code: 0,
      stdout: 'DROP TABLE posts;\n',
      stderr: '',
    });
  });

  test('a migration whose folder is gone: applied, and rolled back', async () => {
    const project = await projectOn(major, { migrations });
    await project.kat('up --to 4');
    await project.kat('down --count 1');
    for (const id of ['2_posts', '4_tags'])
      rmSync(join(project.folder, 'migrations', id), { recursive: true });
    const missing = await project.kat('show posts');
    expect(missing.stdout).toMatch(
      new RegExp(`^2_posts

  state       applied: ${when}  \\d+ ms
              missing: its folder does not exist
              by .*
  parents     1_users  applied
  children    none
  graph       1 before it, 0 after it
  runs        in one transaction

down\\.sql as it was when this was applied, which \`kat down\` runs
  DROP TABLE posts;

History
  .*
$`),
    );
    expect((await project.kat('show posts --down')).stdout).toBe('DROP TABLE posts;\n');
    expect((await project.kat('show posts --up')).stderr).toContain('there is no up.sql of 2_posts');
    expect(documentOf(await project.kat('show users --json')).children).toMatchObject([
      { id: '3_index', state: 'pending', waitsFor: [] },
      { id: '2_posts', state: 'missing' },
    ]);
    const gone = documentOf(await project.kat('show tags --json'));
    expect(gone).toMatchObject({ id: '4_tags', status: { state: 'gone' }, parents: [{ id: '2_posts' }] });
    expect(gone.files).toBeUndefined();
    expect((await project.kat('show tags')).stdout).toContain(
      'gone: not applied, and its folder does not exist\n',
    );
  });

  test('without the database, what the folder has', async () => {
    const project = await projectOn(major, { migrations });
    await project.migrate();
    const config = 'database:\n  host: 127.0.0.1\n  port: 1\n';
    project.write('down.conf.yaml', config);
    const offline = await project.kat('show posts --offline');
    expect(offline).toEqual({
      code: 0,
      stdout: `2_posts

  parents     1_users
  children    4_tags
  graph       1 before it, 1 after it
  runs        in one transaction
  files       migrations/2_posts/up.sql
              migrations/2_posts/down.sql
              migrations/2_posts/metadata.yaml

up.sql
  CREATE TABLE posts (id int);

down.sql
  DROP TABLE posts;
`,
      stderr: '',
    });
    expect(await project.kat('show posts -c down.conf.yaml')).toEqual({
      ...offline,
      stderr:
        'could not connect to 127.0.0.1:1: connection refused; showing only the contents of the folder\n',
    });
    const document = documentOf(await project.kat('show posts --json -c down.conf.yaml'));
    expect(document).toMatchObject({ isOffline: true, parents: [{ id: '1_users' }] });
    expect(document.status).toBeUndefined();
    rmSync(join(project.folder, 'migrations/4_tags'), { recursive: true });
    const lost = await project.kat('show tags -c down.conf.yaml');
    expect(lost).toMatchObject({ code: 2, stdout: '' });
    expect(lost.stderr).toMatch(/^Connection failed: /);
    const unknown = await project.kat('show tags --offline');
    expect(unknown.stderr).toContain('no migration matches "tags"');
  });
});

test('--offline asks for no setting of the database', async () => {
  const project = makeProject({ config: `database:\n  password: \${NOT_SET_HERE}\n`, migrations });
  expect((await project.kat('show users')).code).toBe(2);
  expect((await project.kat('show users --offline --up')).stdout).toBe('CREATE TABLE users (id int);\n');
});

test('on PGlite', async () => {
  const project = makeProject();
  await project.kat('init --driver pglite');
  project.addMigration('1_users', 'CREATE TABLE users ();');
  await project.kat('up');
  expect(documentOf(await project.kat('show head --json'))).toMatchObject({
    id: '1_users',
    status: { state: 'applied' },
    history: { entries: [{ outcome: 'succeeded' }] },
  });
});
