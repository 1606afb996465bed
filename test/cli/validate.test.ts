/** `kat validate`: every kind of finding is provoked, all at once, in each format, and with the exit codes that CI needs. */
import { mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { commitAll, git } from '../support/git.js';
import type { KatRun } from '../support/kat-command.js';
import { makeProject, type Project, projectOn } from '../support/kat-project.js';

/** `severity[code] migration` of each finding, in order. */
function outline(run: KatRun): string[] {
  const { findings } = documentOf(run) as unknown as { findings: Found[] };
  return findings.map(({ severity, code, migration }) => `${severity}[${code}] ${migration ?? ''}`.trim());
}

interface Found {
  severity: string;
  code: string;
  migration?: string;
}

const offline = 'validate --offline --json --git-base none';
const config = 'database:\n  url: postgres://nobody@127.0.0.1:1/none\n';

describe('the folder alone', () => {
  test('no problems found', async () => {
    const project = makeProject({ config, migrations: { '1_users': 'SELECT 1;' } });
    expect(await project.kat('validate --offline')).toEqual({
      code: 0,
      stdout: '1 migration: no problems found (without a database)\n',
      stderr: '',
    });
  });

  test('files, metadata and strays, each where it is', async () => {
    const project = makeProject({
      config,
      migrations: { '1_users': 'SELECT 1;', '2_posts': { up: 'SELECT 1;', parents: [1] } },
      files: {
        'migrations/2_posts/metadata.yaml': 'name: 2_posts\ntimestamp: 2\nparent: [1]\n',
        'migrations/3_none/down.sql': 'SELECT 1;\n',
        'migrations/3_none/Up.sql': 'SELECT 1;\n',
        'migrations/4_latin/up.sql': Buffer.from("SELECT 'caf\xe9';\n", 'latin1'),
        'migrations/4_latin/metadata.yaml': 'name: 4_latin\ntimestamp: 4\n',
        'migrations/4_latin/down.sql': "SELECT 1;\nSELECT '\0';\n",
        'migrations/extra/up.sql': 'SELECT 1;\n',
        'migrations/notes/down.sql': 'SELECT 1;\n',
        'migrations/20200101.sql': 'SELECT 1;\n',
        'elsewhere.sql': 'SELECT 1;\n',
      },
    });
    mkdirSync(join(project.folder, 'migrations/5_linked'));
    project.write('migrations/5_linked/metadata.yaml', 'name: 5_linked\ntimestamp: 5\nparents: [2]\n');
    symlinkSync(join(project.folder, 'elsewhere.sql'), join(project.folder, 'migrations/5_linked/up.sql'));
    const run = await project.kat('validate --offline --git-base none');
    expect(run.code).toBe(3);
    expect(run.stdout.split('\n').map((line) => line.replace(/\]: .*/, ']'))).toEqual([
      'error[stray-folder]',
      'migrations/20200101.sql:1:1: warning[stray-file]',
      'migrations/notes:1:1: warning[stray-file]',
      'migrations/2_posts/metadata.yaml:3:1: error[invalid-metadata]',
      'error[missing-file]',
      'error[missing-file]',
      'migrations/3_none/Up.sql:1:1: warning[stray-file]',
      'migrations/4_latin/up.sql:1:12: error[invalid-text]',
      'migrations/4_latin/down.sql:2:9: error[invalid-text]',
      'error[bad-file]',
      '5 migrations: 7 errors, 3 warnings (without a database)',
      '',
    ]);
  });

  test('programs: [two-files] and [unfit-program]', async () => {
    const names = { up: 'up.mjs' };
    const project = makeProject({
      config,
      migrations: {
        '1_users': { up: 'export default () => {};', names },
        '2_posts': { up: 'export default () => {};', names, noTransaction: true, parents: [1] },
      },
      files: { 'migrations/1_users/up.sql': 'SELECT 1;' },
    });
    expect(outline(await project.kat(offline))).toEqual([
      'error[two-files] 1_users',
      'error[unfit-program] 2_posts',
    ]);
  });

  test('the graph: every problem of it, although other folders are broken', async () => {
    const project = makeProject({
      config,
      migrations: {
        '1_users': { up: 'SELECT 1;', parents: [3] },
        '2_tags': { up: 'SELECT 1;', parents: [7, '1_users', 1] },
        '3_posts': { up: 'SELECT 1;', parents: [1] },
        '4_tags': { up: 'SELECT 1;', parents: ['tags', 6] },
        '5_a': 'SELECT 1;',
        '5_b': 'SELECT 1;',
      },
      files: { 'migrations/6_broken/up.sql': 'SELECT 1;\n' },
    });
    expect(outline(await project.kat(offline))).toEqual([
      'error[cycle] 1_users',
      'error[parent-not-found] 2_tags',
      'error[duplicate-parent] 2_tags',
      'error[ambiguous-parent] 4_tags',
      'error[duplicate-timestamp] 5_b',
      'error[missing-file] 6_broken',
    ]);
  });

  test('a squashed migration, and what should be gone', async () => {
    const project = makeProject({ config, migrations: { '1_users': 'SELECT 1;', '2_posts': 'SELECT 1;' } });
    project.write('migrations/2_posts/metadata.yaml', 'name: 2_posts\ntimestamp: 2\nreplaces: [1_users]\n');
    expect(outline(await project.kat(offline))).toEqual(['error[replaced-twice] 2_posts']);
  });

  test('SQL of both directions: what is wrong, and what could be better', async () => {
    const source = (up: string, down: string | null, noTransaction = false) => ({ up, down, noTransaction });
    const project = makeProject({
      config,
      migrations: {
        '1_syntax': source('SELECT 1;\nSELEC 1;', 'CREATE TABLEE x ();'),
        '2_psql': source('\\i other.sql\nSELECT :x;', 'SELECT 1;'),
        '3_control': source('SELECT 1;\nCOMMIT;', 'RESET ALL;'),
        '4_index': source('CREATE INDEX CONCURRENTLY ON t (a);', 'SELECT 1;'),
        '5_needless': source('SELECT 1;', 'SELECT 1;', true),
        '6_needed_down': source('SELECT 1;', 'DROP INDEX CONCURRENTLY i;', true),
        '7_no_down': source('SELECT 1;', null),
        '8_empty_down': source('SELECT 1;', '-- nothing'),
        '9_empty': source('-- later', null),
        '10_join': { up: '-- joins', down: '-- nothing', parents: [8, 9] },
        '11_validate': source('ALTER TABLE t VALIDATE CONSTRAINT c;', '-- nothing'),
      },
    });
    expect(outline(await project.kat(offline))).toEqual([
      'info[several-heads]',
      'error[syntax] 1_syntax',
      'error[syntax] 1_syntax',
      'error[psql] 2_psql',
      'error[psql] 2_psql',
      'error[transaction-control] 3_control',
      'error[transaction-control] 3_control',
      'error[needs-no-transaction] 4_index',
      'warning[needless-no-transaction] 5_needless',
      'warning[missing-down] 7_no_down',
      'warning[empty-down] 8_empty_down',
      'error[empty-up] 9_empty',
    ]);
    const { stdout } = await project.kat('validate --offline --verbose --git-base none');
    expect(stdout).toContain(
      'migrations/1_syntax/up.sql:2:1: error[syntax]: syntax error at or near "SELEC"\n  2 | SELEC 1;\n    | ^\n',
    );
  });

  test('files that are too long to be parsed', async () => {
    const long = `SELECT 1;\n${'-- a line of text\n'.repeat(2 ** 20)}`;
    const project = makeProject({
      config,
      migrations: { '1_long': long, '2_alone': { up: long, noTransaction: true } },
    });
    expect(outline(await project.kat(offline))).toEqual([
      'info[several-heads]',
      'warning[unchecked-sql] 1_long',
      'error[unsplittable-sql] 2_alone',
    ]);
  });

  test('--strict counts warnings, and only then', async () => {
    const project = makeProject({ config, migrations: { '1_users': { up: 'SELECT 1;', down: null } } });
    expect((await project.kat(offline)).code).toBe(0);
    const strict = await project.kat([...offline.split(' '), '--strict']);
    expect(strict.code).toBe(3);
    expect(documentOf(strict)).toMatchObject({
      isValid: false,
      counts: { errors: 0, warnings: 1, infos: 0 },
    });
  });

  test('without a configured database none is asked, and with --offline its variables need not be set', async () => {
    const migrations = { '1_users': 'SELECT 1;' };
    const bare = makeProject({ config: 'verbose: false\n', migrations });
    expect(documentOf(await bare.kat('validate --json'))).toMatchObject({ isOffline: true, isValid: true });
    const reachable = await bare.kat('validate', { env: { PGHOST: '127.0.0.1', PGPORT: '1' } });
    expect(reachable.code).toBe(2);
    const secret = makeProject({ config: 'database:\n  url: $DATABASE_URL\n', migrations });
    expect((await secret.kat('validate')).code).toBe(2);
    expect(documentOf(await secret.kat(offline))).toMatchObject({ isOffline: true, isValid: true });
  });

  test('no folder at all is a failure', async () => {
    const project = makeProject({ config });
    const run = await project.kat('validate --offline --format json');
    expect(run.code).toBe(2);
    expect(documentOf(run).error).toMatchObject({ code: 'FILES_INVALID' });
  });
});

