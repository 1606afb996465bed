/** Options whose value was left out, so that the next option stands in its place. */

import { expect, test } from 'vitest';
import { loadCommands } from '../../src/cli/commands.js';
import { globalOptions } from '../../src/cli/global-options.js';
import { commandMajors } from '../support/database.js';
import { makeProject, projectOn } from '../support/kat-project.js';

const commands = await loadCommands();
const config = 'database:\n  driver: pglite\n';

const cases = [...commands, { name: 'roots', options: globalOptions }].flatMap(({ name, options }) =>
  options
    .filter(({ flags }) => flags.includes(' <'))
    .flatMap(({ flags }) =>
      (flags.match(/-[\w-]+(?=,| )/g) ?? []).map((flag) => [name, flag, flags] as const),
    ),
);

test('the table has every form of a flag', () => {
  expect(cases).toContainEqual(['up', '-n', '-n, --count <number>']);
  expect(cases).toContainEqual(['up', '--count', '-n, --count <number>']);
  expect(cases).toContainEqual(['drift', '--adopt', '--adopt <name>']);
  expect(cases).toContainEqual(['roots', '-c', '-c, --config <file>']);
});

test.each(cases)('kat %s %s takes no option for its value', async (name, flag, flags) => {
  const project = makeProject({ config, migrations: { '1_one': 'SELECT 1;' } });
  const before = project.snapshot();
  const run = await project.kat([name, flag, '--dry-run']);
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toContain(`Error: option '${flags}' argument missing\n`);
  expect(run.stderr).toMatch(/A value for --[\w-]+ that begins with `--` must follow `=`\. Run/);
  expect(project.snapshot()).toEqual(before);
});

test.each(['--no-such-flag', '--', '--adopt', '-dry-run'])('nor %s', async (next) => {
  const run = await makeProject({ config }).kat(['drift', '--adopt', next]);
  expect(run).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("'--adopt <name>' argument missing\n"),
  });
});

const major = commandMajors().at(-1) as number;

test.each([
  ['drift --adopt --dry-run', ['1_one']],
  ['baseline --name --dry-run', []],
  ['merge --name --dry-run', ['1_one', '2_two']],
  ['import --from dbmate db --table --dry-run', []],
  ['add foo --description --up-file', []],
  ['add foo -d -v --up-file', []],
  ['-vc --dry-run status', []],
  ['-v drift --adopt --quiet -dry-run', ['1_one']],
])('kat %s writes nothing', async (args, ids) => {
  const project = await projectOn(major, {
    migrations: Object.fromEntries(ids.map((id) => [id, 'SELECT 1;'])),
    files: {
      'migrations/.gitkeep': '',
      'db/20240101000000_one.sql': '-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 1;\n',
    },
  });
  await project.migrate();
  await project.database.query('CREATE TABLE by_hand (id int)');
  const recorded = () =>
    project.database.query(
      "SELECT query_to_xml('SELECT * FROM migrations', true, true, '')::text FROM pg_tables WHERE tablename = 'migrations'",
    );
  const [files, applied] = [project.snapshot(), await recorded()];
  const run = await project.kat(args);
  expect(run).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(' argument missing\n') });
  expect(project.snapshot()).toEqual(files);
  expect(await recorded()).toEqual(applied);
});

test('a value behind `=` may begin with dashes; behind a blank, it may be - or begin with one dash', async () => {
  const project = makeProject({ config });
  for (const words of [['--description=--dry-run'], ['--description', '-'], ['-d', '-1'], ['-d--text']]) {
    const { stdout } = await project.kat(['add', 'one', '--json', ...words]);
    const value = words.at(-1)?.replace(/^--description=|^-d/, '');
    expect(project.read(`migrations/${JSON.parse(stdout).id}/metadata.yaml`)).toContain(value);
    project.write('kat.conf.yaml', config);
  }
});

test('Go’s flags with one dash keep their values', async () => {
  const project = makeProject({ config, migrations: { '1_one': 'SELECT 1;' } });
  const run = await project.kat('up -count 2 -dry-run');
  expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining('DRY RUN') });
  expect((await project.kat('up -count -dry-run')).stderr).toContain(
    "'-n, --count <number>' argument missing",
  );
});
