/** `kat deps`: its screens, documents and exit codes, without a database. */
import { describe, expect, test } from 'vitest';
import { documentOf } from '../support/document.js';
import { makeProject } from '../support/kat-project.js';

const config = 'database:\n  url: postgres://nobody@127.0.0.1:1/none\n';
const migrations = {
  '1_users': 'CREATE TABLE users (id bigint PRIMARY KEY);',
  '2_posts': 'CREATE TABLE posts (author bigint REFERENCES users (id));',
  '3_view': { up: 'CREATE VIEW v AS SELECT author FROM posts, nowhere;', parents: [1, 2] },
};

describe('findings', () => {
  test('text: needs, findings with their lines, totals; exit code 3', async () => {
    const run = await makeProject({ config, migrations }).kat('deps');
    expect(run).toEqual({
      code: 3,
      stderr: '',
      stdout: [
        '2_posts',
        '  needs 1_users (not an ancestor)',
        '    line 1 references table users, which 1_users creates (migrations/1_users/up.sql:1:14)',
        '3_view',
        '  needs 2_posts',
        '    line 1 references relation posts, and 2_posts creates table posts (migrations/2_posts/up.sql:1:14)',
        'migrations/2_posts/up.sql:1:46: error[undeclared]: needs 1_users, which is not among its ancestors: line 1 references table users, which 1_users creates (1_users/up.sql:1:14). Add 1_users to its `parents`, or run `kat deps --fix`.',
        '  1 | CREATE TABLE posts (author bigint REFERENCES users (id));',
        '    |                                              ^',
        'migrations/3_view/up.sql:1:44: warning[unknown]: line 1 references relation nowhere, which no migration creates. Correct the name, or add the migration. If another source creates it, declare it with `-- kat:provides nowhere`.',
        '  1 | CREATE VIEW v AS SELECT author FROM posts, nowhere;',
        '    |                                            ^',
        '3 migrations: 1 error, 1 warning',
        '',
      ].join('\n'),
    });
  });

  test('a line of metadata.yaml is shown as it is in the file', async () => {
    const project = makeProject({ config, migrations: { '1_users': 'CREATE TABLE users ();' } });
    project.addMigration('2_posts', 'CREATE TABLE posts ();');
    for (const [entry, column] of [
      ['  - 1 # users', 5],
      ['- "1"', 3],
      ['   -  { 1: 2 } # no', 7],
    ] as const) {
      const yaml = `name: posts\ntimestamp: 2\nparents:\n${entry}\n`;
      project.write('migrations/2_posts/metadata.yaml', yaml);
      const run = await project.kat('deps');
      expect(run.stdout + run.stderr).toContain(`4 | ${entry}\n`);
      expect(run.stdout + run.stderr).toContain(`metadata.yaml:4:${column}`);
    }
  });

  test('github, json, and one migration with all its reasons', async () => {
    const project = makeProject({ config, migrations });
    const github = await project.kat('deps posts --format github');
    expect(github.stdout).toMatch(
      /^::error file=.*2_posts\/up\.sql,line=1,col=46,title=kat%3A undeclared::needs 1_users/,
    );
    const document = documentOf(await project.kat('deps --format json'));
    expect(document).toMatchObject({ command: 'deps', isValid: false, isDryRun: false });
    const one = await project.kat('deps 2_posts');
    expect(one.stdout).toMatch(/^2_posts\n {2}needs 1_users \(not an ancestor\)\n( {4}line 1 .*\n){2,}/);
    expect((await project.kat('deps 3_view')).code).toBe(0);
    expect((await project.kat('deps 3_view --strict')).code).toBe(3);
  });

  test('what nobody can look into is told, and guesses are marked', async () => {
    const hidden = "DO $$ BEGIN EXECUTE 'DROP TABLE ' || current_user; END $$;";
    const project = makeProject({
      config,
      migrations: { '1_users': 'CREATE TABLE users (id int);', '2_do': hidden },
    });
    const run = await project.kat('deps --conservative');
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('  needs 1_users (not an ancestor)\n    perhaps: line 1 ');
    expect(run.stdout).toContain('  line 1: dynamic SQL, which Kat cannot analyse\n');
  });
});

test('two migrations of which the second fails in both orders stay an error: an edge would only hide them', async () => {
  const clash = 'CREATE TABLE posts (id int);';
  const project = makeProject({ config, migrations: { '1_a': clash, '2_b': clash } });
  const { code, stdout } = await project.kat('deps --fix');
  expect(code).toBe(3);
  expect(stdout).toContain(
    'error[undeclared]: works in no order with 1_a: line 1 creates table posts, which 1_a creates (1_a/up.sql:1:14). Whichever runs second fails, so no parent helps',
  );
  expect(project.read('migrations/2_b/metadata.yaml')).toContain('parents: []');
  expect((await project.kat('check')).code).toBe(3);
});

test('--fix adds what is undeclared, a dry run shows it', async () => {
  const project = makeProject({ config, migrations });
  const before = project.snapshot();
  const tried = await project.kat('deps --fix --dry-run');
  expect(tried.stdout).toContain('migrations/2_posts/metadata.yaml\n  + 1_users\n');
  expect(tried.stdout).toMatch(/DRY RUN: Would change the parents of 1 migration\n$/);
  expect(project.snapshot()).toEqual(before);
  const fixed = await project.kat('deps --fix');
  expect([tried.code, fixed.code]).toEqual([3, 0]);
  expect(fixed.stdout).not.toContain('undeclared');
  expect(fixed.stdout).toMatch(/Changed the parents of 1 migration\n$/);
  expect(project.read('migrations/2_posts/metadata.yaml')).toContain('parents:\n  - 1 # users\n');
  const again = await project.kat('deps --fix');
  expect(again).toMatchObject({ code: 0, stdout: expect.stringMatching(/No parents to change\n$/) });
});

test('--infer shows the graph and its measures; --write writes it', async () => {
  const project = makeProject({ config, migrations });
  const shown = await project.kat('deps --infer');
  expect(shown.stdout).toContain(
    '3 migrations, 2 edges; longest path: 3 migrations; at most 1 at the same level\n3 migrations: 1 warning\n',
  );
  const written = documentOf(await project.kat('deps --infer --write --json'));
  expect(written).toMatchObject({
    shape: { migrations: 3, edges: 2, criticalPath: 3, widestLevel: 1 },
    changes: [
      { id: '2_posts', before: [], after: ['1_users'] },
      { id: '3_view', before: ['1_users', '2_posts'], after: ['2_posts'] },
    ],
  });
  expect(project.read('migrations/3_view/metadata.yaml')).toContain('parents:\n  - 2 # posts\n');
  expect((await project.kat('deps --write')).code).toBe(2);
});
