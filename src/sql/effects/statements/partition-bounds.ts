/** Reads which rows a partition is for, as far as its bounds are literals. */

import type { Node, PartitionBoundSpec } from '@pgsql/types';
import { literalOf, nodeOf, nodesOf } from '../../syntax/node-of.js';
import type { Bound, PartitionBounds } from '../effect-details.js';

/** @returns undefined where some value is no literal. */
function boundsOf(node: PartitionBoundSpec | Node | undefined): PartitionBounds | undefined {
  const spec = node && 'PartitionBoundSpec' in node ? node.PartitionBoundSpec : (node as PartitionBoundSpec);
  if (!spec) return undefined;
  if (spec.is_default) return { kind: 'default' };
  if (spec.strategy === 'h')
    return { kind: 'hash', modulus: spec.modulus ?? 0, remainder: spec.remainder ?? 0 };
  if (spec.strategy === 'l') {
    const values = all((spec.listdatums ?? []).map(datumOf));
    return values && { kind: 'list', values };
  }
  const [from, to] = [all((spec.lowerdatums ?? []).map(endOf)), all((spec.upperdatums ?? []).map(endOf))];
  return from && to && { kind: 'range', from, to };
}

function datumOf(node: Node): string | undefined {
  return nodeOf(node, 'A_Const')?.isnull ? 'null' : quoted(literalOf(node));
}

/** So that the text `null` is not NULL. */
function quoted(literal: string | undefined): string | undefined {
  return literal === undefined ? undefined : `'${literal}`;
}

/** MINVALUE and MAXVALUE stand as columns until the bound is analysed (gram.y, transformPartitionRangeBounds). */
function endOf(node: Node): Bound | undefined {
  const word = nodesOf(nodeOf(node, 'ColumnRef')?.fields, 'String')[0]?.sval;
  if (word === 'minvalue') return -1;
  if (word === 'maxvalue') return 1;
  return literalOf(node);
}

function all<Value>(values: readonly (Value | undefined)[]): Value[] | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length ? known : undefined;
}

/** The same as a part of an effect. */
export function partitionBounds(node: PartitionBoundSpec | Node | undefined): { bounds?: PartitionBounds } {
  const bounds = boundsOf(node);
  return bounds ? { bounds } : {};
}
