/** `kat lint`: which migrations it looks at, its screens, documents and exit codes, and what `kat up` makes of it. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { commitAll, git } from '../support/git.js';
import { makeProject, projectOn } from '../support/kat-project.js';

const config = 'database:\n  url: postgres://nobody@127.0.0.1:1/none\n';
const users = { up: 'CREATE TABLE users (id bigint PRIMARY KEY, email text);', down: 'DROP TABLE users;' };
const indexSql = 'CREATE INDEX users_email ON users (email);';
const index = {
  up: indexSql,
  down: 'DROP INDEX users_email;',
  parents: [1],
};
const newest = commandMajors().at(-1) as number;
const rule = 'create-index-not-concurrent';
const migrations = { '1_users': users, '2_index': index };

describe('which migrations', () => {
  test('all, without a database: findings with their lines, and exit code 3', async () => {
    const run = await makeProject({ config, migrations }).kat('lint');
    expect(run).toEqual({
      code: 3,
      stderr: '',
      stdout: [
        `migrations/2_index/up.sql:1:29: error[${rule}]: CREATE INDEX takes a SHARE lock on users, which blocks writes until the index is built. Use CREATE INDEX CONCURRENTLY, in a migration of its own with \`no_transaction: true\`.`,
        '  1 | CREATE INDEX users_email ON users (email);',
        '    |                             ^',
        '2 migrations: 1 error',
        '',
      ].join('\n'),
    });
  });

  test('annotations stand in front of what was seen', async () => {
    const run = await makeProject({ config, migrations }).kat('lint --trace --format github', {
      timeoutMs: 120_000,
    });
    expect(run.stdout).toMatch(/^::error file=/);
    expect(run.stdout).toMatch(/SHARE on users/);
    expect(run.stdout).toContain('2 migrations: 1 error');
  });

  test('those that are named, by the rules that are named', async () => {
    const project = makeProject({ config, migrations });
    expect((await project.kat('lint users')).stdout).toBe('1 migration: no problems found\n');
    expect((await project.kat(`lint 2 --rule ${rule}`)).stdout).toContain('1 migration: 1 error\n');
    const misspelt = await project.kat('lint --rule create-index-not-concurent');
    expect(misspelt).toMatchObject({ code: 2, stdout: '' });
    expect(misspelt.stderr).toContain(`Write \`${rule}\`.`);
    expect((await project.kat('lint users --pending')).code).toBe(2);
  });

  test('what is pending: tables that are applied are in use, those that are not are new', async () => {
    const project = await projectOn(newest, { migrations });
    expect((await project.kat('lint --pending')).stdout).toBe('2 migrations: no problems found\n');
    await project.kat('up --count 1');
    const run = await project.kat('lint --pending');
    expect(run.code).toBe(3);
    expect(run.stdout).toContain('1 migration: 1 error\n');
  });

  test('what a branch added or edited', async () => {
    const project = makeProject({ config, migrations: { '1_users': users } });
    commitAll(project.folder, 'main');
    git(project.folder, 'switch', '-c', 'feature');
    project.addMigration('2_index', index);
    expect((await project.kat('lint --git-base main')).stdout).toContain('1 migration: 1 error\n');
    project.addMigration('1_users', { ...users, up: `${users.up} CREATE TABLE tags (id int PRIMARY KEY);` });
    expect((await project.kat('lint --git-base main')).stdout).toContain('2 migrations: ');
  });

  describe('what the base has is in use', () => {
    const branch = () => {
      const project = makeProject({ config, migrations: { '1_users': users } });
      commitAll(project.folder, 'main');
      git(project.folder, 'switch', '-c', 'feature');
      return project;
    };
    const found = async (project: ReturnType<typeof branch>) => {
      const { code, stdout } = await project.kat(`lint --git-base main --rule ${rule}`);
      return { code, places: stdout.match(/^migrations.*?: /gm) ?? [] };
    };

    test('although the branch edited its migration', async () => {
      const project = branch();
      project.addMigration('2_index', index);
      project.addMigration('1_users', { ...users, up: `-- edited\n${users.up}` });
      expect(await found(project)).toEqual({ code: 3, places: ['migrations/2_index/up.sql:1:29: '] });
    });

    test('also for what is written into that migration, but not for what was there', async () => {
      const project = branch();
      project.addMigration('1_users', { ...users, up: `${users.up} CREATE INDEX later ON users (email);` });
      expect((await found(project)).code).toBe(3);
      project.addMigration('1_users', {
        ...users,
        up: `${users.up} CREATE TABLE tags (id int); CREATE INDEX ON tags (id);`,
      });
      expect(await found(project)).toEqual({ code: 0, places: [] });
    });

    test('although its migration got another name', async () => {
      const project = branch();
      rmSync(join(project.folder, 'migrations', '1_users'), { recursive: true });
      project.addMigration('3_people', { ...users, up: `${users.up} CREATE TABLE tags (id int);` });
      project.addMigration('4_index', { up: `${indexSql} CREATE INDEX ON tags (id);`, parents: [3] });
      expect(await found(project)).toEqual({ code: 3, places: ['migrations/4_index/up.sql:1:29: '] });
    });

    test('what the branch itself drops and makes again is new', async () => {
      const project = branch();
      project.addMigration('1_users', { ...users, up: `-- edited\n${users.up}` });
      const again = `DROP TABLE users; ${users.up} ${indexSql}`;
      project.addMigration('2_again', { up: again, parents: [1] });
      expect(await found(project)).toEqual({ code: 0, places: [] });
    });

    test('and --fix leaves its migrations as they are', async () => {
      const project = branch();
      project.addMigration('1_users', { ...users, up: `${users.up} ${indexSql}` });
      await project.kat('lint --git-base main --fix');
      expect(readFileSync(join(project.folder, 'migrations/1_users/up.sql'), 'utf8')).toBe(
        `${users.up} ${indexSql}\n`,
      );
    });
  });
});

describe('what a project decides', () => {
  const lint = (section: string) =>
    makeProject({ config: `${config}lint:\n${section}`, migrations }).kat('lint');

  test('rules are switched off, and count more or less', async () => {
    expect((await lint(`  disable: ${rule}\n`)).code).toBe(0);
    const warned = await lint(`  warnings: prefer-text, ${rule}\n`.replace('prefer-text, ', ''));
    expect(warned.code).toBe(0);
    expect(warned.stdout).toContain(`warning[${rule}]`);
    expect((await lint(`  infos: ${rule}\n`)).stdout).toContain(
      '2 migrations: 1 info (shown with --verbose)\n',
    );
  });

  test('what is older is left alone, and a rule that does not exist is named', async () => {
    expect((await lint('  start_after: 2\n')).stdout).toBe('0 migrations: no problems found\n');
    const wrong = await lint('  errors: no-such-rule-at-all\n');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain(
      'there is no lint rule "no-such-rule-at-all", named in the section `lint` of the configuration\n',
    );
  });

  test('comments accept findings', async () => {
    const project = makeProject({ config, migrations });
    project.addMigration('2_index', { ...index, up: `-- kat:ignore ${rule} it is small\n${index.up}` });
    expect((await project.kat('lint')).code).toBe(0);
  });
});

describe('formats', () => {
  test('json, github and sarif', async () => {
    const project = makeProject({ config, migrations });
    const document = documentOf(await project.kat('lint --json'));
    expect(document).toMatchObject({
      command: 'lint',
      isValid: false,
      migrations: ['1_users', '2_index'],
      findings: [{ code: rule, severity: 'error', migration: '2_index', location: { line: 1, column: 29 } }],
    });
    const github = await project.kat('lint --format github');
    expect(github.stdout).toMatch(
      new RegExp(`^::error file=.*2_index/up.sql,line=1,col=29,title=kat%3A ${rule}::`),
    );
    const sarif = JSON.parse((await project.kat('lint --format sarif')).stdout);
    expect(sarif).toMatchObject({
      version: '2.1.0',
      runs: [{ results: [{ ruleId: rule, level: 'error' }] }],
    });
    const [{ tool, results }] = sarif.runs;
    expect(tool.driver.rules[results[0].ruleIndex].id).toBe(rule);
    expect(results[0].locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'migrations/2_index/up.sql', uriBaseId: 'SRCROOT' },
      region: { startLine: 1, startColumn: 29 },
    });
  });

  test('the list of rules', async () => {
    const run = await makeProject().kat('lint --list-rules');
    expect(run.stdout).toContain(`${rule} `);
    const { rules } = documentOf(await makeProject().kat('lint --list-rules --json'));
    expect(rules).toContainEqual(expect.objectContaining({ id: rule, severity: 'error' }));
  });
});

describe('--fix', () => {
  test('is refused without a word about what may change', async () => {
    const project = makeProject({ config, migrations });
    const before = project.snapshot();
    const run = await project.kat('lint --fix');
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain('Name migrations, or use `--pending` or `--git-base`.');
    expect((await project.kat('lint index --dry-run')).code).toBe(2);
    expect(project.snapshot()).toEqual(before);
  });

  test('a dry run shows the files, in both directions', async () => {
    const run = await makeProject({ config, migrations }).kat('lint index --fix --dry-run');
    expect(run.code).toBe(3);
    expect(run.stdout.split('\n').slice(0, 4)).toEqual([
      `DRY RUN: Would rewrite 2_index for ${rule}`,
      '  2_index, with no_transaction: true',
      '    + CREATE INDEX CONCURRENTLY users_email ON users (email);',
      '    - DROP INDEX CONCURRENTLY users_email;',
    ]);
  });

  test('rewrites, says so, and ends with what is left; a document has the parts', async () => {
    const project = makeProject({ config, migrations });
    const run = await project.kat('lint index --fix');
    expect(run).toEqual({
      code: 0,
      stderr: '',
      stdout: `Rewrote 2_index for ${rule}\n  2_index, with no_transaction: true\n1 migration: no problems found\n`,
    });
    const again = documentOf(await project.kat('lint index --fix --json'));
    expect(again).toMatchObject({ isValid: true, fixes: [] });
    project.addMigration('2_index', { ...index, up: `${index.up} ALTER TABLE users ADD CHECK (id > 0);` });
    const { fixes } = documentOf(await project.kat('lint 2 --fix --json'));
    expect(fixes).toMatchObject([
      {
        id: '2_index',
        parts: [
          { id: '2_index', noTransaction: true },
          { id: expect.stringMatching(/^\d+_index_continued$/), label: 'continued', noTransaction: false },
          { id: expect.stringMatching(/^\d+_index_validate$/), label: 'validate' },
        ],
      },
    ]);
  });

  test('the list of rules marks what it can rewrite', async () => {
    const { stdout } = await makeProject().kat('lint --list-rules');
    expect(stdout).toMatch(new RegExp(`^${rule} +error +fix  `, 'm'));
    expect(stdout).toMatch(/^truncate +warning {7}\S/m);
  });
});

describe('kat up', () => {
  test('shows what it is about to do to tables in use, and nothing of what is new', async () => {
    const project = await projectOn(newest, { migrations: { '1_users': users } });
    project.addMigration('3_new', 'CREATE TABLE tags (id bigint PRIMARY KEY); CREATE INDEX ON tags (id);');
    expect((await project.kat('up')).stderr).toBe('');
    project.addMigration('2_index', index);
    const run = await project.kat('up');
    expect(run.code).toBe(0);
    expect(run.stderr).toBe(
      [
        `migrations/2_index/up.sql:1:29: error[${rule}]: CREATE INDEX takes a SHARE lock on users, which blocks writes until the index is built`,
        'Lint: 1 error. The run continues; with --strict, `kat up` would stop. Run `kat lint 2_index` for details and fixes.',
        '',
      ].join('\n'),
    );
    expect(await project.applied()).toContain('2_index');
    const again = await project.kat('lint 2_index');
    expect(again.stdout).toContain('Use CREATE INDEX CONCURRENTLY');
  });

  test('with --strict applies nothing, and with the setting it does not look', async () => {
    const project = await projectOn(newest, { migrations: { '1_users': users } });
    await project.migrate();
    project.addMigration('2_index', index);
    const refused = await project.kat('up --strict');
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('nothing was run: lint found 1 error');
    expect(await project.applied()).toEqual(['1_users']);
    expect((await project.kat('up --strict --dry-run')).code).toBe(3);
    const silent = await project.kat('up', { env: { KAT_LINT_ON_UP: 'off' } });
    expect(silent).toMatchObject({ code: 0, stderr: '' });
  });

  test('takes a configuration that speaks of rules which it does not ask', async () => {
    const project = await projectOn(newest, { migrations: { '1_users': users } });
    const database = project.read('kat.conf.yaml');
    project.write('kat.conf.yaml', `${database}lint:\n  disable: prefer-text\n  errors: missing-down\n`);
    expect(await project.kat('up')).toMatchObject({ code: 0, stderr: '' });
    project.write('kat.conf.yaml', `${database}lint:\n  disable: no-such-rule-at-all\n`);
    project.addMigration('2_index', index);
    expect((await project.kat('up')).code).toBe(2);
  });

  test('knows from applied migrations what they did', async () => {
    const project = await projectOn(newest, {
      migrations: { '1_measures': 'CREATE TABLE measures (at date) PARTITION BY RANGE (at);' },
    });
    await project.migrate();
    project.addMigration('2_index', { up: 'CREATE INDEX ON ONLY measures (at);', parents: [1] });
    expect((await project.kat('up')).stderr).toBe('');
  });
});

test('a comment with a misspelt word accepts nothing, and is told so', async () => {
  const project = makeProject({ config, migrations });
  const wrong = rule.replace('concurrent', 'concurent');
  project.addMigration('2_index', { ...index, up: `-- kat:ignore: ${wrong} it is small\n${index.up}` });
  const run = await project.kat('lint');
  expect(run.code).toBe(3);
  expect(run.stdout).toContain(
    `migrations/2_index/up.sql:1:1: warning[unknown-code]: the comment accepts "${wrong}", which is not a known finding code. Write \`${rule}\`.`,
  );
  project.addMigration('2_index', {
    ...index,
    up: `-- kat:ignore: ${rule}, same-name it is small\n${index.up}`,
  });
  expect((await project.kat('lint')).stdout).toBe('2 migrations: no problems found\n');
});
