/** Lays a graph out in rows and lanes: one row for each migration, from the first to be applied to the last. */

import { type DrawnNode, findDrawnEnds } from './drawn-ends.js';

/**
 * What one lane shows in a row. `pass`: a parent's line passes. `branch`: it passes, and an edge leaves it to the row's node.
 * `end`: it ends in an edge to the row's node. `across`: an edge crosses the empty lane.
 */
export type LaneCell = 'empty' | 'node' | 'pass' | 'branch' | 'end' | 'across';

export interface LaneRow {
  id: string;
  /** The lane of the node, counted from 0. */
  lane: number;
  cells: readonly LaneCell[];
  /** The first and last lane of the row's edges: a horizontal line connects them. */
  span: readonly [first: number, last: number];
  /** Whether the node continues the line of the row above in its own lane. */
  isContinued: boolean;
  /** Whether the node's own line goes on below it. */
  isOpen: boolean;
  /** Parents without a line to this row, because there were not enough lanes. */
  unlinked: readonly string[];
}

/**
 * A lane belongs to one node, from its row to the row of its last child. A child takes over the lane of a parent that has
 * no later child; any other gets a free lane. No lane continues a line that it has no edge to.
 * @param nodes parents before their children.
 * @param maxLines how many lines run beside each other at most. Where there are more, those that are needed latest are cut.
 */
export function layOutLanes(nodes: readonly DrawnNode[], maxLines: number): LaneRow[] {
  const ends = findDrawnEnds(nodes, maxLines);
  const lanes: Lane[] = [];
  return nodes.map((node, row) => {
    const laid = placeNode(node, { row, lanes, ends });
    for (const [lane, cell] of laid.cells.entries()) if (cell === 'end') lanes[lane] = undefined;
    lanes[laid.lane] = laid.isOpen ? { owner: node.id } : { closedIn: row };
    return laid;
  });
}

/** The node whose line it is, or the row of a node without a line below it. */
type Lane = { owner: string } | { closedIn: number } | undefined;

interface Place {
  row: number;
  lanes: readonly Lane[];
  /** The row in which the line of each node ends. */
  ends: ReadonlyMap<string, number>;
}

function placeNode({ id, parents }: DrawnNode, { row, lanes, ends }: Place): LaneRow {
  const linked = parents.filter((parent) => (ends.get(parent) ?? 0) >= row);
  const laneOf = new Map(lanes.flatMap((lane, index) => (isOwned(lane) ? [[lane.owner, index]] : [])));
  const parentLanes = linked.map((parent) => laneOf.get(parent) as number);
  const ending = linked.filter((parent) => ends.get(parent) === row);
  const taken = ending.map((parent) => laneOf.get(parent) as number);
  const lane = taken.length > 0 ? Math.min(...taken) : findFree(lanes, row, parentLanes);
  const span = [Math.min(lane, ...parentLanes), Math.max(lane, ...parentLanes)] as const;
  const cellOf = (index: number): LaneCell => {
    if (index === lane) return 'node';
    if (taken.includes(index)) return 'end';
    if (parentLanes.includes(index)) return 'branch';
    if (isOwned(lanes[index])) return 'pass';
    return index > span[0] && index < span[1] ? 'across' : 'empty';
  };
  const width = Math.max(lanes.length, lane + 1);
  return {
    id,
    lane,
    cells: Array.from({ length: width }, (_, index) => cellOf(index)),
    span,
    isContinued: taken.length > 0,
    isOpen: (ends.get(id) ?? row) > row,
    unlinked: parents.filter((parent) => !linked.includes(parent)),
  };
}

function isOwned(lane: Lane): lane is { owner: string } {
  return lane !== undefined && 'owner' in lane;
}

/** The free lane nearest to the parents. A node right below one that ends its lane would look like its child. */
function findFree(lanes: readonly Lane[], row: number, parentLanes: readonly number[]): number {
  const isFree = (lane: Lane) => lane === undefined || (!isOwned(lane) && lane.closedIn < row - 1);
  const free = [...lanes.keys(), lanes.length].filter((index) => isFree(lanes[index]));
  const reach = (index: number) =>
    Math.max(index, ...parentLanes) - Math.min(index, ...(parentLanes.length > 0 ? parentLanes : [0]));
  return free.reduce((best, index) => (reach(index) < reach(best) ? index : best));
}
