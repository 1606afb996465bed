/** `kat export`: the graph in Graphviz's language, on stdout or in a file, without a database. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { documentOf } from '../support/document.js';
import { makeProject } from '../support/kat-project.js';

const config = 'database:\n  host: nowhere.invalid\n';

/**
 *   1_users ── 2_posts ────┬── 4_feed
 *          └── 3_profiles ─┘
 */
const migrations = {
  '1_users': 'SELECT 1;',
  '2_posts': { up: 'SELECT 1;', parents: [1] },
  '3_profiles': { up: 'SELECT 1;', parents: ['users'] },
  '4_feed': { up: 'SELECT 1;', parents: [2, 3] },
};

const dot = `strict digraph kat {
  rankdir=LR;
  node [shape=box];
  "1_users" [label="users"];
  "2_posts" [label="posts"];
  "3_profiles" [label="profiles"];
  "4_feed" [label="feed"];
  "1_users" -> "2_posts";
  "1_users" -> "3_profiles";
  "2_posts" -> "4_feed";
  "3_profiles" -> "4_feed";
}
`;

test('to stdout', async () => {
  const project = makeProject({ config, migrations });
  expect(await project.kat('export')).toEqual({ code: 0, stdout: dot, stderr: '' });
});

test('the web page shows no password of the SQL, nor a half of one, and keeps the lines', async () => {
  const up = `CREATE USER app\n  PASSWORD 'Hunter2sesame';\nSELECT dblink_connect('host=h password=Hunter2sesame');\n-- ${'x'.repeat(99_890)}\nALTER ROLE app PASSWORD 'Hunter2sesame and much more';`;
  const project = makeProject({
    config,
    migrations: { '1_users': { up, down: '-- postgres://u:Hunter2sesame@h/d' } },
  });
  const { stdout } = await project.kat('export --offline --format html');
  expect(stdout).toContain("PASSWORD '***';\\nSELECT dblink_connect");
  expect(stdout).not.toMatch(/Hunter|sesame|Hunt/);
});

test.each(['--file', '-f'])('to a file by %s', async (flag) => {
  const project = makeProject({ config, migrations });
  const run = await project.kat(['export', flag, 'graph.dot']);
  expect(run).toEqual({ code: 0, stdout: 'Graph written to graph.dot\n', stderr: '' });
  expect(project.read('graph.dot')).toBe(dot);
});

test('to a file that cannot be written', async () => {
  const project = makeProject({ config, migrations });
  const before = project.snapshot();
  for (const file of ['nowhere/graph.dot', 'migrations', 'kat.conf.yaml/graph.dot']) {
    const run = await project.kat(['export', '--file', file]);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(`Error: cannot write ${join(project.folder, file)}: `);
    expect(run.stderr).not.toMatch(/\bE[A-Z]{4,}|: it does not exist/);
  }
  expect(project.snapshot()).toEqual(before);
});

test.runIf(existsSync('/dev/full'))('to a full disk', async () => {
  const project = makeProject({ config, migrations });
  const run = await project.kat('export --file /dev/full');
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toContain('Error: cannot write /dev/full: no space is left on the disk\n');
});

test('from another folder, with the file beside the caller', async () => {
  const project = makeProject({ config, migrations });
  const elsewhere = makeProject();
  await elsewhere.kat(['export', '-c', join(project.folder, 'kat.conf.yaml'), '-f', 'out.dot']);
  expect(elsewhere.read('out.dot')).toBe(dot);
});

test('an empty graph', async () => {
  const project = makeProject({ config, files: { 'migrations/.keep': '' } });
  const run = await project.kat('export');
  expect(run).toEqual({
    code: 0,
    stdout: 'strict digraph kat {\n  rankdir=LR;\n  node [shape=box];\n}\n',
    stderr: '',
  });
});

const mermaid = `flowchart LR
  m1["users"]
  m2["posts"]
  m3["profiles"]
  m4["feed"]
  m1 --> m2
  m1 --> m3
  m2 --> m4
  m3 --> m4
`;

