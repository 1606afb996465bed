import { execFile } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const generate = (...args: string[]) =>
  promisify(execFile)(process.execPath, ['scripts/generate.mjs', ...args], { cwd: root });

test('a generated page that was edited by hand, or forgotten, is found out', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kat-generated-'));
  try {
    const { stdout } = await generate('--into', folder);
    for (const page of ['commands', 'configuration', 'errors', 'migrations', 'validate'])
      expect(stdout).toContain(`docs/${page}.md`);
    expect(stdout).toContain('schemas/output.schema.json');
    await generate('--check', '--into', folder);
    appendFileSync(join(folder, 'docs/commands.md'), 'More by hand.\n');
    await expect(generate('--check', '--into', folder)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('docs/commands.md is out of date'),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