describe('annotations of GitHub', () => {
  test('with paths from the top of the repository, and everything escaped that the format needs', async () => {
    const project = makeProject({
      config,
      migrations: {
        '1_50%, a:b': { up: 'SELECT 1;', down: null },
        '2_fine': 'SELECT 1;',
        '3_x': { up: 'SELECT 1;\nSELECT "50%', parents: [1, 2] },
      },
      files: { 'migrations/line\r\nend/up.sql': '' },
    });
    mkdirSync(join(project.folder, '..', '.git'));
    const { stdout, code } = await project.kat('validate --offline --git-base none --format github');
    expect(code).toBe(3);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^::error title=kat%3A stray-folder::\S+\/line%0Aend has an up\.sql, but/),
      '::warning file=project/migrations/1_50%25%2C a%3Ab/up.sql,line=1,col=1,title=kat%3A missing-down::1_50%25, a:b has no down.sql. Write down.sql, so that the migration can be rolled back.',
      '::error file=project/migrations/3_x/up.sql,line=2,col=8,title=kat%3A syntax::unterminated quoted identifier at or near ""50%25…". Close what begins here.',
      '3 migrations: 2 errors, 1 warning (without a database)',
      '',
    ]);
    const { stdout: text } = await project.kat('validate --offline --git-base none');
    expect(text.split('\n')).toHaveLength(5);
  });
});

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('the tracking table against the folder', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_users': 'SELECT 1;',
        '2_posts': { up: 'SELECT 1;', parents: [1] },
        '3_gone': 'SELECT 3;',
        '4_syntax': { up: 'SELECT 1;', down: null },
        '9_newest': 'SELECT 1;',
      },
    });
    await project.migrate();
    expect(outline(await project.kat('validate --json'))).toEqual(['info[several-heads]']);
    project.write('migrations/1_users/up.sql', 'SELECT 2;\n');
    project.write('migrations/2_posts/up.sql', 'SELECT 1;\r\n');
    project.write('migrations/2_posts/metadata.yaml', 'name: 2_posts\ntimestamp: 2\nparents: [1, 5]\n');
    rmSync(join(project.folder, 'migrations/3_gone'), { recursive: true });
    project.write('migrations/4_syntax/up.sql', 'SELEC 1;\n');
    project.addMigration('5_late', 'SELECT 1;');
    project.addMigration('10_next', 'SELECT 1;');
    project.addMigration('11_stops', { up: 'SELECT 1;\nSELECT 1/0;\nVACUUM;', noTransaction: true });
    await project.database.query("INSERT INTO migrations (name, duration) VALUES ('by hand', 0)");
    await project.kat('up --allow-missing --to 11');
    const run = await project.kat('validate --json');
    expect(run.code).toBe(3);
    expect(outline(run)).toEqual([
      'info[several-heads]',
      'error[unknown-row] by hand',
      'warning[edited] 1_users',
      'error[unordered] 2_posts',
      'error[missing-folder] 3_gone',
      'error[syntax] 4_syntax',
      'warning[missing-down] 4_syntax',
      'warning[edited] 4_syntax',
      'info[late] 5_late',
      'error[half-done] 11_stops',
    ]);
    const { stdout } = await project.kat('validate');
    expect(stdout).toContain(
      'error[missing-folder]: 3_gone is applied, but it has no folder. Check out the branch that has it. Or roll it back',
    );
    expect(stdout).toContain(
      'migrations/11_stops/up.sql:1:1: error[half-done]: 11_stops stopped after 1 statement of its up.sql. Run `kat up`',
    );
    expect(stdout).toMatch(/\n7 migrations: 5 errors, 3 warnings, 2 info\n$/);
  });

  test('what ran as it is has proven itself, unless --all is asked for; what was rolled back is not late', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_users': { up: 'SELECT 1;', down: null },
        '2_posts': { up: 'SELECT 1;', parents: [1] },
      },
    });
    await project.migrate();
    expect(outline(await project.kat('validate --json'))).toEqual([]);
    expect(outline(await project.kat('validate --json --all'))).toEqual(['warning[missing-down] 1_users']);
    project.addMigration('0_old', 'SELECT 1;');
    project.write('migrations/1_users/metadata.yaml', 'name: 1_users\ntimestamp: 1\nparents: [0]\n');
    await project.kat('down');
    expect(outline(await project.kat('validate --json'))).toEqual([
      'info[late] 0_old',
      'error[unordered] 1_users',
    ]);
  });

  test('a squashed migration whose members are applied in part', async () => {
    const project = await projectOn(major, {
      migrations: { '1_users': 'SELECT 1;', '2_posts': { up: 'SELECT 1;', parents: [1] } },
    });
    await project.kat('up --count 1');
    rmSync(join(project.folder, 'migrations/1_users'), { recursive: true });
    project.write('migrations/2_posts/metadata.yaml', 'name: 2_posts\ntimestamp: 2\nreplaces: [1_users]\n');
    expect(outline(await project.kat('validate --json'))).toEqual([
      'error[missing-folder] 1_users',
      'error[half-squashed] 2_posts',
    ]);
    project.addMigration('1_users', 'SELECT 1;');
    project.addMigration('2_posts', { up: 'SELECT 1;', parents: [1] });
    await project.migrate();
    rmSync(join(project.folder, 'migrations/1_users'), { recursive: true });
    project.addMigration('2_posts', 'SELECT 2;');
    project.write('migrations/2_posts/metadata.yaml', 'name: 2_posts\ntimestamp: 2\nreplaces: [1_users]\n');
    expect(outline(await project.kat('validate --json'))).toEqual([]);
  });

  test('a database that cannot be reached, and one that Kat has never seen', async () => {
    const project = await projectOn(major, { migrations: { '1_users': 'SELEC 1;' } });
    expect(outline(await project.kat('validate --json'))).toEqual(['error[syntax] 1_users']);
    expect(await project.database.query("SELECT FROM pg_class WHERE relname ~ '^migrations'")).toEqual([]);
    project.write('kat.conf.yaml', config);
    const run = await project.kat('validate --json');
    expect(run.code).toBe(2);
    expect(documentOf(run).error).toMatchObject({ code: 'CONNECTION_FAILED' });
  });

  test('up warns of all that was edited, whether or not there is something to apply', async () => {
    const project = await projectOn(major, {
      migrations: { '1_users': 'SELECT 1;', '2_posts': 'SELECT 1;', '3_tags': 'SELECT 1;' },
    });
    await project.migrate();
    project.write('migrations/1_users/up.sql', 'SELECT 2;\n');
    project.write('migrations/2_posts/up.sql', 'SELECT 2;\n');
    project.write('migrations/3_tags/up.sql', 'SELECT 1;\r\n');
    const warning =
      'Warning: 2 migrations were edited after they were applied: 1_users and 2_posts. Run `kat validate` for the locations and remedies.\n';
    expect(await project.kat('up')).toMatchObject({ code: 0, stderr: warning });
    project.addMigration('4_next', 'SELECT 1;');
    expect(await project.kat('up')).toMatchObject({ code: 0, stderr: warning });
    project.addMigration('5_quiet', 'SELECT 1;');
    expect((await project.kat('up', { env: { KAT_CHECKSUMS: 'off' } })).stderr).toBe('');
    const off = await project.kat('validate --json', { env: { KAT_CHECKSUMS: 'off' } });
    expect(outline(off)).toEqual(['info[several-heads]', 'info[edited] 1_users', 'info[edited] 2_posts']);
  });

  test('checksums: strict refuses, whether or not there is something to apply', async () => {
    const project = await projectOn(major, { migrations: { '1_users': 'SELECT 1;' } });
    project.write('kat.conf.yaml', `${project.read('kat.conf.yaml')}migration:\n  checksums: strict\n`);
    await project.migrate();
    project.write('migrations/1_users/up.sql', 'SELECT 2;\n');
    for (const next of [undefined, '2_next']) {
      if (next) project.addMigration(next, 'SELECT 1;');
      const run = await project.kat('up --json');
      expect(run.code).toBe(3);
      expect(documentOf(run).error).toMatchObject({
        code: 'MIGRATIONS_CHANGED',
        problems: [{ migration: '1_users', location: { file: expect.stringContaining('1_users/up.sql') } }],
      });
    }
    expect(await project.applied()).toEqual(['1_users']);
    expect((await project.kat('down')).code).toBe(0);
    await project.migrate();
    project.write('migrations/1_users/up.sql', 'SELECT 3;\n');
    const run = await project.kat('validate --json');
    expect(run.code).toBe(3);
    expect(outline(run)).toContain('error[edited] 1_users');
  });
});

