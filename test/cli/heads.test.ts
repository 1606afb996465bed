/** `kat heads` and `kat roots`: the ends of the graph, one id a line, without a database. */
import { expect, test } from 'vitest';
import { documentOf } from '../support/document.js';
import { makeProject } from '../support/kat-project.js';

/*
 *   9_users ──┬── 2_posts
 *   1_other ──┴── 3_tags
 */
const migrations = {
  '9_users': 'SELECT 1;',
  '1_other': 'SELECT 1;',
  '2_posts': { up: 'SELECT 1;', parents: [9] },
  '3_tags': { up: 'SELECT 1;', parents: [1, 9] },
};

/** Nobody listens there, and a variable is not set. */
const config = `database:\n  host: 127.0.0.1\n  port: 1\n  password: \${NOT_SET_HERE}\n`;

test('one id a line, in the order of the graph', async () => {
  const project = makeProject({ config, migrations });
  expect(await project.kat('heads')).toEqual({ code: 0, stdout: '2_posts\n3_tags\n', stderr: '' });
  expect(await project.kat('roots')).toEqual({ code: 0, stdout: '1_other\n9_users\n', stderr: '' });
});

test('--json has more', async () => {
  const project = makeProject({ config, migrations });
  project.write(
    'migrations/3_tags/metadata.yaml',
    'name: 3_tags\ntimestamp: 3\ndescription: adds tags\nparents: [1, 9]\n',
  );
  expect(documentOf(await project.kat('heads --json'))).toEqual({
    command: 'heads',
    ok: true,
    migrations: [
      { id: '2_posts', timestamp: '2', name: 'posts', parents: ['9_users'] },
      {
        id: '3_tags',
        timestamp: '3',
        name: 'tags',
        description: 'adds tags',
        parents: ['1_other', '9_users'],
      },
    ],
  });
  expect(documentOf(await project.kat('roots --json'))).toMatchObject({
    command: 'roots',
    migrations: [{ id: '1_other' }, { id: '9_users' }],
  });
});

test('an empty folder has no ends, and a broken one says what is wrong', async () => {
  const project = makeProject({ config, files: { 'migrations/.keep': '' } });
  expect(await project.kat('heads')).toEqual({ code: 0, stdout: '', stderr: '' });
  project.addMigration('1_lonely', { up: 'SELECT 1;', parents: [7] });
  const broken = await project.kat('roots');
  expect(broken.code).toBe(2);
  expect(broken.stderr).toContain('Parent not found');
});
