/** Writes a report as an HTML page. Whatever migrations contain stays text in it. */

import { printableLine } from '../../outside-text.js';
import type { Block, Inline } from './blocks.js';

const style = `
  :root { color-scheme: light dark; }
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
  code { font: 13px ui-monospace, monospace; overflow-wrap: anywhere; }
  table { border-collapse: collapse; }
  th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.7rem; border: 1px solid #8888; }
  svg { max-width: 100%; }
`;

/** A whole document that needs no other file. Ends with a line break. */
export function writeHtml(blocks: readonly Block[]): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  const [first] = blocks;
  const title = first?.kind === 'heading' ? first.text : '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
${blocks.map(writeBlock).join('\n')}
</body>
</html>
`;
}

function writeBlock(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `<h${block.level}>${escapeHtml(block.text)}</h${block.level}>`;
    case 'paragraph':
      return `<p>${writeParts(block.parts)}</p>`;
    case 'list':
      return `<ul>\n${block.items.map((parts) => `<li>${writeParts(parts)}</li>`).join('\n')}\n</ul>`;
    case 'table':
      return writeTable(block.head, block.rows);
    case 'graph':
      return block.svg;
  }
}

function writeTable(head: readonly string[], rows: readonly (readonly (readonly Inline[])[])[]): string {
  const heads = head.map((text) => `<th>${escapeHtml(text)}</th>`).join('');
  const lines = rows.map(
    (cells) => `<tr>${cells.map((parts) => `<td>${writeParts(parts)}</td>`).join('')}</tr>`,
  );
  return `<table>\n<tr>${heads}</tr>\n${lines.join('\n')}\n</table>`;
}

function writeParts(parts: readonly Inline[]): string {
  return parts.map(writePart).join('');
}

function writePart(part: Inline): string {
  if (typeof part === 'string') return escapeHtml(part);
  return 'code' in part
    ? `<code>${escapeHtml(part.code)}</code>`
    : `<strong>${escapeHtml(part.bold)}</strong>`;
}

function escapeHtml(text: string): string {
  return printableLine(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
