/** An edit of comments and white space alone is told apart from one of SQL, by what the log has of the applied text. */
import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { commitAll, git } from '../support/git.js';
import { type DatabaseProject, makeProject, projectOn } from '../support/kat-project.js';
import { stepsOf } from './shop.js';

const users = 'CREATE TABLE users (id int);';
const migrations = {
  '1_users': { up: users, down: 'DROP TABLE users;' },
  '2_posts': { up: 'CREATE TABLE posts (id int);', down: 'DROP TABLE posts;', parents: [1] },
};
const edited = '-- people\nCREATE TABLE users( id int ) /* all */ ;\n';
const file = 'migrations/1_users/up.sql';
const words = '1_users was edited after it was applied, but only its comments and white space';

async function appliedProject(major: number): Promise<DatabaseProject> {
  const project = await projectOn(major, { migrations });
  await project.migrate();
  return project;
}

/** `severity: message` of what `kat validate` finds about edits. */
async function findingsOf(project: Pick<DatabaseProject, 'kat'>, checksums = 'warn'): Promise<string[]> {
  const run = await project.kat('validate --json', { env: { KAT_CHECKSUMS: checksums } });
  const { findings } = documentOf(run) as unknown as {
    findings: { code: string; severity: string; message: string }[];
  };
  return findings
    .filter(({ code }) => code.includes('edited'))
    .map(({ severity, message }) => `${severity}: ${message}`);
}

const ofSql = 'warning: up.sql of 1_users was edited after it was applied';

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('every command says so, nothing runs again, and repair accepts it', async () => {
    const project = await appliedProject(major);
    project.write(file, edited);
    expect(await findingsOf(project)).toEqual([`info: up.sql of ${words}`]);
    const status = await project.kat('status --check');
    expect(status).toMatchObject({ code: 0 });
    expect(status.stdout).toMatch(/1_users .* changed: only comments and white space of up\.sql were edited/);
    expect(documentOf(await project.kat('status --json'))).toMatchObject({
      migrations: [{ isChanged: true, onlyComments: true }, {}],
      counts: { changed: 0 },
    });
    expect(await project.kat('up')).toMatchObject({
      code: 0,
      stderr: `Warning: ${words}. The SQL is the same. \`kat repair\` accepts the edit.\n`,
    });
    expect((await project.kat('plan')).stdout).toContain(`Warning: ${words}`);
    expect(await stepsOf(project, 'redo --modified --yes')).toEqual([]);
    expect(await stepsOf(project, 'sync --modified --yes')).toEqual([]);
    expect((await project.kat('down --to 1 --dry-run')).stderr).not.toContain('edited');
    expect((await project.kat('repair --yes')).stdout).toContain(
      '~ 1_users  its up.sql was edited after it was applied, but only its comments and white space\n',
    );
    expect(await findingsOf(project)).toEqual([]);
    project.write(file, users);
    expect(await findingsOf(project)).toEqual([`info: up.sql of ${words}`]);
    project.write(file, 'CREATE TABLE users (id bigint);');
    expect(await findingsOf(project)).toEqual([ofSql]);
  });

  test('checksums: strict forbids it like any edit, in its own words', async () => {
    const project = await appliedProject(major);
    project.write(file, edited);
    expect(await findingsOf(project, 'strict')).toEqual([`error: up.sql of ${words}`]);
    expect(await project.kat('up', { env: { KAT_CHECKSUMS: 'strict' } })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining(`up.sql of ${words}`),
    });
  });

  test.each([
    [
      'a comment in a body, which the server keeps',
      'DO $$ BEGIN NULL; END $$;',
      'DO $$ BEGIN NULL; /* */ END $$;',
    ],
    ['a string', "SELECT 'a -- b';", "SELECT 'a -- c';"],
    ['a quoted name', 'SELECT 1 AS "a  b";', 'SELECT 1 AS "a b";'],
    ['blanks that part an operator', 'SELECT 1 <= 2;', 'SELECT 1 < = 2;'],
    ['a line break between strings', "SELECT 'a'\n'b';", "SELECT 'a' 'b';"],
    ['letter case', 'SELECT 1;', 'select 1;'],
    ['what a setting of the server decides', "SELECT E'\\'' -- one\n;", "SELECT E'\\'' -- two\n;"],
    ['a blank that is none to the server', 'SELECT 1 AS a;', 'SELECT 1 AS\u00a0a;'],
  ])('it is one of SQL: %s', async (_, before, after) => {
    const project = await projectOn(major, { migrations: { '1_users': before } });
    expect(await project.kat('up')).toMatchObject({ code: 0 });
    project.write(file, after);
    expect(await findingsOf(project)).toContain(ofSql);
  });

  test('entries of every kind have the evidence; entries without it leave all edits edits of SQL', async () => {
    const project = await projectOn(major, {
      migrations: { ...migrations, '3_steps': { up: 'SELECT 3;', parents: [2], noTransaction: true } },
    });
    await project.kat('stamp 1_users');
    await project.migrate();
    for (const id of ['1_users', '2_posts', '3_steps'])
      project.write(`migrations/${id}/up.sql`, `-- more\n${project.read(`migrations/${id}/up.sql`)}`);
    expect(await findingsOf(project)).toEqual(
      ['1_users', '2_posts', '3_steps'].map((id) => `info: up.sql of ${words.replace('1_users', id)}`),
    );
    await project.database.query(
      "UPDATE migrations_log SET statement_hash = NULL WHERE migration = '1_users'",
    );
    expect((await findingsOf(project))[0]).toBe(ofSql);
  });

  test('drift takes the file for what was applied', async () => {
    const project = await appliedProject(major);
    project.write(file, edited);
    const run = await project.kat('drift --json');
    expect(run).toMatchObject({ code: 0 });
    expect(documentOf(run)).toMatchObject({ assumptions: [] });
  });
});

test('the same beside a git base', async () => {
  const project = makeProject({ config: 'database:\n  driver: pglite\n  path: db\n', migrations });
  commitAll(project.folder);
  git(project.folder, 'checkout', '--quiet', '-b', 'feature');
  project.write(file, edited);
  const validate = 'validate --offline --git-base main';
  const run = await project.kat(validate);
  expect(run).toMatchObject({ code: 0 });
  expect(run.stdout).toContain(
    'info[base-edited]: up.sql of 1_users was edited, but only its comments and white space',
  );
  expect(await project.kat(validate, { env: { KAT_CHECKSUMS: 'strict' } })).toMatchObject({ code: 3 });
  project.write(file, 'CREATE TABLE users (id bigint);\n');
  expect(await project.kat(validate)).toMatchObject({ code: 3 });
});
