/** `kat report`: what a branch does to the migrations, in both formats, on git and PGlite. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { branchReport, makeBranchProject, withoutNames } from '../support/branch-project.js';
import { documentOf } from '../support/document.js';
import { commitAll, git } from '../support/git.js';
import type { Project } from '../support/kat-project.js';

const slow = { timeoutMs: 120_000 };

let project: Project;

beforeAll(() => {
  project = makeBranchProject();
});

test(
  'Markdown with the graph, the plan, locks, and the findings of all checks; exit code 3 for an error',
  async () => {
    const { code, stdout, stderr } = await project.kat('report --git-base main --verify', slow);
    expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
    expect(withoutNames(stdout)).toBe(branchReport);
  },
  slow.timeoutMs,
);

test(
  'a file as HTML, SARIF and annotations in one run',
  async () => {
    const options = '--file report.html --sarif kat.sarif --annotations';
    const run = await project.kat(`report --git-base main ${options}`, slow);
    expect(run).toMatchObject({ code: 3, stderr: '' });
    expect(run.stdout).toMatch(
      /^::error file=migrations\/3_index\/up\.sql,line=1,.*\nReport written to report\.html\n$/,
    );
    const html = project.read('report.html');
    expect(html).toContain('<h2>Migrations: 2 added</h2>');
    expect(html).toContain('<td>ACCESS EXCLUSIVE on users</td>');
    expect(html).toContain('<svg ');
    expect(html).not.toContain('Up, down and up again');
    const [sarif] = JSON.parse(project.read('kat.sarif')).runs;
    expect(sarif.results.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual([
      'create-index-not-concurrent',
    ]);
  },
  slow.timeoutMs,
);

test(
  'findings of severity info are listed where nothing is graver',
  async () => {
    const hinted = makeBranchProject();
    git(hinted.folder, 'switch', '--quiet', '--create', 'notes', 'main');
    hinted.addMigration('2_notes', {
      up: 'CREATE TABLE notes (id bigint PRIMARY KEY, body varchar(9));',
      down: 'DROP TABLE notes;',
      parents: [1],
    });
    commitAll(hinted.folder, 'notes');
    const { stdout } = await hinted.kat('report --git-base main', slow);
    expect(stdout).toMatch(/### Lint\n\n1 info\.\n\n- \*\*info\*\* `prefer-text` /);
  },
  slow.timeoutMs,
);

test(
  'its document',
  async () => {
    const document = documentOf(await project.kat('report --git-base main --json', slow));
    expect(document).toMatchObject({
      ...{ isValid: false, added: ['2_email', '3_index'], edited: [], format: 'markdown' },
      counts: { errors: 1, warnings: 0, infos: 0 },
      steps: [{ id: '2_email' }, { id: '3_index' }],
      base: { revision: 'main' },
    });
  },
  slow.timeoutMs,
);

test(
  'nothing changed',
  async () => {
    const { code, stdout } = await project.kat('report --git-base HEAD --verify', slow);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^## Migrations: unchanged\n\n\*\*No problems found\*\*/);
    expect(stdout).not.toMatch(/mermaid|### Plan|### Locks/);
  },
  slow.timeoutMs,
);

test(
  'a revision that is not there, and none',
  async () => {
    const unknown = await project.kat('report --git-base nowhere');
    expect(unknown).toMatchObject({ code: 2, stdout: '' });
    expect(unknown.stderr).toContain('git has no revision "nowhere" here');
    expect(await project.kat('report')).toMatchObject({ code: 2, stdout: '' });
  },
  slow.timeoutMs,
);

describe('a branch with hostile contents', () => {
  test(
    'names nobody, starts no markup, and breaks no table',
    async () => {
      const hostile = makeBranchProject();
      const up =
        'CREATE TABLE "@team | <img src=x> ` *b*" (id bigint PRIMARY KEY);\nINSERT INTO "@team | <img src=x> ` *b*" SELECT;';
      hostile.addMigration('4_@team |<img src=x>', { up, down: null, parents: [1] });
      commitAll(hostile.folder, 'hostile');
      const markdown = await hostile.kat('report --git-base main', slow);
      const plain = markdown.stdout.replace(/\\[^\w\s]/g, '').replace(/(`+)(?!`).*?[^`]\1(?!`)/gs, 'CODE');
      expect(plain).not.toMatch(/@team|<img|\*b\*/);
      const rows = markdown.stdout
        .split('\n')
        .filter((line) => line.startsWith('| ') && line.includes('team'));
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows)
        expect(row.replaceAll('\\|', '').split('|')).toHaveLength(row.includes('transaction') ? 6 : 5);
      const html = await hostile.kat('report --git-base main --format html', slow);
      expect(html.stdout).not.toContain('<img');
      expect(html.stdout).toContain('&#60;img src=x&#62;');
    },
    slow.timeoutMs,
  );
});

test(
  'a folder that is invalid is reported, and nothing else is claimed',
  async () => {
    const broken = makeBranchProject();
    rmSync(join(broken.folder, 'migrations/2_email'), { recursive: true });
    const { code, stdout } = await broken.kat('report --git-base main --verify', slow);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^## Migrations: invalid\n/);
    expect(stdout).toMatch(/- \*\*error\*\* `\S+` `migrations\/3_index\/metadata\.yaml:\d+` .*2/);
    expect(stdout).not.toMatch(/### Lint|### Plan/);
  },
  slow.timeoutMs,
);

test(
  'what the base has wrong already is not of the branch, and hides nothing of it',
  async () => {
    const branch = makeBranchProject();
    branch.addMigration('0_old', { up: '-- nothing', down: '' });
    commitAll(branch.folder, 'old');
    branch.addMigration('4_new', {
      up: 'CREATE TABLE fresh (id int PRIMARY KEY);',
      down: 'DROP TABLE fresh;',
      parents: [1],
    });
    const { code, stdout } = await branch.kat('report --git-base HEAD', slow);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^## Migrations: 1 added\n/);
    expect(stdout).toContain('### Plan');
    expect(stdout).not.toContain('0_old/up.sql');
    branch.addMigration('5_empty', { up: '-- nothing', down: '', parents: [4] });
    const broken = await branch.kat('report --git-base HEAD', slow);
    expect(broken.code).toBe(3);
    expect(broken.stdout).toMatch(/^## Migrations: invalid\n/);
    expect(broken.stdout).toContain('5_empty/up.sql');
  },
  slow.timeoutMs,
);
