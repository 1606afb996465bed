/** `kat.validate()` as programs call it; what it finds is tested at the command. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/index.js';
import { commandMajors } from '../support/database.js';
import { commitAll } from '../support/git.js';
import { makeProject, projectOn } from '../support/kat-project.js';
import { eventsOf, failureOf, openKat } from './library.js';

const codes = (findings: readonly Finding[]) => findings.map(({ code }) => code);

test('offline no database is opened', async () => {
  const project = makeProject({ migrations: { '1_a': 'SELECT 1;', '2_b': { up: 'SELEC 1;', down: null } } });
  const { kat } = openKat(project, { database: 'postgres://127.0.0.1:1/none' });
  const result = await kat.validate({ offline: true });
  expect(result).toMatchObject({
    isValid: false,
    isOffline: true,
    migrations: 2,
    counts: { errors: 1, warnings: 1, infos: 1 },
  });
  expect(codes(result.findings)).toEqual(['several-heads', 'syntax', 'missing-down']);
  expect(result).not.toHaveProperty('base');
  expect((await failureOf(kat.validate())).code).toBe('CONNECTION_FAILED');
});

test('a base that is named must be there, that of a pull request only should be', async () => {
  const project = makeProject({ migrations: { '1_a': 'SELECT 1;' } });
  const { kat } = openKat(project);
  const missing = await failureOf(kat.validate({ offline: true, gitBase: 'main' }));
  expect(missing).toMatchObject({
    code: 'USAGE',
    message: 'the migrations folder is not in a git repository',
  });
  const result = await kat.validate({ offline: true, pullRequestBase: 'origin/main' });
  expect({ isValid: result.isValid, codes: codes(result.findings) }).toEqual({
    isValid: true,
    codes: ['base-unavailable'],
  });
  project.write('.git', 'no repository any more');
  expect(codes((await kat.validate({ offline: true })).findings)).toEqual(['base-unavailable']);
  rmSync(join(project.folder, '.git'));
  commitAll(project.folder);
  expect((await kat.validate({ offline: true, gitBase: 'main', pullRequestBase: 'x' })).base).toMatchObject({
    revision: 'main',
  });
  expect(await kat.validate({ offline: true, gitBase: 'none', pullRequestBase: 'x' })).not.toHaveProperty(
    'base',
  );
});

test('metadata of the base that cannot be read says nothing of parents', async () => {
  const project = makeProject({
    migrations: { '1_a': 'SELECT 1;', '2_b': { up: 'SELECT 1;', parents: [1] } },
  });
  const metadata = project.read('migrations/2_b/metadata.yaml');
  project.write('migrations/2_b/metadata.yaml', 'name: [\n');
  commitAll(project.folder);
  const { kat } = openKat(project);
  project.write('migrations/2_b/metadata.yaml', metadata);
  expect((await kat.validate({ offline: true, gitBase: 'main' })).findings).toEqual([]);
  project.write('migrations/1_a/metadata.yaml', 'name: ]\n');
  expect(codes((await kat.validate({ offline: true, gitBase: 'main' })).findings)).toEqual([
    'invalid-metadata',
  ]);
});

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('checksums decide what an edit is, and whether up goes on', async () => {
    const project = await projectOn(major, { migrations: { '1_a': 'SELECT 1;' } });
    await openKat(project).kat.up();
    project.write('migrations/1_a/up.sql', 'SELECT 2;\n');
    const severityWith = async (checksums: 'warn' | 'strict' | 'off') => {
      const { findings, isValid } = await openKat(project, { checksums }).kat.validate();
      return `${findings[0]?.code} ${findings[0]?.severity} ${isValid}`;
    };
    expect(await severityWith('warn')).toBe('edited warning true');
    expect(await severityWith('strict')).toBe('edited error false');
    expect(await severityWith('off')).toBe('edited info true');
    const strict = openKat(project, { checksums: 'strict' }).kat;
    expect((await failureOf(strict.up({ dryRun: true }))).code).toBe('MIGRATIONS_CHANGED');
    project.addMigration('2_b', 'SELECT 1;');
    const { kat, events } = openKat(project);
    await kat.up({ dryRun: true });
    await kat.up();
    expect(eventsOf(events, 'warning').map(({ message }) => message)).toEqual([
      '1_a was edited after it was applied',
      '1_a was edited after it was applied',
    ]);
  });

  test('an applied file that cannot be read is told once', async () => {
    const project = await projectOn(major, { migrations: { '1_a': 'SELECT 1;', '2_b': 'SELECT 1;' } });
    const { kat } = openKat(project);
    await kat.up();
    project.write('migrations/1_a/up.sql', "SELECT '\0';\n");
    rmSync(join(project.folder, 'migrations/2_b/up.sql'));
    expect(codes((await kat.validate()).findings)).toEqual(['invalid-text', 'missing-file']);
  });
});
