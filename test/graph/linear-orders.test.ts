import fc from 'fast-check';
import { expect, it } from 'vitest';
import { buildGraph, type Graph } from '../../src/graph/graph.js';
import { chooseOrders, countCovered, swapAt, swapsBetween } from '../../src/graph/linear-orders.js';

/** Each migration follows some of those before it. */
const graphs = fc
  .array(fc.array(fc.nat({ max: 11 }), { maxLength: 3 }), { minLength: 1, maxLength: 12 })
  .map((lists) =>
    buildGraph(
      lists.map((list, index) => ({
        id: `${index + 1}_m`,
        timestamp: String(index + 1),
        name: 'm',
        parents: [...new Set(list.filter((one) => one < index))].map((one) => ({
          text: String(one + 1),
          line: 1,
          column: 1,
        })),
        noTransaction: false,
        files: { up: '', down: '', metadata: '' },
      })),
    ),
  );

function isAllowed(graph: Graph, order: readonly string[]): boolean {
  const isComplete = order.length === graph.migrations.length && new Set(order).size === order.length;
  return (
    isComplete &&
    order.every((id, place) => [...graph.ancestors(id)].every((one) => order.indexOf(one) < place))
  );
}

it('chooses different orders that the graph allows, the usual one first, the same for a seed', () => {
  fc.assert(
    fc.property(graphs, fc.nat(), (graph, seed) => {
      const orders = chooseOrders(graph, { count: 6, seed });
      const { pairs, covered } = countCovered(graph, orders);
      expect(orders.every((order) => isAllowed(graph, order))).toBe(true);
      expect(orders[0]).toEqual(graph.migrations.map(({ id }) => id));
      expect(new Set(orders.map((order) => order.join())).size).toBe(orders.length);
      expect(covered).toBeLessThanOrEqual(pairs);
      expect(orders.length > 1).toBe(pairs > 0);
      expect(chooseOrders(graph, { count: 6, seed })).toEqual(orders);
    }),
  );
});

it('walks from one order to another by swaps that the graph allows', () => {
  fc.assert(
    fc.property(graphs, fc.nat(), (graph, seed) => {
      const orders = chooseOrders(graph, { count: 6, seed });
      const [from = [], to = from] = [orders[0], orders.at(-1)];
      const swaps = swapsBetween(from, to);
      expect(swapAt(from, swaps)).toEqual(to);
      for (let length = 0; length < swaps.length; length += 1) {
        expect(isAllowed(graph, swapAt(from, swaps.slice(0, length)))).toBe(true);
      }
    }),
  );
});

it('runs every pair of independent migrations both ways round with two orders', () => {
  const graph = buildGraph(
    Array.from({ length: 9 }, (_, index) => ({
      ...{ id: `${index + 1}_m`, timestamp: String(index + 1), name: 'm', parents: [], noTransaction: false },
      files: { up: '', down: '', metadata: '' },
    })),
  );
  const orders = chooseOrders(graph, { count: 2, seed: 1 });
  expect(countCovered(graph, orders)).toEqual({ pairs: 36, covered: 36 });
  expect(countCovered(graph, orders.slice(1))).toEqual({ pairs: 36, covered: 0 });
});
