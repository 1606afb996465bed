import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { katCommand } from '../support/kat-command.js';
import { runElsewhere } from './allowed.js';
import { onDatabase } from './databases.js';
import { parsePage } from './markdown.js';
import { runPage } from './run-page.js';

const root = resolve(import.meta.dirname, '../..');
const docs = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
const names = ['README.md', 'CONTRIBUTING.md', ...docs.map((name) => `docs/${name}`)];
const readings = names.flatMap((name) => {
  const page = parsePage(readFileSync(join(root, name), 'utf8'));
  return page.databases.map((database) => ({ name, page, database }));
});

let template: string;

beforeAll(async () => {
  template = mkdtempSync(join(tmpdir(), 'kat-docs-template-'));
  const database = new PGlite(template);
  await database.waitReady;
  await database.close();
  // Last: PGlite blocks this process for seconds, in which the connection to the test servers' desk would go stale.
  await katCommand();
});

afterAll(() => rmSync(template, { recursive: true, force: true }));

describe('every command of', () => {
  test.concurrent.each(readings)(
    '$name does on $database what the page shows',
    async ({ page, database }) => {
      await onDatabase(database, (server) =>
        runPage(page, database, { pgliteTemplate: template, ...server }),
      );
    },
    120_000,
  );
});

test('commands that pages cannot run are run by the tests that are named for them', () => {
  for (const [command, file] of runElsewhere) {
    expect(readFileSync(join(root, file), 'utf8'), `${file} runs ${command}`).toContain(command);
  }
});
