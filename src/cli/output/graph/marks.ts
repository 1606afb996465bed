/** The marks that stand for states in the graph's drawing. */

import type { GraphMark } from '../../../engine/ledger/state-names.js';
import type { Style } from '../style.js';

interface Mark {
  box: string;
  ascii: string;
  colour: keyof Style;
}

/** All marks, in the order of the legend. */
export const marks: Readonly<Record<GraphMark, Mark>> = {
  applied: { box: '●', ascii: '*', colour: 'green' },
  changed: { box: '~', ascii: '~', colour: 'yellow' },
  missing: { box: '✗', ascii: 'x', colour: 'red' },
  running: { box: '▸', ascii: '>', colour: 'cyan' },
  pending: { box: '○', ascii: 'o', colour: 'yellow' },
  unknown: { box: '•', ascii: '@', colour: 'cyan' },
};

export function markGlyph(mark: GraphMark, { isAscii }: { isAscii: boolean }): string {
  return isAscii ? marks[mark].ascii : marks[mark].box;
}
