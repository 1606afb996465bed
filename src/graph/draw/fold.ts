/** Folds long chains of a drawing, so that what branches, merges or changes its state can be seen. */

import type { LaneRow } from './lanes.js';

/** A row, or the number of rows that were folded into one, with the first of them. */
export type FoldedRow = { row: LaneRow; folded?: number };

/** Shorter chains are shown whole. */
const leastFolded = 8;

/** How many rows stay at each end of a chain. */
const keptRows = 2;

/**
 * @param rows in their order.
 * @param groupOf rows are folded only with neighbours of the same group.
 */
export function foldChains(rows: readonly LaneRow[], groupOf: (id: string) => string): FoldedRow[] {
  const isLink = (at: number) => isStraight(rows[at - 1], rows[at]);
  const isSame = (at: number, other: number) =>
    groupOf((rows[at] as LaneRow).id) === groupOf((rows[other] as LaneRow).id);
  const isInside = (at: number) => isLink(at) && isLink(at + 1) && isSame(at, at - 1) && isSame(at, at + 1);
  const folded: FoldedRow[] = [];
  for (let at = 0; at < rows.length; ) {
    let end = at;
    while (isInside(end)) end += 1;
    const hidden = end - at - 2 * (keptRows - 1);
    const first = at + keptRows - 1;
    if (hidden < leastFolded) {
      folded.push({ row: rows[at] as LaneRow });
      at += 1;
      continue;
    }
    folded.push(...rows.slice(at, first).map((row) => ({ row })));
    folded.push({ row: rows[first] as LaneRow, folded: hidden });
    at = first + hidden;
    folded.push(...rows.slice(at, end).map((row) => ({ row })));
    at = end;
  }
  return folded;
}

/** Whether the second is drawn right below the first, without any other edge. */
function isStraight(above: LaneRow | undefined, row: LaneRow | undefined): boolean {
  if (!above || !row?.isContinued || row.lane !== above.lane) return false;
  return row.span[0] === row.span[1] && row.unlinked.length === 0;
}
