/** Fault 40: parents that make no graph; everything that is wrong is told at once, and nothing runs. */
import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { contentOf, projectOn } from '../support/kat-project.js';

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('a cycle, a migration that is its own parent, an unknown parent and a shared timestamp', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_one': { up: 'CREATE TABLE one ();', parents: [3] },
        '2_two': { up: 'CREATE TABLE two ();', parents: [1] },
        '3_three': { up: 'CREATE TABLE three ();', parents: [2] },
        '4_self': { up: 'SELECT 1;', parents: [4] },
        '5_lost': { up: 'SELECT 1;', parents: ['create_usrs'] },
        '6_create_users': 'SELECT 1;',
        '7_same': 'SELECT 1;',
        '7_twin': 'SELECT 1;',
      },
    });
    const [before, files] = [await contentOf(project.database), project.snapshot()];
    for (const command of ['up', 'up --dry-run', 'status', 'export', 'add next']) {
      const run = await project.kat(command);
      expect(run.code).toBe(2);
      expect(run.stderr).toContain('Error: the graph of migrations has 4 problems\n');
      expect(run.stderr).toContain(
        'Cycle detected: 1_one → 2_two → 3_three → 1_one\n  migrations/1_one/metadata.yaml:3:11\n    3 | parents: [3]\n      |           ^\n',
      );
      expect(run.stderr).toContain(
        'Cycle detected: 4_self → 4_self\n  migrations/4_self/metadata.yaml:3:11\n',
      );
      expect(run.stderr).toContain(
        'Parent not found: no migration matches the parent "create_usrs" of 5_lost\n',
      );
      expect(run.stderr).toContain('6_create_users');
      expect(run.stderr).toContain('Duplicate timestamp: 7_same and 7_twin have the same timestamp 7\n');
    }
    expect(await contentOf(project.database)).toEqual(before);
    expect(await project.database.query("SELECT FROM pg_class WHERE relname ~ '^migrations'")).toEqual([]);
    expect(project.snapshot()).toEqual(files);
  });
});
