/** Reads which settings of the session a statement changes: by SET, RESET, DISCARD ALL and calls of set_config. */

import type { FuncCall, Node } from '@pgsql/types';
import { literalOf, nodeOf } from '../syntax/node-of.js';
import { namePartsOf } from '../syntax/object-names.js';
import { objectsIn } from '../syntax/objects-in.js';

/** One setting, or all of them. */
export interface ChangedSetting {
  /** In small letters; undefined for RESET ALL and DISCARD ALL. */
  name: string | undefined;
  /** As it is written; undefined where it becomes the default, or is known only when it runs. */
  value: string | undefined;
  /** Whether it becomes the default of the session. */
  isReset: boolean;
}

/** In the order of the tree; without calls whose setting is known only when they run. */
export function settingsOf(node: Node): ChangedSetting[] {
  if (nodeOf(node, 'DiscardStmt')?.target === 'DISCARD_ALL') return [everything];
  const set = nodeOf(node, 'VariableSetStmt');
  if (!set) return 'SelectStmt' in node ? [...objectsIn(node)].flatMap(readCall) : [];
  if (set.kind === 'VAR_RESET_ALL') return [everything];
  if (set.kind === 'VAR_SET_CURRENT' || set.name === undefined) return [];
  const isReset = set.kind !== 'VAR_SET_VALUE';
  return [{ name: set.name.toLowerCase(), value: isReset ? undefined : literalOf(set.args?.[0]), isReset }];
}

/** What a SELECT of nothing but values has, as the parser writes it. */
const plainSelect: ReadonlySet<string> = new Set(['targetList', 'limitOption', 'op']);

/** Whether this does the same as SET: it calls set_config for the session, with names and values that are written there, and does nothing else. */
export function isSetConfig(node: Node): boolean {
  const select = nodeOf(node, 'SelectStmt');
  const targets = select?.targetList ?? [];
  if (!select || targets.length === 0 || !Object.keys(select).every((key) => plainSelect.has(key)))
    return false;
  return targets.every((target) => isPlainCall(nodeOf(nodeOf(target, 'ResTarget')?.val, 'FuncCall')));
}

function isPlainCall(call: FuncCall | undefined): boolean {
  const [name, value, isLocal] = call?.args ?? [];
  const [last, schema = 'pg_catalog'] = namePartsOf(call?.funcname).reverse();
  const isWritten = literalOf(name) !== undefined && (literalOf(value) !== undefined || isNull(value));
  const flag = nodeOf(isLocal, 'A_Const')?.boolval;
  return last === 'set_config' && schema === 'pg_catalog' && isWritten && flag !== undefined && !flag.boolval;
}

function isNull(node: Node | undefined): boolean {
  return nodeOf(node, 'A_Const')?.isnull === true;
}

const everything: ChangedSetting = { name: undefined, value: undefined, isReset: true };

/** Of set_config a null means the default (guc_funcs.c, set_config_by_name). A name that is put together may be any. */
function readCall({ FuncCall: call }: Record<string, unknown>): ChangedSetting[] {
  const { funcname, args = [] } = (call as FuncCall | undefined) ?? {};
  if (namePartsOf(funcname).at(-1) !== 'set_config') return [];
  const name = literalOf(args[0])?.toLowerCase();
  if (name === undefined) return [];
  return [{ name, value: literalOf(args[1]), isReset: isNull(args[1]) }];
}
