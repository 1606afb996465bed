/** Formats explanations for the terminal. */

import { fitPieces } from '../output/graph/fit-pieces.js';
import type { Style } from '../output/style.js';
import type { Explanation } from './explanations.js';

/** Each explanation with its kind and its page. */
export function formatExplanations(found: readonly Explanation[], style: Style): string {
  return found
    .map(({ code, kind, summary, text, page }) => {
      const body = text.includes(summary) ? text : `${summary}\n\n${text}`.trim();
      return `${style.bold(code)} (${formatLine(kind)})\n\n${formatMarkdown(body, style)}\n\n${style.dim(`See ${page}.`)}\n`;
    })
    .join('\n');
}

/** One line for each code, by kind. @param columns the terminal's width; undefined cuts nothing. */
export function formatCodes(
  all: readonly Explanation[],
  { style, columns }: { style: Style; columns: number | undefined },
): string {
  const kinds = [...new Set(all.map(groupOf))];
  const width = Math.max(0, ...all.map(({ code }) => code.length));
  const sections = kinds.map((group) => {
    const rows = all.filter((explanation) => groupOf(explanation) === group);
    const lines = rows.map(({ code, summary }) =>
      fitPieces([{ text: `  ${code.padEnd(width)}  ${formatLine(summary)}` }], columns),
    );
    return `${style.bold(formatLine(group))}\n${lines.join('\n')}\n`;
  });
  return sections.join('\n');
}

/** Rules of all severities belong together. */
function groupOf({ kind }: Explanation): string {
  return kind.replace(/,.*/, '');
}

/** Code blocks are indented, headings bold, tables lists, links without their targets. */
function formatMarkdown(text: string, style: Style): string {
  const parts = text.replace(/^<!--.*-->\n+/gm, '').split(/^```.*$/m);
  return parts
    .map((part, index) => (index % 2 === 1 ? indent(part) : formatProse(part, style)))
    .join('\n\n')
    .trim();
}

function indent(code: string): string {
  return code
    .replace(/^\n|\n$/g, '')
    .split('\n')
    .map((line) => `    ${line}`.trimEnd())
    .join('\n');
}

function formatProse(prose: string, style: Style): string {
  return prose
    .trim()
    .replace(/^(?:\|.*\n?)+/gm, formatTable)
    .split('\n')
    .map((line) => {
      const [, heading] = /^#+ (.*)$/.exec(line) ?? [];
      return heading === undefined ? formatLine(line) : style.bold(formatLine(heading));
    })
    .join('\n');
}

/** A table can be wider than the terminal, so each row becomes its first cell, with the other cells and their titles below. */
function formatTable(table: string): string {
  const [titles = [], , ...rows] = table.trim().split('\n').map(cellsOf);
  const lines = rows.flatMap(([first = '', ...others]) => [
    first,
    ...others.map((cell, index) => `    ${titles[index + 1]}: ${cell}`),
  ]);
  return `${lines.join('\n')}\n`;
}

function cellsOf(row: string): string[] {
  return row
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}

function formatLine(line: string): string {
  return line.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('**', '');
}