test('PGlite', async () => {
  const project = makeProject({
    config: 'database:\n  driver: pglite\n  path: db\n',
    migrations: { '1_users': 'SELECT 1;' },
  });
  await project.kat('up');
  project.write('migrations/1_users/up.sql', 'SELECT 2;\n');
  expect(outline(await project.kat('validate --json'))).toEqual(['warning[edited] 1_users']);
}, 60_000);

describe('git', () => {
  /** Two migrations on main, and a branch of it that is checked out. */
  function branched(): Project {
    const project = makeProject({
      config,
      migrations: {
        '1_users': 'SELECT 1;',
        '2_posts': { up: 'SELECT 1;', parents: [1] },
        '3_tags': { up: 'SELECT 1;', parents: ['users'] },
      },
    });
    commitAll(project.folder);
    git(project.folder, 'checkout', '--quiet', '-b', 'feature');
    return project;
  }

  const compare = 'validate --offline --json --git-base main';
  const metadata = (id: string, parents: string) => `name: ${id}\ntimestamp: ${id[0]}\nparents: ${parents}\n`;

  test('new migrations and cosmetic changes are nothing to report', async () => {
    const project = branched();
    project.addMigration('4_new', { up: 'SELECT 1;', parents: [2, 3] });
    project.write('migrations/1_users/up.sql', '\ufeffSELECT 1;\r\n');
    project.write('migrations/1_users/down.sql', 'SELECT 1;\r\n');
    project.write(
      'migrations/3_tags/metadata.yaml',
      '# rewritten\ntimestamp: "3"\nname: tags\nparents:\n  - 1_users # users\n',
    );
    const run = await project.kat(compare);
    expect(outline(run)).toEqual([]);
    const commit = git(project.folder, 'rev-parse', 'main');
    expect(documentOf(run)).toMatchObject({ isValid: true, base: { revision: 'main', commit } });
    expect((await project.kat('validate --offline --git-base main')).stdout).toBe(
      `4 migrations: no problems found (without a database; compared with main at ${commit.slice(0, 7)})\n`,
    );
  });

  test('edits, deletions, other parents', async () => {
    const project = branched();
    project.write('migrations/1_users/up.sql', 'SELECT 2;\n');
    project.write('migrations/2_posts/down.sql', 'SELECT 2;\n');
    project.write('migrations/3_tags/metadata.yaml', metadata('3_tags', '[2]'));
    rmSync(join(project.folder, 'migrations/1_users/down.sql'));
    const run = await project.kat(compare);
    expect(run.code).toBe(3);
    expect(outline(run)).toEqual([
      'warning[missing-down] 1_users',
      'error[base-edited] 1_users',
      'warning[base-down-edited] 1_users',
      'warning[base-down-edited] 2_posts',
      'error[base-reparented] 3_tags',
    ]);
    expect(documentOf(run).findings).toContainEqual(
      expect.objectContaining({
        message:
          '3_tags no longer follows 1_users and now follows 2_posts, but the base branch already has it',
      }),
    );
    rmSync(join(project.folder, 'migrations/2_posts'), { recursive: true });
    project.write('migrations/3_tags/metadata.yaml', metadata('3_tags', '[1]'));
    expect(outline(await project.kat(compare))).toContain('error[base-deleted] 2_posts');
  });

  test('a new name or number is told once, and not again by every child', async () => {
    const project = branched();
    git(project.folder, 'mv', 'migrations/1_users', 'migrations/1_people');
    project.write('migrations/1_people/metadata.yaml', metadata('1_people', '[]'));
    project.write('migrations/3_tags/metadata.yaml', metadata('3_tags', '[people]'));
    git(project.folder, 'mv', 'migrations/2_posts', 'migrations/5_posts');
    project.write('migrations/5_posts/metadata.yaml', metadata('5_posts', '[1]'));
    const run = await project.kat(compare);
    expect(outline(run)).toEqual([
      'info[several-heads]',
      'error[base-renamed] 1_users',
      'error[base-renamed] 2_posts',
    ]);
    expect(run.stdout).toContain('1_users of the base branch is now 1_people');
    expect(run.stdout).toContain('2_posts of the base branch is now 5_posts');
  });

  test('a squash is meant, for what it took in and for what follows it', async () => {
    const project = branched();
    project.write('migrations/3_tags/metadata.yaml', metadata('3_tags', '[posts]'));
    commitAll(project.folder);
    git(project.folder, 'branch', '--force', 'main');
    rmSync(join(project.folder, 'migrations/1_users'), { recursive: true });
    project.write('migrations/2_posts/up.sql', 'SELECT 1;\nSELECT 1;\n');
    project.write('migrations/2_posts/metadata.yaml', `${metadata('2_posts', '[]')}replaces: [1_users]\n`);
    expect(outline(await project.kat(compare))).toEqual([]);
    project.write('migrations/3_tags/up.sql', 'SELECT 2;\n');
    expect(outline(await project.kat(compare))).toEqual(['error[base-edited] 3_tags']);
  });

  test('what main got meanwhile is not missed here', async () => {
    const project = branched();
    project.addMigration('4_mine', { up: 'SELECT 1;', parents: [2, 3] });
    commitAll(project.folder);
    git(project.folder, 'checkout', '--quiet', 'main');
    project.addMigration('5_theirs', { up: 'SELECT 1;', parents: [2, 3] });
    commitAll(project.folder);
    git(project.folder, 'checkout', '--quiet', 'feature');
    expect(outline(await project.kat(compare))).toEqual([]);
  });

  test('the base is the upstream, or the branch of the pull request; none turns it off', async () => {
    const project = branched();
    git(project.folder, 'branch', '--quiet', '--set-upstream-to', 'main');
    project.write('migrations/1_users/up.sql', 'SELECT 2;\n');
    const edited = ['info[several-heads]', 'error[base-edited] 1_users'];
    expect(outline(await project.kat('validate --offline --json'))).toEqual(edited);
    expect(outline(await project.kat(offline))).toEqual(['info[several-heads]']);
    git(project.folder, 'branch', '--quiet', '--unset-upstream');
    expect(outline(await project.kat('validate --offline --json'))).toEqual(['info[several-heads]']);
    expect(
      outline(await project.kat('validate --offline --json', { env: { KAT_GIT_BASE: 'main' } })),
    ).toEqual(edited);
    const env = { GITHUB_BASE_REF: 'main' };
    const unfetched = await project.kat('validate --offline --json', { env });
    expect({ code: unfetched.code, found: outline(unfetched) }).toEqual({
      code: 0,
      found: ['info[several-heads]', 'warning[base-unavailable]'],
    });
    git(project.folder, 'update-ref', 'refs/remotes/origin/main', 'main');
    expect(outline(await project.kat('validate --offline --json', { env }))).toEqual(edited);
  });

  test('a revision that is not there, and no repository', async () => {
    const project = branched();
    for (const revision of ['nothing', '--upload-pack=x']) {
      const run = await project.kat(['validate', '--offline', `--git-base=${revision}`]);
      expect(run.code).toBe(2);
      expect(run.stderr).toContain(`git has no revision "${revision}" here`);
    }
    rmSync(join(project.folder, '.git'), { recursive: true });
    expect((await project.kat('validate --offline')).code).toBe(0);
    const run = await project.kat('validate --offline --git-base main');
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('the migrations folder is not in a git repository');
  });

  test('no git', async () => {
    const project = branched();
    const env = { PATH: project.home };
    expect((await project.kat('validate --offline --strict', { env })).code).toBe(0);
    const run = await project.kat('validate --offline --git-base main', { env });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('git is not installed');
  });
});

