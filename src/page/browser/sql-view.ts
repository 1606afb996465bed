/** Shows SQL with numbered lines and colours. */

import { visible } from '../../outside-text.js';
import type { PageFile, PagePlace } from '../page-data.js';
import { element } from './elements.js';
import { colourSql } from './sql-tokens.js';

/** @param file its lines are found again by `lineId`. */
export function showSql(file: PagePlace['file'], { path, text, omitted }: PageFile): HTMLElement {
  const lines = linesOf(text.replace(/\s+$/, '')).map((parts, index) =>
    element('li', { attributes: { id: lineId({ file, line: index + 1 }) } }, ...parts),
  );
  return element(
    'section',
    { class: 'sql' },
    element('h3', {}, visible(path)),
    element('ol', {}, ...lines),
    ...(omitted > 0 ? [element('p', { class: 'note' }, `… ${omitted} more characters are left out.`)] : []),
  );
}

export function lineId({ file, line }: PagePlace): string {
  return `${file}-${line}`;
}

/** What is invisible, or changes the writing direction, is shown by its code. */
function linesOf(sql: string): Node[][] {
  const lines: Node[][] = [[]];
  for (const { kind, text } of colourSql(sql)) {
    for (const [index, line] of text.split(/\r?\n/).entries()) {
      if (index > 0) lines.push([]);
      if (line !== '') lines.at(-1)?.push(element('span', { class: `sql-${kind}` }, visible(line)));
    }
  }
  return lines;
}
