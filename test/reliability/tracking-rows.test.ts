/** Faults 28 and 29: rows of the tracking table that no folder explains. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { majors } from '../support/database.js';
import { projectOn } from '../support/kat-project.js';
import { appliedTables, expectDone, idsUpTo, tableMigrations } from './scene.js';

describe.each(majors())('PostgreSQL %i', (major) => {
  test('28: a row that somebody wrote by hand is named, and nothing is guessed', async () => {
    const project = await projectOn(major, { migrations: tableMigrations(2) });
    expectDone(await project.kat('up --count 1'));
    await project.database.query("INSERT INTO migrations (name, duration) VALUES ('17_by_hand', 0)");
    const refused = await project.kat('up');
    expect(refused.code).toBe(3);
    expect(refused.stderr).toBe(`Error: 1 applied migration is not in the migrations folder

17_by_hand is applied, but it has no folder

Check out the branch that has these migrations, or restore their folders from git. Or run \`kat up --allow-missing\` if no migration here depends on them, and none of them is a squash that contains pending migrations: \`kat up\` would run their SQL a second time. \`kat sync\` rolls them back, dropping what they created, with all rows.
`);
    expect(await project.applied()).toEqual(['1_t1', '17_by_hand']);
    const down = await project.kat('down');
    expect(down.code).toBe(3);
    expect(down.stderr).toContain('17_by_hand has no folder, and the log has no down.sql for it');
    expect((await project.kat('sync --yes')).code).toBe(3);
    expect(await project.applied()).toEqual(['1_t1', '17_by_hand']);
    expectDone(await project.kat('up --allow-missing'));
    expect(await project.applied()).toEqual(['1_t1', '17_by_hand', '2_t2']);
  });

  test('29: the folder of an applied migration is gone', async () => {
    const project = await projectOn(major, { migrations: tableMigrations(4) });
    expectDone(await project.kat('up --count 3'));
    for (const id of ['3_t3', '4_t4']) rmSync(join(project.folder, 'migrations', id), { recursive: true });
    const status = await project.kat('status');
    expect(status.stdout).toMatch(/3_t3.*missing|missing.*3_t3/);
    const run = await project.kat('up');
    // Nothing is pending, but what is applied is not what is here.
    expect(run.code).toBe(3);
    expect(run.stderr).toContain('3_t3 is applied, but it has no folder');
    expect(await appliedTables(project)).toEqual(idsUpTo(3));
    expectDone(await project.kat('up --allow-missing'));
    expect(await appliedTables(project)).toEqual(idsUpTo(3));
    expectDone(await project.kat('down'));
    expect(await appliedTables(project)).toEqual(idsUpTo(2));
  });
});