test('what interrupted commands leave in the migrations folder', async () => {
  const project = makeProject({ config, migrations: { '1_users': 'SELECT 1;' } });
  project.write('migrations/.kat-add-2/up.sql', 'SELECT 1;');
  utimesSync(join(project.folder, 'migrations/.kat-add-2'), 1, 1);
  const left = await project.kat('validate --offline');
  expect(left.stdout).toContain('warning[left-over]: an interrupted command left ');
  project.write('migrations/old.sql', 'SELECT 1;');
  for (const command of ['add tags', 'add --infer users', 'merge', 'heads']) {
    const { code, stdout, stderr } = await project.kat(command);
    expect(code, command).toBe(0);
    expect(stdout + stderr, command).toContain('an interrupted command left ');
    expect(stdout + stderr, command).toContain('old.sql is not read');
  }
  mkdirSync(join(project.folder, 'migrations/.kat-change'));
  const unfinished = await project.kat('validate --offline');
  expect(unfinished.code).toBe(3);
  expect(unfinished.stdout).toContain('error[unfinished-change]: a command of Kat did not finish its change');
});

// [down-edited] is provoked beside its status, in status.test.ts.

test('every kind of finding is provoked here', async () => {
  const { findingKinds } = await import('../../src/engine/validate/codes.js');
  const own = readFileSync(import.meta.filename, 'utf8');
  expect(Object.keys(findingKinds).filter((code) => !own.includes(`[${code}]`))).toEqual([]);
});
