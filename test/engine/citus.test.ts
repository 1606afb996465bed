/** What Citus answers where it differs from PostgreSQL, line by line; `docs/engines.md` says what Kat does then. */

import { describe, expect, test } from 'vitest';
import { answerLikeCitus } from '../support/citus-answers.js';
import { commandMajors } from '../support/database.js';
import { type DatabaseProject, type MigrationSource, projectOn } from '../support/kat-project.js';
import { column, eventsOf, idsOf, migrationFailureOf, openKat } from './library.js';

const update = 'UPDATE campaigns SET country = 1;';
const addKey = 'ALTER TABLE campaigns ADD FOREIGN KEY (country) REFERENCES countries;';
const addColumn = 'ALTER TABLE campaigns ADD COLUMN budget int;';
const seeMode = "INSERT INTO seen VALUES (current_setting('citus.multi_shard_modify_mode', true));";

describe.concurrent.each(commandMajors())('PostgreSQL %i that answers like Citus', (major) => {
  async function make(
    migrations: Record<string, MigrationSource | string>,
    answers = answerLikeCitus(),
  ): Promise<DatabaseProject> {
    const project = await projectOn(major, { migrations });
    await project.database.query(answers);
    return project;
  }

  const modes = ({ database }: DatabaseProject) => column(database, 'SELECT mode FROM seen');

  describe('an UPDATE and a foreign key to a reference table', () => {
    test('are tried once more in sequential mode, with a warning, and the next migration is not', async () => {
      const project = await make({
        '1_key': `${update}\n${addKey}\n${seeMode}`,
        '2_mode': { up: `${update}\n${seeMode}`, parents: [1] },
      });
      const { kat, events } = openKat(project);
      expect(idsOf((await kat.up()).migrations)).toEqual(['1_key', '2_mode']);
      expect(eventsOf(events, 'warning')).toMatchObject([
        {
          message: expect.stringMatching(/^Citus refused 1_key: cannot modify table "campaigns" because/),
          help: expect.stringContaining('`citus.multi_shard_modify_mode`'),
        },
      ]);
      expect(eventsOf(events, 'retrying')).toEqual([]);
      expect((await modes(project)).map((mode) => mode || null)).toEqual(['sequential', null]);
    });

    test('by the command: one line says so', async () => {
      const project = await make({ '1_key': `${update}\n${addKey}` });
      const run = await project.kat('up');
      expect([run.code, run.stderr]).toEqual([0, expect.stringContaining('Citus refused 1_key')]);
      expect(await project.applied()).toEqual(['1_key']);
    });

    test('fail where that is refused as well, after no third try', async () => {
      const project = await make({ '1_key': `${update}\n${addKey}` }, answerLikeCitus({ isStubborn: true }));
      const { kat, events } = openKat(project);
      const error = await migrationFailureOf(kat.up());
      expect(error).toMatchObject({ code: 'MIGRATION_FAILED', report: { sqlstate: 'XX000' } });
      expect(eventsOf(events, 'warning')).toHaveLength(1);
      expect((await kat.status()).counts.applied).toBe(0);
      expect(await column(project.database, 'SELECT country FROM campaigns')).toEqual([null]);
    });

    test.each([
      ['one transaction for all', { singleTransaction: true }],
      ['several sessions', { jobs: 2 }],
    ])('work in %s', async (_, options) => {
      const project = await make({
        '1_key': `${update}\n${addKey}`,
        '2_t': { up: 'CREATE TABLE t ();', parents: [1] },
        '3_u': { up: 'CREATE TABLE u ();', parents: [1] },
      });
      const { kat, events } = openKat(project);
      expect((await kat.up(options)).migrations).toHaveLength(3);
      expect(eventsOf(events, 'warning')).toHaveLength(1);
    });

    test('work in two migrations of one transaction, and in a rehearsal', async () => {
      const project = await make({ '1_rows': update, '2_key': { up: addKey, parents: [1] } });
      const rehearsal = openKat(project);
      const { migrations } = await rehearsal.kat.up({ dryRun: 'rollback' });
      expect(idsOf(migrations)).toEqual(['1_rows', '2_key']);
      expect(eventsOf(rehearsal.events, 'warning')).toHaveLength(1);
      const { kat, events } = openKat(project);
      await kat.up({ singleTransaction: true });
      expect(eventsOf(events, 'warning')).toHaveLength(1);
      expect((await kat.status()).counts.applied).toBe(2);
    });
  });

  test('with ADD COLUMN beside them each statement is sent alone: a worker refuses the text of several', async () => {
    const project = await make({ '1_all': `${update}\n${addColumn}\n${addKey}` });
    const { kat } = openKat(project);
    expect(idsOf((await kat.up()).migrations)).toEqual(['1_all']);
    const [took] = await column(project.database, 'SELECT duration FROM migrations');
    expect(Number(took)).toBeGreaterThanOrEqual(0);
  });

  test('a file that cannot be taken apart is sent whole', async () => {
    const padding = `-- ${'x'.repeat(98)}\n`.repeat(90_000);
    const project = await make({
      '1_key': `${update}\n${addKey}`,
      '2_long': { up: `INSERT INTO seen VALUES ('long');\n${padding}`, parents: [1] },
    });
    const { kat } = openKat(project);
    expect((await kat.up({ singleTransaction: true })).migrations).toHaveLength(2);
    expect(await modes(project)).toEqual(['long']);
  });

  test('SET TRANSACTION stays the first statement', async () => {
    const up = `SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;\n${update}\n${addKey}`;
    const project = await make({ '1_key': up });
    const { kat } = openKat(project);
    expect(idsOf((await kat.up()).migrations)).toEqual(['1_key']);
  });

  test('the place of a later failure is that in the file, and nothing stays', async () => {
    const project = await make({ '1_all': `${update}\n${addKey}\nSELECT 1,\n  nowhere;` });
    const { kat } = openKat(project);
    const error = await migrationFailureOf(kat.up());
    expect(error).toMatchObject({
      report: { sqlstate: '42703' },
      problems: [{ location: { line: 4, column: 3 } }],
    });
    expect(await column(project.database, 'SELECT country FROM campaigns')).toEqual([null]);
    expect((await kat.status()).counts.applied).toBe(0);
  });

  test('where a worker refuses a statement that comes alone, the help says what to move', async () => {
    const project = await make(
      { '1_all': `${update}\n${addKey}` },
      answerLikeCitus({ hasStubbornWorker: true }),
    );
    const error = await migrationFailureOf(openKat(project).kat.up());
    expect(error.report?.sqlstate).toBe('42601');
    expect(error.help).toContain('Move the last one into a migration of its own and run `kat up` again');
    expect(await project.applied()).toEqual([]);
  });

  test('a syntax error of the migration itself has the usual help', async () => {
    const project = await make({ '1_bad': `DO $$ BEGIN EXECUTE 'SELCT'; END $$;` });
    const error = await migrationFailureOf(openKat(project).kat.up());
    expect([error.report?.sqlstate, error.help]).toEqual(['42601', expect.not.stringContaining('Citus')]);
  });

  test('a function that refuses a transaction block runs as psql runs it', async () => {
    const up = "SELECT create_distributed_table_concurrently('campaigns', 'id');";
    const project = await make({ '1_far': { up, noTransaction: true } });
    const { kat } = openKat(project);
    expect((await kat.validate()).findings).toEqual([]);
    await kat.up();
    expect(await modes(project)).toEqual(['distributed campaigns by id']);
    project.addMigration('2_again', { up, parents: [1] });
    const error = await migrationFailureOf(kat.up());
    expect(error.report?.sqlstate).toBe('25001');
    expect(error.help).toContain('`no_transaction: true`');
    expect(await modes(project)).toEqual(['distributed campaigns by id']);
  });
});
