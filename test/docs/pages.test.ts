import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { katCommand } from '../support/kat-command.js';
import { runElsewhere } from './allowed.js';
import { onDatabase } from './databases.js';
import { parsePage } from './markdown.js';
import { runPage } from './run-page.js';

const root = resolve(import.meta.dirname, '../..');
const docs = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
const names = ['README.md', 'CONTRIBUTING.md', ...docs.map((name) => `docs/${name}`)];
/** The tour on PGlite is run with the packed package: install.test.ts. */
const elsewhere = 'README.md on pglite';
const readings = names.flatMap((name) => {
  const page = parsePage(readFileSync(join(root, name), 'utf8'));
  return page.databases
    .filter((database) => `${name} on ${database}` !== elsewhere)
    .map((database) => ({ name, page, database }));
});

beforeAll(async () => {
  await katCommand();
});

describe('every command of', () => {
  test.concurrent.each(readings)(
    '$name does on $database what the page shows',
    async ({ page, database }) => {
      await onDatabase(database, (server) => runPage(page, database, server));
    },
    300_000,
  );
});

test('commands that pages cannot run are run by the tests that are named for them', () => {
  for (const [command, file] of runElsewhere) {
    expect(readFileSync(join(root, file), 'utf8'), `${file} runs ${command}`).toContain(command);
  }
});
