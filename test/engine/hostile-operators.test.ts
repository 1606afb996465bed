/** Operators, functions and types of a schema that comes before pg_catalog in every session reach no query of Kat, whatever the command. */

import { expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { createEvilSchema } from '../support/evil-schema.js';
import { type DatabaseProject, projectOn } from '../support/kat-project.js';
import { runAsPlainSql } from '../support/run-script.js';

const table = (name: string) => ({
  up: `CREATE TABLE public.${name} (id pg_catalog.int4 PRIMARY KEY, x pg_catalog.text); INSERT INTO public.${name} VALUES (1);`,
  down: `DROP TABLE public.${name};`,
});

const migrations = {
  '1_a': table('a'),
  '2_b': { ...table('b'), parents: [1] },
  '3_i': {
    up: 'CREATE INDEX CONCURRENTLY i ON public.a (id);',
    down: 'DROP INDEX public.i;',
    parents: [2],
    noTransaction: true,
  },
};

async function evilProject(major: number): Promise<DatabaseProject> {
  const project = await projectOn(major, { migrations });
  const { database } = project;
  project.write(
    'kat.conf.yaml',
    `database:\n  url: ${database.url}\nmigration:\n  tablename: public.migrations\n`,
  );
  await database.query(createEvilSchema);
  await database.query(`ALTER DATABASE ${database.name} SET search_path = evil, pg_catalog, public`);
  return project;
}

test.each(commandMajors())(
  'PostgreSQL %i',
  async (major) => {
    const project = await evilProject(major);
    const expectRun = async (command: string, code = 0) => {
      const run = await project.kat(command);
      expect({ command, ...run }).toMatchObject({ command, code });
      expect(run.stderr).not.toMatch(/evil (?:operator|function)/);
    };
    for (const command of [
      'up --dry-run=rollback',
      'up',
      'status --check',
      'validate',
      'doctor',
      'history',
      'history 1_a',
    ])
      await expectRun(command);
    for (const command of [
      'show 1_a',
      'watch --once',
      'unlock --yes',
      'plan --jobs 4',
      'plan down',
      'repair --yes',
    ])
      await expectRun(command);
    await expectRun('drift', 3);
    for (const command of [
      'redo 2_b --yes',
      'down -3 --yes',
      'up --jobs 2',
      'down --all --yes',
      'sync --yes',
    ])
      await expectRun(command);
    await project.database.query("INSERT INTO public.a VALUES (7, 'x')");
    await expectRun('down -3', 2);
    project.write(
      'migrations/2_b/down.sql',
      "ALTER TABLE public.a ALTER x TYPE pg_catalog.varchar(1) USING 'y';",
    );
    project.addMigration('4_d', { ...table('d'), parents: [3] });
    const { stdout: sql } = await project.kat('plan --sql --plain');
    expect(await runAsPlainSql(project.database, sql)).toEqual({ isDone: true, errors: '' });
    await expectRun('down 4_d --yes');
    await expectRun('plan down --sql');
    await expectRun('up --dry-run=rollback');
    await expectRun('stamp 4_d --yes');
    await expectRun('drift --adopt fix --yes');
    await expectRun('baseline --yes', 2);
  },
  120_000,
);
