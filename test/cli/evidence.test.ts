/** `kat verify --evidence`: what was executed is written down, and the commands that predict say so until it is stale. */

import { beforeAll, expect, test } from 'vitest';
import { documentOf } from '../support/document.js';
import { commitAll, git } from '../support/git.js';
import { makeProject, type Project } from '../support/kat-project.js';

const timeoutMs = 120_000;

const config = 'database:\n  driver: pglite\n  path: db\n';
const migrations = {
  '1700000001_base': { up: 'CREATE TABLE base (a int);', down: 'DROP TABLE base;' },
  '1700000012_two': {
    up: 'ALTER TABLE base ALTER a SET DEFAULT 2;',
    down: 'ALTER TABLE base ALTER a DROP DEFAULT;',
    parents: [1700000001],
  },
  '1700000023_three': {
    up: 'ALTER TABLE base ALTER a SET DEFAULT 3;\nCREATE TABLE more (id int PRIMARY KEY);',
    down: 'ALTER TABLE base ALTER a DROP DEFAULT;',
    parents: [1700000001],
  },
};
const pairShown = 'Confirmed by execution on PostgreSQL 18: the two orders end in different schemas.';
const file = 'kat-evidence.jsonl';

let project: Project;
let evidence: string;

beforeAll(async () => {
  project = makeProject({ config, migrations });
  const orders = await project.kat('verify --order=2 --seed 1 --evidence', { timeoutMs });
  expect(orders).toMatchObject({ code: 3, stdout: expect.stringContaining(`wrote ${file}\n`) });
  await project.kat('verify --evidence', { timeoutMs });
  evidence = project.read(file);
}, 300_000);

test('the file has one line for each pair and each way back', () => {
  const entries = evidence
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const common = { postgres: 18, method: 1, state: expect.stringMatching(/^[0-9a-f]{20}$/) };
  expect(entries).toEqual([
    { migration: '1700000001_base', differs: [], ...common },
    { migration: '1700000012_two', differs: [], ...common },
    { migration: '1700000023_three', differs: ['more'], ...common },
    { pair: ['1700000012_two', '1700000023_three'], ends: 'differs', ...common },
  ]);
});

test('check, deps and lint say what is confirmed, in every format', async () => {
  project.write(file, evidence);
  for (const command of ['check', 'deps'])
    expect(await project.kat(command)).toMatchObject({ code: 3, stdout: expect.stringContaining(pairShown) });
  expect((await project.kat('check --format sarif')).stdout).toContain(pairShown);
  expect((await project.kat('check --format github')).stdout).toContain(pairShown);
  expect(documentOf(await project.kat('check --json'))).toMatchObject({
    findings: [{ code: 'same-object', evidence: { verdict: 'confirmed', message: pairShown.slice(0, -1) } }],
  });
  expect((await project.kat('lint')).stdout).toMatch(
    /warning\[incomplete-down\].* Confirmed by execution on PostgreSQL 18: down\.sql does not restore the schema\./,
  );
});

test('a refuted finding stays one', async () => {
  project.write(file, evidence.replace('"differs",', '"same",').replace('["more"]', '[]'));
  expect(await project.kat('check')).toMatchObject({
    code: 3,
    stdout: expect.stringContaining(
      'Refuted by execution on PostgreSQL 18: both orders end in the same schema.',
    ),
  });
  expect((await project.kat('lint')).stdout).toContain(
    'Refuted by execution on PostgreSQL 18: down.sql restores the object.',
  );
});

test('what remains although no schema shows it is confirmed when up.sql fails again', async () => {
  const role = makeProject({
    config,
    migrations: { '1_role': { up: 'CREATE ROLE remaining;', down: 'SELECT 1;' } },
  });
  const { code, stdout } = await role.kat('verify --json', { timeoutMs });
  expect(code).toBe(3);
  expect(JSON.parse(stdout).predictions).toMatchObject([{ code: 'incomplete-down', verdict: 'confirmed' }]);
});

test('stale evidence does not count, and goes with the next run', async () => {
  project.write(file, evidence);
  const up = 'migrations/1700000001_base/up.sql';
  project.write(up, 'CREATE TABLE base (a int, b int);\n');
  const stale = await project.kat('check');
  expect(stale).toMatchObject({ code: 3, stdout: expect.stringContaining('error[same-object]') });
  expect(stale.stdout).not.toContain('by execution');
  const again = await project.kat('verify 1700000001 --evidence', { timeoutMs });
  expect(again.code).toBe(0);
  expect(project.read(file)).toMatch(/^\{"migration":"1700000001_base",.*\}\n$/);
  project.write(up, 'CREATE TABLE base (a int);\n');
  project.write(file, evidence);
  project.write('old.yaml', `${config}lint:\n  server_version: 14\n`);
  expect((await project.kat('check --config old.yaml')).stdout).not.toContain('by execution');
  expect((await project.kat('check')).stdout).toContain('by execution');
});

test('a damaged line is shown; the lines of two branches merge', async () => {
  project.write(file, `${evidence}<<<<<<< ours\n`);
  const damaged = await project.kat('check');
  expect(damaged).toMatchObject({ code: 2, stderr: expect.stringContaining(`${file}:5:1`) });
  expect(damaged.stderr).toContain('`kat verify --evidence` writes it again');
  const team = makeProject({ files: { '.gitattributes': `${file} merge=union\n`, [file]: '' } });
  commitAll(team.folder, 'base');
  const lines = evidence.split(/(?<=\n)/);
  const branches = { one: lines.slice(0, 2), two: lines.slice(2) };
  for (const [name, own] of Object.entries(branches)) {
    git(team.folder, 'checkout', '--quiet', '-b', name, 'main');
    team.write(file, own.join(''));
    commitAll(team.folder, name);
  }
  git(team.folder, 'merge', '--quiet', 'one');
  project.write(file, team.read(file));
  for (const command of ['check', 'lint'])
    expect((await project.kat(command)).stdout).toContain('Confirmed by execution');
});

test('a role that a rollback leaves behind is not compared, so the prediction of it is not refuted', async () => {
  const up = 'CREATE ROLE left_behind;\nCREATE TABLE made (id int);';
  const other = makeProject({ config, migrations: { '1700000001_role': { up, down: 'SELECT 1;' } } });
  const { stdout } = await other.kat('verify --evidence --json', { timeoutMs });
  expect(JSON.parse(stdout).predictions).toMatchObject([
    { code: 'incomplete-down', verdict: 'not seen' },
    { code: 'incomplete-down', verdict: 'confirmed' },
  ]);
  const { stdout: linted } = await other.kat('lint');
  expect(linted).toContain(
    'Not seen by execution on PostgreSQL 18: objects of the whole server are not compared',
  );
});
