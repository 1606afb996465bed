/** What commands write into files is replaced by the next run; the commands' own tests show it for the others. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { formatSarif } from '../../src/cli/output/sarif.js';
import { writeHtml } from '../../src/engine/report/write-html.js';
import { saveOutput } from '../../src/project/save-output.js';
import { branchReport } from '../support/branch-project.js';
import { makeProject } from '../support/kat-project.js';

test.each([
  ['a report', branchReport],
  ['a report as a page', writeHtml([{ kind: 'heading', level: 2, text: 'Migrations: 1 added' }])],
  ['findings as SARIF', formatSarif([], '/')],
  ['a report that git has checked out with CRLF', branchReport.replaceAll('\n', '\r\n')],
])('%s is replaced', (_, text) => {
  const file = join(makeProject().folder, 'output');
  writeFileSync(file, text);
  saveOutput(file, 'new');
  expect(readFileSync(file, 'utf8')).toBe('new');
});
