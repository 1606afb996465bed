import { spawnSync } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from './temporary.js';

function generate(...options: string[]) {
  return spawnSync(process.execPath, ['scripts/generate.mjs', ...options], { encoding: 'utf8' });
}

test('generated files are those that are committed; one that differs or is missing is named', {
  timeout: 300_000,
}, () => {
  const folder = makeFolder();
  expect(generate('--into', folder)).toMatchObject({ status: 0, stderr: '' });
  const made = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  expect(made).toEqual(
    expect.arrayContaining(['docs/commands.md', 'llms.txt', 'man/kat.1', 'schemas/output.schema.json']),
  );
  for (const path of made)
    expect(readFileSync(join(folder, path), 'utf8'), path).toBe(readFileSync(path, 'utf8'));
  appendFileSync(join(folder, 'schemas/metadata.schema.json'), ' ');
  appendFileSync(join(folder, 'docs/commands.md'), 'More by hand.\n');
  rmSync(join(folder, 'llms.txt'));
  const { status, stderr } = generate('--check', '--into', folder);
  expect(status).toBe(1);
  expect(stderr.match(/^\S+(?= is out of date)/gm)?.sort()).toEqual([
    'docs/commands.md',
    'llms.txt',
    'schemas/metadata.schema.json',
  ]);
});
