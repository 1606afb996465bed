/** Fault 44: what is written when there is no terminal, and when colours are asked for or declined. */
import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { projectOn } from '../support/kat-project.js';

const escapeCode = '\u001b';

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test.each([
    ['no terminal', {}],
    ['NO_COLOR', { NO_COLOR: '1', FORCE_COLOR: '1' }],
    ['CI', { CI: 'true', GITHUB_ACTIONS: 'true' }],
    ['a terminal in name only', { TERM: 'xterm-256color', COLORTERM: 'truecolor' }],
  ])('%s: neither a question, nor colours, nor anything that moves the cursor', async (_what, env) => {
    const project = await projectOn(major, { migrations: { '1_one': 'SELECT 1;', '2_two': 'SELECT 1/0;' } });
    for (const [command, expected] of [
      ['--help', 0],
      ['up --dry-run', 0],
      ['up', 1],
      ['status', 0],
      ['down --all', 2],
      ['down', 0],
      ['down -v', 0],
      ['ping -v', 0],
      ['up --config none', 2],
      ['frobnicate', 2],
    ] as const) {
      const { code, stdout, stderr } = await project.kat(command, { env });
      expect(code, command).toBe(expected);
      expect(stderr).not.toContain('[y/N]');
      const text = stdout + stderr;
      expect(text).not.toContain(escapeCode);
      expect(text).not.toMatch(/[\r\b\u2800-\u28ff]/);
    }
  });

  test('FORCE_COLOR brings colours to both outputs, and --no-color takes them away again', async () => {
    const project = await projectOn(major, { migrations: { '1_one': 'SELECT 1;', '2_two': 'SELECT 1/0;' } });
    const env = { FORCE_COLOR: '1' };
    const coloured = await project.kat('up', { env });
    expect(coloured.stdout).toContain(
      `${escapeCode}[32mSuccessfully connected to database!${escapeCode}[0m\n`,
    );
    expect(coloured.stderr).toContain(`${escapeCode}[31mMigration failed: 2_two${escapeCode}[0m\n`);
    for (const args of ['up --no-color', '--no-color up']) {
      const plain = await project.kat(args, { env });
      expect(plain.stdout + plain.stderr).not.toContain(escapeCode);
    }
    const document = await project.kat('status --json', { env });
    expect(document.stdout).not.toContain(escapeCode);
    const zero = await project.kat('status', { env: { FORCE_COLOR: '0' } });
    expect(zero.stdout).not.toContain(escapeCode);
  });
});
