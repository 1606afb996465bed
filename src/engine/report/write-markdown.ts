/** Writes a report as Markdown for pull requests. Whatever migrations contain stays text in it. */

import { printableLine } from '../../outside-text.js';
import type { Block, Inline } from './blocks.js';

/** GitHub and GitLab take no longer comments than 65,536 characters. */
const maxCharacters = 60_000;

const cutNotice = 'The report is longer than a comment may be. Run `kat report` to see all of it.\n';

/** Ends with a line break. */
export function writeMarkdown(blocks: readonly Block[]): string {
  const texts: string[] = [];
  let length = 0;
  for (const text of blocks.map(writeBlock)) {
    length += text.length + 1;
    if (length > maxCharacters) return [...texts, cutNotice].join('\n');
    texts.push(text);
  }
  return texts.join('\n');
}

function writeBlock(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${escapeText(block.text)}\n`;
    case 'paragraph':
      return `${writeParts(block.parts)}\n`;
    case 'list':
      return `${block.items.map((parts) => `- ${writeParts(parts)}`).join('\n')}\n`;
    case 'table':
      return writeTable(block.head, block.rows);
    case 'graph':
      return `\`\`\`mermaid\n${block.mermaid}\`\`\`\n`;
  }
}

function writeTable(head: readonly string[], rows: readonly (readonly (readonly Inline[])[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(head.map(escapeText)),
    line(head.map(() => '---')),
    // GitHub splits cells at every bar, also inside of code.
    ...rows.map((cells) => line(cells.map((parts) => writeParts(parts).replaceAll(/\\?\|/g, '\\|')))),
    '',
  ].join('\n');
}

function writeParts(parts: readonly Inline[]): string {
  return parts.map(writePart).join('');
}

function writePart(part: Inline): string {
  if (typeof part === 'string') return escapeText(part);
  return 'code' in part ? writeCode(part.code) : `**${escapeText(part.bold)}**`;
}

/** Names of people and teams would call them, whatever comes before: an invisible character keeps them apart. */
function escapeText(text: string): string {
  return printableLine(text)
    .replace(/[\\`*_{}[\]<>#|~&]/g, String.raw`\$&`)
    .replaceAll('@', '@&#8203;');
}

/** Between more backquotes than it contains. */
function writeCode(text: string): string {
  const line = printableLine(text);
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  const padding = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${padding}${line}${padding}${fence}`;
}
