import { writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadCommands } from '../../src/cli/commands.js';
import { version } from '../../src/version.js';
import { majors } from '../support/database.js';
import { fakePgDump } from '../support/fake-pg-dump.js';
import { commitAll, git } from '../support/git.js';
import { type DatabaseProject, makeProject, type Project, projectOn } from '../support/kat-project.js';

const commands = await loadCommands();

const examples = commands.flatMap(({ name, options, examples }) =>
  examples.map(({ command }) => ({
    name,
    command,
    mayAsk: options.some(({ flags }) => flags.includes('--yes')),
  })),
);

/** Commands whose examples change neither database nor folder, so that all of them can share a project. */
const reading = new Set(
  'blame check completion deps explain export graph heads history lint ping plan report roots show status unlock validate verify version watch'.split(
    ' ',
  ),
);
let shared: Promise<Project> | undefined;

async function projectOf(name: string): Promise<Project> {
  if (!reading.has(name)) return projectFor(name);
  shared ??= projectFor('validate');
  return shared;
}

/** What the examples speak of: a few applied migrations, one that is pending, and a second configuration file. */
async function projectFor(name: string): Promise<Project> {
  if (name === 'init') return makeProject();
  if (name === 'baseline') return databaseBeforeKat();
  const create = (table: string) => ({ up: `CREATE TABLE ${table} (id int);`, down: `DROP TABLE ${table};` });
  const project = await projectOn(majors().at(-1) as number, {
    migrations: {
      '1679012345_create_users_table': create('users'),
      '1679012346_create_posts_table': { ...create('posts'), parents: [1679012345] },
      '1679012347_create_tags_table': create('tags'),
    },
  });
  project.write('prod.conf.yaml', project.read('kat.conf.yaml'));
  const staging = 'environments:\n  staging:\n    migration:\n      lock_timeout: 2s\n';
  if (name === 'doctor') project.write('kat.conf.yaml', `${project.read('kat.conf.yaml')}${staging}`);
  await project.migrate();
  if (name === 'import') await bringOtherTools(project);
  if (name === 'add') project.write('posts.sql', 'CREATE VIEW all_posts AS SELECT id FROM posts;\n');
  if (name === 'validate' || name === 'diff' || name === 'schema') {
    commitAll(project.folder);
    git(project.folder, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
  }
  if (name === 'squash') {
    commitAll(project.folder);
    expect((await project.kat('down create_tags --yes')).code).toBe(0);
  }
  project.addMigration('1679012348_create_labels_table', create('labels'));
  if (name === 'bundle') await project.kat('bundle --out migrations.mjs');
  return project;
}

async function databaseBeforeKat(): Promise<Project> {
  const project = await projectOn(majors().at(-1) as number);
  await project.database.query('CREATE SCHEMA audit');
  return project;
}

/** Folders and tables of the tools that the examples import from. */
async function bringOtherTools({ database, write }: DatabaseProject): Promise<void> {
  write('db/migrations/1_create_tags.sql', '-- migrate:up\nSELECT 1;\n-- migrate:down\n');
  write('prisma/migrations/0_init/migration.sql', 'SELECT 1;\n');
  write('sql/V1__create_notes.sql', `SELECT 1 AS \${schema};\n`);
  await database.query(`
    CREATE TABLE _prisma_migrations (id text, migration_name text, finished_at timestamptz, rolled_back_at timestamptz,
      started_at timestamptz);
    INSERT INTO _prisma_migrations VALUES ('1', '0_init', now(), NULL, now());
    CREATE TABLE flyway_schema_history (installed_rank int, version text, description text, type text, script text,
      installed_on timestamp, success boolean);
    INSERT INTO flyway_schema_history VALUES (1, '1', 'create notes', 'SQL', 'V1__create_notes.sql', now(), true)`);
}

describe('what the help shows as an example', () => {
  test.each(examples)('$command', async ({ name, command, mayAsk }) => {
    const project = await projectOf(name);
    // There is no terminal, on which a person would say yes.
    const yes = mayAsk && !command.includes('--yes') && !/db (?:wait|url)/.test(command) ? ['--yes'] : [];
    // No machine has a pg_dump for every server. What this one writes is no schema of the project.
    const env = { KAT_PG_DUMP: fakePgDump(project).program, PATH: pathWithNpm(project) };
    const unproven = command.includes('--dump') ? ['--no-verify'] : [];
    // By itself it ends with Ctrl-C.
    const once = name === 'watch' && !command.includes('--once') ? ['--once'] : [];
    const args = [...argumentsOf(command), ...yes, ...unproven, ...once];
    // A file's name is relative to the folder of a process.
    const isProcess = args.includes('--up') || undefined;
    const { code, stdout, stderr } = await project.kat(args, { env, isProcess });
    const told = command.includes('--env staging') ? 'Environment: staging\n' : '';
    // A difference is an answer, too.
    expect({ code, stderr }).toEqual({ code: name === 'diff' ? 3 : 0, stderr: told });
    // An agent says nothing here.
    expect(stdout !== '' || command.includes('--file') || name === 'mcp').toBe(true);
  });
});

/** With a program that plays npm: what the registry has depends on the day. */
function pathWithNpm({ home }: Project): string {
  const npm = join(home, 'npm');
  writeFileSync(npm, `#!/bin/sh\necho ${version}\n`, { mode: 0o755 });
  return [home, process.env.PATH].join(delimiter);
}

/** The words behind `kat`, as a shell would read them. */
function argumentsOf(command: string): string[] {
  const words = command.match(/'[^']*'|"[^"]*"|\S+/g) ?? [];
  return words.slice(1).map((word) => word.replace(/^(['"])(.*)\1$/, '$2'));
}
