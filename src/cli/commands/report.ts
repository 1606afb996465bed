/** `kat report` */

import { resolve } from 'node:path';
import { checkKinds } from '../../engine/check/codes.js';
import { listLintRules } from '../../engine/lint/list-rules.js';
import { type ReportFormat, reportFormats } from '../../engine/report/result.js';
import { verifyKinds } from '../../engine/verify-codes.js';
import type { Finding } from '../../findings.js';
import { findRepositoryRoot } from '../../project/folder/repository-root.js';
import { refuseOtherFile, saveOutput } from '../../project/save-output.js';
import type { CommandSpec } from '../command.js';
import { findingsExitCode } from '../findings-options.js';
import { withProject } from '../open-project.js';
import { formatAnnotations } from '../output/github-annotations.js';
import { formatSarif } from '../output/sarif.js';

interface ReportFlags {
  gitBase: string;
  verify?: boolean;
  strict?: boolean;
  format?: ReportFormat;
  file?: string;
  sarif?: string;
  annotations?: boolean;
}

export const reportCommand: CommandSpec<'report', ReportFlags> = {
  name: 'report',
  description:
    'Writes a report for a pull request: the migrations that the branch adds or edits as a graph, their plan, their locks, rewrites and scans as seen on an embedded database, and the findings of `kat validate`, `kat lint`, `kat check` and, with --verify, `kat verify`. Needs git and PGlite, and no database. Exits with code 3 when there is an error.',
  options: [
    {
      flags: '--git-base <revision>',
      description: 'the revision that the branch will be merged into, such as origin/main',
      isRequired: true,
    },
    { flags: '--verify', description: 'also execute the migrations up, down and up again, in memory' },
    { flags: '--strict', description: 'exit with code 3 for warnings as well' },
    {
      flags: '--format <format>',
      description: 'the format (default: html for a file with that extension, otherwise markdown)',
      choices: reportFormats,
    },
    { flags: '-f, --file <file>', description: 'write to this file instead of stdout' },
    { flags: '--sarif <file>', description: 'also write the findings as SARIF to this file' },
    {
      flags: '--annotations',
      description: 'also print the findings as annotations of GitHub Actions; requires --file',
    },
  ],
  examples: [
    { command: 'kat report --git-base origin/main', explanation: 'print the report as Markdown' },
    {
      command: 'kat report --git-base origin/main --verify --file report.html',
      explanation: 'save it as a page, with the results of executing the migrations',
    },
  ],
  run: async (context, flags) => {
    const { gitBase, verify, strict, file, sarif, annotations } = flags;
    const format = flags.format ?? (/\.html?$/i.test(file ?? '') ? 'html' : 'markdown');
    for (const path of [file, sarif]) if (path !== undefined) refuseOtherFile(resolve(context.cwd, path));
    return withProject(context, { isOffline: true }, async ({ kat, config }) => {
      const { text, ...result } = await kat.report({ gitBase, verify, strict, format });
      const root = findRepositoryRoot(config.migration.directory) ?? context.cwd;
      if (sarif !== undefined) saveOutput(resolve(context.cwd, sarif), await toSarif(result.findings, root));
      if (file !== undefined) saveOutput(resolve(context.cwd, file), text);
      if (annotations) context.writeExact(formatAnnotations(result.findings.filter(isGrave), root));
      if (file === undefined) context.writeExact(text);
      else context.write(`Report written to ${file}\n`);
      const saved = file === undefined ? { text } : { file: resolve(context.cwd, file) };
      return { document: { ...result, ...saved }, exitCode: findingsExitCode(result) };
    });
  },
};

function isGrave({ severity }: Finding): boolean {
  return severity !== 'info';
}

async function toSarif(findings: readonly Finding[], root: string): Promise<string> {
  const kinds = Object.entries({ ...checkKinds, ...verifyKinds });
  const rules = [...(await listLintRules()), ...kinds.map(([id, { meaning }]) => ({ id, summary: meaning }))];
  const found = new Set(findings.map(({ code }) => code));
  return formatSarif(
    findings,
    root,
    rules.filter(({ id }) => found.has(id)),
  );
}
