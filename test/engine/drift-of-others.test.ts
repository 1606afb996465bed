/** What a comparison must not call a change by hand: statements of a half-done migration, and histories of other projects. */

import { describe, expect, test } from 'vitest';
import { majors } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { type DatabaseProject, makeProject, projectOn } from '../support/kat-project.js';

const timeoutMs = 60_000;

const migrations = {
  '1_a': 'CREATE TABLE a (id int);',
  '2_half': {
    up: 'ALTER TABLE a ADD n int;\nCREATE INDEX CONCURRENTLY a_n ON a (n);\nCREATE UNIQUE INDEX CONCURRENTLY a_id ON a (id);',
    down: 'DROP INDEX CONCURRENTLY a_n;\nSELECT nothing;',
    parents: [1],
    noTransaction: true,
  },
};

async function refusesToCompare(project: DatabaseProject, how: string): Promise<void> {
  for (const command of ['drift', 'drift --adopt by_hand --yes', 'up --strict-drift']) {
    const run = await project.kat(command, { timeoutMs });
    expect({ command, code: run.code }).toEqual({ command, code: 5 });
    expect(run.stderr).toContain('Error: 1 migration is half done\n\n2_half stopped after');
    expect(run.stderr).toContain(`Run \`${how}\` to continue.`);
    expect(run.stdout).not.toContain('to undo it');
  }
  expect(project.ids()).toEqual(['1_a', '2_half']);
}

describe.each(majors())('PostgreSQL %i', (major) => {
  test('what a half-done migration did is no change by hand, in both directions', {
    timeout: 120_000,
  }, async () => {
    const project = await projectOn(major, { migrations });
    expect((await project.kat('up --to 1_a')).code).toBe(0);
    await project.database.query('INSERT INTO a VALUES (1), (1)');
    expect((await project.kat('up')).code).toBe(5);
    await refusesToCompare(project, 'kat up');
    await project.database.query('DELETE FROM a');
    expect((await project.kat('up')).code).toBe(0);
    expect((await project.kat('drift', { timeoutMs })).code).toBe(0);
    expect((await project.kat('down --yes')).code).toBe(5);
    await refusesToCompare(project, 'kat down 2_half');
    const first = await project.kat(`diff ${project.database.url} 1_a`, { timeoutMs });
    expect(first.code).toBe(3);
  });

  test('a migration whose first statement failed hinders no comparison', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_a': migrations['1_a'],
        '2_none': { up: 'CREATE INDEX CONCURRENTLY ON nothing (id);', parents: [1], noTransaction: true },
      },
    });
    expect((await project.kat('up')).code).toBe(1);
    expect((await project.kat('drift', { timeoutMs })).code).toBe(0);
  });

  test('tracking tables of other projects are no change by hand, in any schema', async () => {
    const project = await projectOn(major, { migrations: { '1_a': migrations['1_a'] } });
    expect((await project.kat('up')).code).toBe(0);
    await project.database.query(
      'CREATE SCHEMA ops; CREATE TABLE notes_log (id int); CREATE TABLE notes (name text);',
    );
    for (const name of ['other', 'ops.history']) {
      const other = makeProject({
        config: `migration:\n  tablename: ${name}\ndatabase:\n  url: ${project.database.url}\n`,
        migrations: { [`1_${name.replace('.', '_')}`]: 'SELECT 1;' },
      });
      expect((await other.kat('up')).code).toBe(0);
    }
    const { differences } = documentOf(await project.kat('drift --json', { timeoutMs })) as unknown as {
      differences: { object: string }[];
    };
    expect(differences.map(({ object }) => object)).toEqual([
      'schema ops',
      'table public.notes',
      'table public.notes_log',
    ]);
  });
});
