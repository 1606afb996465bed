/** Text from servers, files and names reaches no terminal and no CI service as anything but text. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createKat, KatError } from '../../src/index.js';
import { commandMajors } from '../support/database.js';
import { projectOn } from '../support/kat-project.js';

const [major = 18] = commandMajors();

/** Turns the terminal red, moves up, hides text by its direction; and begins lines that CI services act upon. */
const attack = '\u001b[31m\u009b1A\u202e\n::error::owned\n ::add-mask::a\n##[error]owned';
const quoted = attack.replaceAll("'", "''");

const acting = /(?![\t\n])\p{Cc}|\u202e|^\s*::(?:error|add-mask)|##\[/mu;

const raises = `DO $attack$ BEGIN RAISE WARNING USING MESSAGE = '${quoted}'; RAISE EXCEPTION USING MESSAGE = '${quoted}', DETAIL = '${quoted}', HINT = '${quoted}'; END $attack$;`;

test('what the server says: on the screen, in the log, in JSON', async () => {
  const project = await projectOn(major, { migrations: { '1_one': raises } });
  const failed = await project.kat('up -v');
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain(String.raw`ERROR: \x1b[31m\x9b1A\u202e`);
  expect(failed.stderr).toContain(String.raw`WARNING: \x1b[31m\x9b1A\u202e`);
  expect(failed.stdout + failed.stderr).not.toMatch(acting);
  const document = await project.kat('up --json');
  expect(JSON.parse(document.stdout)).toMatchObject({ error: { code: 'MIGRATION_FAILED' } });
  expect(document.stdout + document.stderr).not.toMatch(acting);
  for (const args of ['history', 'history -v', 'history --json', 'show 1_one', 'status']) {
    const { code, stdout, stderr } = await project.kat(args);
    expect(code, args).toBe(0);
    expect(stdout + stderr, args).not.toMatch(acting);
  }
});

test('what the tracking table and the log say', async () => {
  const project = await projectOn(major, { migrations: { '1_one': 'SELECT 1;' } });
  await project.kat('up');
  await project.database.query(
    `INSERT INTO migrations (name, migration_time, duration) VALUES (E'2_\\x1b[31mx\\n::error::owned', now(), 1);
     UPDATE migrations_log SET client = E'me\\x1b[31m\\n::error::owned', kat_version = E'\\u202e'`,
  );
  for (const args of ['status', 'status --json', 'history -v', 'validate', 'validate --format github']) {
    const { stdout, stderr } = await project.kat(args);
    const text = (stdout + stderr).replace(/^::error title=kat.*$/gm, '');
    expect(stdout + stderr, args).toContain(args.includes('history') ? 'owned' : 'x1b[31mx'.slice(-5));
    expect(text, args).not.toMatch(acting);
  }
});

test('what files say: descriptions, names of tables in findings, lines of SQL', async () => {
  const description = JSON.stringify(attack);
  const project = await projectOn(major, {
    migrations: {
      '1_one': `CREATE TABLE "t\u001b[31m\n::error::owned" (id int);`,
      '2_two': `ALTER TABLE "t\u001b[31m\n::error::owned" ADD COLUMN x int NOT NULL;`,
      '3_three': `SELECT '\u001b[31m\u202e' FRM x;`,
    },
  });
  project.write('migrations/1_one/metadata.yaml', `name: one\ntimestamp: 1\ndescription: ${description}\n`);
  for (const args of [
    'show 1_one',
    'lint -v',
    'lint --format github',
    'lint --format sarif',
    'lint --json',
    'up',
  ]) {
    const { stdout, stderr } = await project.kat(args);
    const annotations = args.includes('github') ? /^::(?:error|warning|notice) file=migrations.*$/gm : /$^/;
    expect(stdout + stderr, args).toMatch(/owned|x1b\[31m/);
    expect((stdout + stderr).replace(annotations, ''), args).not.toMatch(acting);
  }
  expect((await project.kat('show 1_one --up')).stdout).toBe(project.read('migrations/1_one/up.sql'));
});

test('errors and the log of the library', async () => {
  const project = await projectOn(major, { migrations: { '1_one': raises } });
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const kat = createKat({
    migrations: join(project.folder, 'migrations'),
    database: project.database.url,
    logger: { debug: write, info: write, warn: write, error: write },
  });
  const error = await kat.up().catch((thrown: unknown) => thrown);
  await kat.close();
  expect(error).toBeInstanceOf(KatError);
  const { message, problems } = error as KatError;
  expect(message).toContain(String.raw`\x1b[31m\x9b1A\u202e`);
  expect([message, ...problems.map((problem) => problem.message)].join('\n')).not.toMatch(acting);
  expect(lines.some((line) => line.includes('owned'))).toBe(true);
  for (const line of lines) {
    expect(line).not.toMatch(acting);
    expect(line).not.toContain('\n');
  }
});
