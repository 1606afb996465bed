/** Fault 38: YAML that hides mistakes or attacks; each is refused with its field, at once. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeProject } from '../support/kat-project.js';

const id = '1679012345_create_users';
const sound = 'name: create_users\ntimestamp: 1679012345\n';
const config = 'database:\n  host: 127.0.0.1\n  port: 1\n';

/** Ten levels of ten: ten thousand million values when it is expanded. */
const bomb = [
  'a0: &a0 [x, x, x, x, x, x, x, x, x, x]',
  ...Array.from({ length: 9 }, (_, level) => {
    const alias = `*a${level}`;
    return `a${level + 1}: &a${level + 1} [${Array.from({ length: 10 }, () => alias).join(', ')}]`;
  }),
].join('\n');

const cases: readonly [what: string, yaml: string, message: string, place: string][] = [
  ['a duplicate key', `${sound}name: other\n`, 'the key `name` appears twice', '3:1'],
  ['an alias bomb', `${sound}${bomb}\n`, 'anchors and aliases are not allowed here', '3:'],
  [
    'an alias as a parent',
    `name: &n create_users\ntimestamp: 1679012345\nparents: [*n]\n`,
    'anchors and aliases are not allowed here',
    '1:',
  ],
  ['several documents', `${sound}---\n${sound}`, 'holds several YAML documents', '3:1'],
  ['nothing but a comment', '# nothing\n', 'is empty', '1:1'],
  ['an empty file', '', 'is empty', '1:1'],
  [
    'a scalar as parents',
    `${sound}parents: 1679012344\n`,
    '`parents` must be a list such as `[1679012345, 1679012350]`',
    '3:10',
  ],
  ['null as parents', `${sound}parents:\n`, '`parents` must be a list', '3:'],
  [
    'a parent that is a list',
    `${sound}parents: [[1]]\n`,
    '`parents[0]` must be a timestamp, an id or a name',
    '3:11',
  ],
  ['an unknown key', `${sound}parent: [1]\n`, 'unknown key `parent`, did you mean `parents`?', '3:1'],
  ['a missing timestamp', 'name: create_users\n', '`timestamp` is missing', '1:1'],
  ['a list as the whole file', '- name\n', 'the file must hold `key: value` lines', '1:1'],
  ['a tab as indentation', `${sound}parents:\n\t- 1\n`, 'not valid YAML', '4:'],
  ['deep nesting', `${sound}parents: ${'['.repeat(10_000)}\n`, 'is nested too deeply', '3:'],
  ['a text as a flag', `${sound}no_transaction: "yes"\n`, '`no_transaction` must be true or false', '3:17'],
];

describe('in metadata.yaml', () => {
  test.each(cases)('%s', async (_what, yaml, message, place) => {
    const project = makeProject({ config, migrations: { [id]: 'SELECT 1;' } });
    project.write(`migrations/${id}/metadata.yaml`, yaml);
    const before = project.snapshot();
    const run = await project.kat('export');
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(message);
    expect(run.stderr).toContain(`migrations/${id}/metadata.yaml:${place}`);
    expect(project.snapshot()).toEqual(before);
  });

  test('`parents:` without a value says what to write', async () => {
    const project = makeProject({ config, migrations: { [id]: 'SELECT 1;' } });
    project.write(`migrations/${id}/metadata.yaml`, `${sound}parents:\n`);
    const run = await project.kat('export');
    expect(run.stderr).toContain('Write `parents: []` or delete the line.');
  });
});

describe('in kat.conf.yaml', () => {
  test.each([
    ['a duplicate key', 'verbose: true\nverbose: false\n', 'the key `verbose` appears twice', '2:1'],
    ['an alias bomb', `${bomb}\n`, 'anchors and aliases are not allowed here', '1:'],
    ['several documents', 'verbose: true\n---\nverbose: true\n', 'holds several YAML documents', '2:1'],
    [
      'an unknown key',
      'database:\n  hots: example.org\n',
      'unknown key `database.hots`, did you mean `host`?',
      '2:3',
    ],
    ['a key of another section', 'tablename: x\n', 'unknown key `tablename`', '1:1'],
    [
      'a wrong type',
      'database:\n  port: many\n',
      '`database.port` must be a whole number from 1 to 65535',
      '2:9',
    ],
    [
      'a contradiction',
      'database:\n  driver: pglite\n  port: 5432\n',
      '`database.port` belongs to the driver postgres',
      '3:9',
    ],
    [
      'an unset variable',
      'database:\n  name: $KAT_TEST_UNSET\n',
      'needs the environment variable KAT_TEST_UNSET, which is not set',
      '2:9',
    ],
    [
      'a wrong duration',
      'database:\n  connect_timeout: soon\n',
      '`database.connect_timeout` must be a duration',
      '2:20',
    ],
  ])('%s', async (_what, yaml, message, place) => {
    const project = makeProject({ config: yaml, migrations: { [id]: 'SELECT 1;' } });
    const run = await project.kat('status');
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(message);
    expect(run.stderr).toContain(`kat.conf.yaml:${place}`);
  });

  test('an empty file says enough where no database is needed, and stands for no database', async () => {
    const project = makeProject({ config: '', migrations: { [id]: 'SELECT 1;' } });
    expect((await project.kat('export')).code).toBe(0);
    const run = await project.kat('up', { env: { PGHOST: '127.0.0.1', PGPORT: '1' } });
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain('kat.conf.yaml is empty\n');
  });

  test('no file at all: how to write one', async () => {
    const project = makeProject();
    const run = await project.kat('up');
    expect(run).toEqual({
      code: 2,
      stdout: '',
      stderr: `Error: config file not provided: there is no ${join(project.folder, 'kat.conf.yaml')}\n\nRun \`kat init\` to write one, or name an existing one with --config FILE.\n`,
    });
  });

  test('all problems are told at once, in the order of the file', async () => {
    const project = makeProject({
      config: 'verbos: true\nmigration:\n  dryRun: perhaps\ndatabase:\n  port: 0\n',
    });
    const { stderr } = await project.kat('status');
    const places = [...stderr.matchAll(/kat\.conf\.yaml:(\d+):/g)].map((match) => Number(match[1]));
    expect(stderr).toContain('Error: 3 problems in the configuration\n');
    expect(places).toEqual([1, 3, 5]);
  });
});