test('in other formats, by --format or by the extension; anything unknown is DOT', async () => {
  const project = makeProject({ config, migrations });
  expect((await project.kat('export --format mermaid')).stdout).toBe(mermaid);
  const plain = Object.entries({ '1_users': [], '2_posts': ['1_users'], '3_profiles': ['1_users'] });
  const expected = [...plain, ['4_feed', ['2_posts', '3_profiles']] as const].map(([id, parents]) => {
    const [timestamp, name] = id.split('_');
    return { id, timestamp, name, parents };
  });
  const document = documentOf(await project.kat('export --format json'));
  expect(document).toMatchObject({ format: 'json', graph: { migrations: expected } });
  for (const [file, text] of [
    ['a.mmd', mermaid],
    ['b.MERMAID', mermaid],
    ['c.dot', dot],
    ['d.txt', dot],
    ['e', dot],
  ] as const) {
    await project.kat(`export --file ${file}`);
    expect(project.read(file)).toBe(text);
  }
  await project.kat('export -f f.json');
  expect(JSON.parse(project.read('f.json'))).toEqual({ migrations: expected });
  await project.kat('export -f g.svg');
  expect(project.read('g.svg')).toMatch(/^<svg [\s\S]*<title>4_feed<\/title>[\s\S]*<\/svg>\n$/);
  await project.kat('export -f g.json --format dot');
  expect(project.read('g.json')).toBe(dot);
  expect((await project.kat('export --format gif')).code).toBe(2);
  const picture = await project.kat('export --file g.gif');
  expect(picture).toMatchObject({ code: 2, stderr: expect.stringContaining('Write g.svg or .png') });
  expect((await project.kat('export --file g.gif --format dot')).code).toBe(0);
});

test('a file of Kat is replaced, and no other', async () => {
  const project = makeProject({ config, migrations });
  const own = ['a.dot', 'a.mmd', 'a.json', 'a.svg', 'a.png', 'a.html'];
  for (const file of [...own, ...own]) {
    expect(await project.kat(`export --offline --file ${file}`)).toMatchObject({ code: 0, stderr: '' });
  }
  const others = {
    'package.json': '{\n  "name": "shop"\n}\n',
    'page.html': '<!doctype html>\n<html lang="en">\n<title>Shop</title>\n',
    'notes.mmd': 'flowchart TD\n',
    'graph.dot': 'digraph mine {}\n',
    'migrations/1_users/up.sql': 'SELECT 1;',
  };
  for (const [file, text] of Object.entries(others)) {
    project.write(file, text);
    const run = await project.kat(`export --offline --file ${file}`);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(
      `cannot write ${join(project.folder, file)}: it exists, and Kat did not write it`,
    );
    expect(project.read(file)).toBe(text);
  }
  project.write('empty.dot', '');
  await project.kat('export --file empty.dot');
  expect(project.read('empty.dot')).toBe(dot);
});

test('a PNG picture, twice as large as the SVG', async () => {
  const project = makeProject({ config, migrations });
  const run = await project.kat('export --file graph.png');
  expect(run).toEqual({ code: 0, stdout: 'Graph written to graph.png\n', stderr: '' });
  const png = readFileSync(join(project.folder, 'graph.png'));
  const [, width] = /<svg .*?width="([\d.]+)"/.exec((await project.kat('export --format svg')).stdout) ?? [];
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect(png.readUInt32BE(16)).toBe(Math.ceil(2 * Number(width)));
});

test('no PNG picture without a file, or taller than viewers take', async () => {
  const project = makeProject({ config, migrations });
  const nameless = await project.kat('export --format png');
  expect(nameless).toMatchObject({ code: 2, stdout: '' });
  expect(nameless.stderr).toContain('`--format png` requires `--file`');
  const many = Object.fromEntries(Array.from({ length: 1400 }, (_, index) => [`${index + 1}_x${index}`, '']));
  const tall = await makeProject({ config, migrations: many }).kat('export --file graph.png');
  expect(tall).toMatchObject({ code: 2, stdout: '' });
  expect(tall.stderr).toContain('the PNG picture would be 33632 pixels tall; the limit is 32000');
});
