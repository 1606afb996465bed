/** `kat check`: its screens, documents and exit codes, without a database. */
import { expect, test } from 'vitest';
import { documentOf } from '../support/document.js';
import { commitAll } from '../support/git.js';
import { makeProject } from '../support/kat-project.js';

const config = 'database:\n  url: postgres://nobody@127.0.0.1:1/none\n';
const migrations = {
  '1_users': 'CREATE TABLE users (id bigint PRIMARY KEY, age int);',
  '2_default': { up: 'ALTER TABLE users ALTER age SET DEFAULT 1;', parents: [1] },
  '3_insert': { up: '\nINSERT INTO users (id) VALUES (1);', parents: [1] },
};

test('text: each finding with both excerpts, totals; further reasons with --verbose', async () => {
  const clash = 'CREATE TABLE posts (id int);';
  const project = makeProject({
    config,
    migrations: {
      '1_users': migrations['1_users'],
      '2_a': { up: clash, parents: [1] },
      '3_b': { up: clash, parents: [1] },
    },
  });
  const run = await project.kat('check');
  expect(run).toEqual({
    code: 3,
    stderr: '',
    stdout: [
      'migrations/3_b/up.sql:1:14: error[same-name]: unordered relative to 2_a: creates table posts, which 2_a creates. Whichever runs second fails, so no parent helps: rename, change or delete one of the two statements.',
      `  1 | ${clash}`,
      '    |              ^',
      'migrations/2_a/up.sql:1:14: note: 2_a creates table posts',
      `  1 | ${clash}`,
      '    |              ^',
      '3 migrations, 1 unordered pair: 1 error',
      '',
    ].join('\n'),
  });
  const verbose = await project.kat('check --verbose');
  expect(verbose.stdout).toContain(
    '3_b, also unordered relative to 2_a:\n  migrations/3_b/up.sql:1:1: error[same-name]: creates type posts, and 2_a creates type posts in line 1',
  );
});

test('a warning passes unless it is strict; nothing to complain about is said', async () => {
  const project = makeProject({ config, migrations });
  expect((await project.kat('check')).code).toBe(0);
  expect((await project.kat('check --strict')).code).toBe(3);
  project.write(
    'migrations/3_insert/up.sql',
    '-- kat:ignore rows-meet-rules\nINSERT INTO users (id) VALUES (1);',
  );
  expect(await project.kat('check --strict')).toEqual({
    code: 0,
    stderr: '',
    stdout: '3 migrations, 1 unordered pair: no conflicts found (1 accepted)\n',
  });
});

test('sarif: the other place is a related location', async () => {
  const project = makeProject({ config, migrations });
  const { stdout } = await project.kat('check --format sarif');
  const { runs } = JSON.parse(stdout);
  expect(runs[0].results).toMatchObject([
    {
      ruleId: 'rows-meet-rules',
      level: 'warning',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'migrations/3_insert/up.sql' },
            region: { startLine: 2 },
          },
        },
      ],
      relatedLocations: [
        {
          message: { text: '2_default alters column users.age' },
          physicalLocation: {
            artifactLocation: { uri: 'migrations/2_default/up.sql', uriBaseId: 'SRCROOT' },
            region: { startLine: 1, startColumn: 1 },
          },
        },
      ],
    },
  ]);
  expect(runs[0].tool.driver.rules).toContainEqual(
    expect.objectContaining({
      id: 'rows-meet-rules',
      shortDescription: { text: expect.stringMatching(/trigger/) },
    }),
  );
});

test('github and json', async () => {
  const project = makeProject({ config, migrations });
  commitAll(project.folder);
  project.addMigration('4_age', {
    up: 'ALTER TABLE users ADD x int;\nALTER TABLE users DROP age;',
    parents: [1],
  });
  const github = await project.kat('check --git-base main --format github');
  expect(github.stdout.split('\n')[0]).toBe(
    '::error file=migrations/4_age/up.sql,line=2,col=1,title=kat%3A dropped-while-used::unordered relative to 2_default: drops column users.age, which 2_default alters. Add 2_default to the parents of 4_age.%0Amigrations/2_default/up.sql:1:1: 2_default alters column users.age',
  );
  expect(github.stdout).toMatch(/\(against main, left at [0-9a-f]{7}\)\n$/);
  const document = documentOf(await project.kat('check --git-base main --json'));
  expect(document).toMatchObject({
    command: 'check',
    isValid: false,
    pairs: [{ ids: ['2_default', '4_age'], edge: { parent: '2_default', child: '4_age' } }],
    edges: [{ parent: '2_default', child: '4_age' }],
    base: { revision: 'main' },
  });
  expect(await project.kat('check --git-base nowhere')).toMatchObject({ code: 2 });
});

test('a file that is no SQL is an error, also where nothing is unordered relative to it', async () => {
  const project = makeProject({ config, migrations: { '1_broken': 'SELECT 1;\nCREATE TABEL x;' } });
  for (const command of ['check', 'deps']) {
    const run = await project.kat(command);
    expect(run.code, command).toBe(3);
    expect(run.stdout).toContain(
      'migrations/1_broken/up.sql:2:8: error[syntax]: syntax error at or near "TABEL"\n  2 | CREATE TABEL x;',
    );
  }
});
