/** The screen of commands that report findings: one line each, as compilers write them. */

import type { Finding, Severity } from '../../findings.js';
import { outsideText } from '../../outside-text.js';
import { formatLocation, shortPath } from './excerpt.js';
import type { Style } from './style.js';

interface FindingSetting {
  cwd: string;
  style: Style;
  /** Shows the line of the file below each finding. */
  isVerbose: boolean;
}

/** `file:line:column: severity[code]: message. Help.`; what is in no file begins with its severity. */
export function formatFindings(findings: readonly Finding[], setting: FindingSetting): string {
  return findings.map((finding) => `${linesOf(finding, setting).join('\n')}\n`).join('');
}

/** The message with its help and its evidence as one line, for people. */
export function sentencesOf({
  message,
  help,
  evidence,
}: Pick<Finding, 'message' | 'help' | 'evidence'>): string {
  const stop = message.endsWith('?') ? '' : '.';
  const more = [help, evidence && `${evidence.message}.`].filter((text) => text !== undefined);
  return outsideText(more.length === 0 ? message : `${message}${stop} ${more.join(' ')}`);
}

function linesOf(finding: Finding, { cwd, style, isVerbose }: FindingSetting): string[] {
  const { location, severity, code } = finding;
  const place = location ? `${shortPath(location.file, cwd)}:${location.line}:${location.column}: ` : '';
  const line = `${place}${paint(severity, style)(`${severity}[${code}]`)}: ${oneLine(sentencesOf(finding))}`;
  const own = isVerbose && location?.sourceLine ? formatLocation(location, cwd).slice(1) : [];
  return [line, ...own, ...(isVerbose ? relatedLines(finding, cwd) : [])];
}

/** The other places, as compilers write their notes. */
function relatedLines({ related = [] }: Finding, cwd: string): string[] {
  return related.flatMap(({ message, location }) => {
    const [place = '', ...excerpt] = formatLocation(location, cwd);
    return [`${place}: note: ${oneLine(message)}`, ...excerpt];
  });
}

function paint(severity: Severity, style: Style): (text: string) => string {
  const colours = { error: style.red, warning: style.yellow, info: style.cyan };
  return colours[severity];
}

/** Names of files may hold line ends. */
function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ');
}
