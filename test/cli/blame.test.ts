/** `kat blame`: its screen, document and exit codes, with a real git repository and without a database. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { documentOf } from '../support/document.js';
import { commitAll, git } from '../support/git.js';
import { makeProject } from '../support/kat-project.js';

const config = 'database:\n  url: postgres://nobody@127.0.0.1:1/none\n';
const migrations = {
  '1_people': 'CREATE TABLE people (\n  id bigint PRIMARY KEY,\n  mail text\n);',
  '2_users': { up: 'ALTER TABLE people RENAME TO users;\n', parents: [1] },
};

test('each statement with its place, author and text; uncommitted lines and files are marked', async () => {
  const project = makeProject({ config, migrations });
  commitAll(project.folder);
  const commit = git(project.folder, 'rev-parse', '--short=10', 'HEAD');
  const date = git(project.folder, 'log', '-1', '--date=format-local:%Y-%m-%d', '--format=%ad');
  project.write(
    'migrations/2_users/up.sql',
    `ALTER TABLE people RENAME TO users;\nALTER TABLE users ADD age int;\n`,
  );
  project.addMigration('3_more', { up: 'COMMENT ON TABLE users IS NULL;', parents: [2] });
  const by = `Ada, ${date}, ${commit}`;
  const expected = [
    'table users, formerly people',
    '  1_people creates table people',
    `    migrations/1_people/up.sql:1:14, ${by}`,
    '      CREATE TABLE people (',
    '      …',
    '  2_users renames table people to users',
    `    migrations/2_users/up.sql:1:13, ${by}`,
    '      ALTER TABLE people RENAME TO users',
    '  2_users creates column users.age',
    '    migrations/2_users/up.sql:2:23, not committed',
    '      ALTER TABLE users ADD age int',
    '  3_more changes the comment on table users',
    '    migrations/3_more/up.sql:1:1, not committed',
    '      COMMENT ON TABLE users IS NULL',
    '',
  ];
  expect(await project.kat('blame people')).toEqual({ code: 0, stderr: '', stdout: expected.join('\n') });
  const verbose = await project.kat('blame people.mail --verbose');
  expect(verbose.stdout).toContain(
    '      CREATE TABLE people (\n        id bigint PRIMARY KEY,\n        mail text\n',
  );
});

test('json has the statement and the commit of each line', async () => {
  const project = makeProject({ config, migrations });
  commitAll(project.folder, 'Create people');
  const document = documentOf(await project.kat('blame people.mail --json'));
  expect(document).toMatchObject({ command: 'blame', unread: [] });
  expect('objects' in document && document.objects).toMatchObject([
    {
      ...{ kind: 'column', name: 'users.mail', formerNames: ['people.mail'], isDropped: false },
      statements: [
        {
          ...{ migration: '1_people', deeds: ['creates column people.mail'], isConditional: false },
          ...{ location: { line: 3, column: 3 }, isCommitted: true },
          statement: 'CREATE TABLE people (\n  id bigint PRIMARY KEY,\n  mail text\n)',
          commit: { author: 'Ada', subject: 'Create people', isBoundary: false },
        },
        { migration: '2_users' },
      ],
    },
  ]);
});

test('a repository without commits, a shallow clone, and none at all', async () => {
  const project = makeProject({ config, migrations });
  const none = await project.kat('blame users');
  expect(none.stdout).toContain('No authors: the migrations folder is not in a git repository.\n');
  expect(none.stdout).toContain('migrations/1_people/up.sql:1:14\n');
  git(project.folder, 'init', '--quiet');
  expect((await project.kat('blame users')).stdout).toContain('up.sql:1:14, not committed\n');
  commitAll(project.folder);
  commitAll(project.folder, 'Later');
  const clone = makeProject({ config });
  rmSync(join(clone.folder, 'migrations'), { recursive: true, force: true });
  git(clone.folder, 'clone', '--quiet', '--depth', '1', `file://${project.folder}`, 'clone');
  const shallow = await clone.kat('blame users --config clone/kat.conf.yaml');
  expect(shallow.stdout).toContain(', or earlier, as the clone is shallow\n');
});

test('SQL that cannot be read is named, first where it contains the name', async () => {
  const block = (table: string) => `DO $$ BEGIN EXECUTE 'DROP TABLE ' || current_user || '${table}'; END $$;`;
  const project = makeProject({
    config,
    migrations: { ...migrations, '3_block': block('users'), '4_other': block('') },
  });
  const { stdout } = await project.kat('blame users');
  expect(stdout).toContain(
    'Kat cannot read this SQL of migrations that contain the name:\n  migrations/3_block/up.sql:1:21 runs dynamic SQL\n',
  );
  expect(stdout).toContain('Kat cannot read all SQL of 4_other, which may change anything.\n');
});

test('an unknown name ends with code 2 and similar names', async () => {
  const project = makeProject({
    config,
    migrations: {
      ...migrations,
      '3_block': `DO $$ BEGIN EXECUTE 'CREATE TABLE a_' || 'hidden' || current_user; END $$;`,
    },
  });
  expect(await project.kat('blame user')).toEqual({
    code: 2,
    stdout: '',
    stderr: 'Error: no migration creates or changes "user"\n\nDid you mean users?\n',
  });
  expect((await project.kat('blame hidden')).stderr).toContain(
    'Kat cannot read all SQL of 3_block, which contains the name.',
  );
  expect((await project.kat('blame')).code).toBe(2);
});
