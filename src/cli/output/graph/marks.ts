/** The marks that stand for states in the graph's drawing. */

import { hasOtherSql } from '../../../engine/ledger/migration-status.js';
import type { GraphMigration } from '../../../index.js';
import type { Style } from '../style.js';

export type GraphMark = 'applied' | 'changed' | 'missing' | 'running' | 'pending' | 'unknown';

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

export function markOf({ status }: GraphMigration): GraphMark {
  if (!status) return 'unknown';
  if (status.running) return 'running';
  if (status.state === 'missing') return 'missing';
  if (hasOtherSql(status)) return 'changed';
  return status.state === 'applied' ? 'applied' : 'pending';
}

export function markGlyph(mark: GraphMark, { isAscii }: { isAscii: boolean }): string {
  return isAscii ? marks[mark].ascii : marks[mark].box;
}
