import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from './temporary.js';

function generate(...options: string[]) {
  return spawnSync(process.execPath, ['scripts/generate.mjs', ...options], { encoding: 'utf8' });
}

test('what is committed is what the sources say', () => {
  const { status, stderr } = generate('--check');
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

test('a file that differs or is missing fails the check and is named', { timeout: 300_000 }, () => {
  const folder = makeFolder();
  expect(generate('--check', '--into', folder).status).toBe(1);
  execFileSync(process.execPath, ['scripts/generate.mjs', '--into', folder]);
  const schema = 'schemas/metadata.schema.json';
  expect(readFileSync(join(folder, schema), 'utf8')).toBe(readFileSync(schema, 'utf8'));
  expect(generate('--check', '--into', folder).status).toBe(0);
  appendFileSync(join(folder, schema), ' ');
  const { status, stderr } = generate('--check', '--into', folder);
  expect(status).toBe(1);
  expect(stderr).toContain(`${schema} is out of date`);
});
