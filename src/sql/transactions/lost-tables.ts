/** Finds temporary tables, views and sequences that went with a session, and who still needs them. */

import type { Node, RangeVar } from '@pgsql/types';
import { literalOf, nodeOf } from '../syntax/node-of.js';
import { namePartsOf } from '../syntax/object-names.js';
import { nodesIn, objectsIn } from '../syntax/objects-in.js';
import type { Statement } from '../syntax/parse.js';

/** Numbers are those of statements, counted from 1. */
export interface LostTable {
  name: string;
  madeBy: number;
  neededBy: number;
}

const temporarySchema = 'pg_temp';

/**
 * The first table, view or sequence that a finished statement has made in `pg_temp` and a later one names: in another session the name
 * means nothing, or a table that is not meant.
 * @param finished how many statements ran in the session that has ended.
 * @param seen what else that session had in the end, and behind which statement first.
 */
export function findNeededTable(
  statements: readonly Pick<Statement, 'node'>[],
  finished: number,
  seen: ReadonlyMap<string, number> = new Map(),
): LostTable | undefined {
  const lost = new Map([...seen, ...findTemporary(statements.slice(0, finished))]);
  for (const [index, { node }] of statements.slice(finished).entries()) {
    if (lost.size === 0) return undefined;
    const made = madeBy(node);
    if (made !== undefined) lost.delete(made);
    const name =
      namesIn(node).find((one) => lost.has(one)) ?? [...lost.keys()].find((one) => says(node, one));
    if (name !== undefined) return { name, madeBy: lost.get(name) as number, neededBy: finished + index + 1 };
  }
  return undefined;
}

/** What is there behind these statements, and which one made it. */
function findTemporary(statements: readonly Pick<Statement, 'node'>[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const [index, { node }] of statements.entries()) {
    if (nodeOf(node, 'DiscardStmt')) found.clear();
    for (const name of droppedBy(node)) found.delete(name);
    const renamed = nodeOf(node, 'RenameStmt');
    const from = renamed?.renameType === 'OBJECT_TABLE' ? (renamed.relation?.relname ?? '') : '';
    const made = found.delete(from) ? renamed?.newname : madeBy(node);
    if (made !== undefined) found.set(made, index + 1);
  }
  return found;
}

/** The name of what the statement makes in the temporary schema, and leaves there at its COMMIT. */
function madeBy(node: Node): string | undefined {
  const table = nodeOf(node, 'CreateStmt');
  const into = nodeOf(node, 'CreateTableAsStmt')?.into ?? nodeOf(node, 'SelectStmt')?.intoClause;
  if ((table?.oncommit ?? into?.onCommit) === 'ONCOMMIT_DROP') return undefined;
  const made =
    table?.relation ?? into?.rel ?? nodeOf(node, 'ViewStmt')?.view ?? nodeOf(node, 'CreateSeqStmt')?.sequence;
  return made && isTemporary(made) ? made.relname : undefined;
}

function isTemporary({ relpersistence, schemaname }: RangeVar): boolean {
  return relpersistence === 't' || schemaname === temporarySchema;
}

function droppedBy(node: Node): string[] {
  const objects = nodeOf(node, 'DropStmt')?.objects ?? [];
  return objects.flatMap((object) => unqualified(namePartsOf(nodeOf(object, 'List')?.items)));
}

function namesIn(node: Node): string[] {
  // In some places a RangeVar has no wrapping.
  const ranges = [...objectsIn(node)].filter((object) => 'relpersistence' in object) as RangeVar[];
  const names = ranges.flatMap(({ schemaname, relname = '' }) =>
    unqualified(schemaname === undefined ? [relname] : [schemaname, relname]),
  );
  return [...names, ...droppedBy(node)];
}

/** A name with another schema means another object. */
function unqualified(parts: readonly string[]): string[] {
  const [name, schema = temporarySchema] = [...parts].reverse();
  return name !== undefined && schema === temporarySchema ? [name] : [];
}

/** A block of code names tables in its text, and functions such as `nextval` in a literal. */
function says(node: Node, name: string): boolean {
  const word = new RegExp(`(?<![\\w$])${name.replace(/[^\w]/g, '\\$&')}(?![\\w$])`, 'i');
  const bodies = nodesIn(nodeOf(node, 'DoStmt'), 'DefElem').map(
    ({ arg }) => nodeOf(arg, 'String')?.sval ?? '',
  );
  const literals = nodesIn(node, 'FuncCall').flatMap(({ args = [] }) =>
    args.map((arg) => literalOf(arg) ?? ''),
  );
  return [...bodies, ...literals].some((text) => word.test(text));
}
