import { describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.js';
import { majors } from '../support/database.js';
import { makeProject, type Project, projectOn } from '../support/kat-project.js';

const examples = commands.flatMap(({ name, examples }) => examples.map(({ command }) => ({ name, command })));

/** What the examples speak of: a few applied migrations, one that is pending, and a second configuration file. */
async function projectFor(name: string): Promise<Project> {
  if (name === 'init') return makeProject();
  const create = (table: string) => ({ up: `CREATE TABLE ${table} (id int);`, down: `DROP TABLE ${table};` });
  const project = await projectOn(majors().at(-1) as number, {
    migrations: {
      '1679012345_create_users_table': create('users'),
      '1679012346_create_posts_table': { ...create('posts'), parents: [1679012345] },
      '1679012347_create_tags_table': create('tags'),
    },
  });
  project.write('prod.conf.yaml', project.read('kat.conf.yaml'));
  expect((await project.kat('up')).code).toBe(0);
  project.addMigration('1679012348_create_labels_table', create('labels'));
  return project;
}

describe('what the help shows as an example', () => {
  test.each(examples)('$command', async ({ name, command }) => {
    const project = await projectFor(name);
    const { code, stdout, stderr } = await project.kat(argumentsOf(command));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout !== '' || command.includes('--file')).toBe(true);
  });

  test('is part of the help', async () => {
    const project = makeProject();
    for (const { name, command } of examples) {
      const { stdout } = await project.kat([name, '--help']);
      expect(stdout).toContain(`  $ ${command}\n`);
    }
  });
});

/** The words behind `kat`, as a shell would read them. */
function argumentsOf(command: string): string[] {
  const words = command.match(/'[^']*'|"[^"]*"|\S+/g) ?? [];
  return words.slice(1).map((word) => word.replace(/^(['"])(.*)\1$/, '$2'));
}
