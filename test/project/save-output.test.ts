/** What commands write into files is replaced by the next run; the commands' own tests show it for the others. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
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

test('where the disk takes no more, a file keeps its former text, and no new one is left', async () => {
  const { folder } = makeProject();
  const program = join(folder, 'save.mjs');
  const entryPoints = ['src/project/save-output.ts'];
  await build({ entryPoints, outfile: program, bundle: true, platform: 'node', format: 'esm' });
  const former = writeHtml([{ kind: 'heading', level: 2, text: 'Migrations: 1 added' }]);
  writeFileSync(join(folder, 'report.html'), former);
  const before = readdirSync(folder);
  for (const name of ['report.html', 'new.html']) {
    const script = `import { saveOutput } from ${JSON.stringify(program)};
      try { saveOutput(${JSON.stringify(join(folder, name))}, 'x'.repeat(5000)); }
      catch (error) { process.stderr.write(JSON.stringify([error.code, error.help])); }`;
    // A file size limit of some blocks fails half way, as a full disk does.
    const shell = `trap '' XFSZ; ulimit -f 4; exec "$0" --input-type=module -e "$1" 2>&1 | cat`;
    const output = execFileSync('sh', ['-c', shell, process.execPath, script], { encoding: 'utf8' });
    expect(JSON.parse(output)).toEqual(['FILES_INVALID', 'Free disk space and try again.']);
  }
  expect(readFileSync(join(folder, 'report.html'), 'utf8')).toBe(former);
  expect(readdirSync(folder)).toEqual(before);
});
