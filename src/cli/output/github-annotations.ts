/** Findings as the workflow commands that GitHub Actions turns into annotations of a pull request. */

import { relative, sep } from 'node:path';
import type { Finding, Severity } from '../../findings.js';
import { printable } from '../../outside-text.js';
import { sentencesOf } from './findings-text.js';

const commands: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

/**
 * One line for each finding: `::error file=…,line=…,col=…,title=…::message`.
 * @param root the top folder of the repository, which files are named relative to; those outside keep their path.
 */
export function formatAnnotations(findings: readonly Finding[], root: string): string {
  return findings.map((finding) => `${annotation(finding, root)}\n`).join('');
}

function annotation(finding: Finding, root: string): string {
  const { severity, code, location } = finding;
  const place = location
    ? [
        `file=${escapeProperty(pathFrom(root, location.file))}`,
        `line=${location.line}`,
        `col=${location.column}`,
      ]
    : [];
  const properties = [...place, `title=${escapeProperty(`kat: ${code}`)}`].join(',');
  return `::${commands[severity]} ${properties}::${escapeData(sentencesOf(finding) + relatedText(finding, root))}`;
}

/** An annotation has one place; the others are named in its text. */
function relatedText({ related = [] }: Finding, root: string): string {
  return related
    .map(
      ({ message, location: { file, line, column } }) =>
        `\n${pathFrom(root, file)}:${line}:${column}: ${message}`,
    )
    .join('');
}

/** GitHub's own paths have slashes on every system. */
function pathFrom(root: string, file: string): string {
  const path = relative(root, file);
  return path === '' || path.startsWith('..') ? file : path.split(sep).join('/');
}

/** As the runner takes it apart again (actions/runner, ActionCommand.cs). */
function escapeData(text: string): string {
  return printable(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
