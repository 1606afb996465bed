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

const everything: ChangedSetting = { name: undefined, value: undefined, isReset: true };

/** Of set_config a null means the default (guc_funcs.c, set_config_by_name). A name that is put together may be any. */
function readCall({ FuncCall: call }: Record<string, unknown>): ChangedSetting[] {
  const { funcname, args = [] } = (call as FuncCall | undefined) ?? {};
  if (namePartsOf(funcname).at(-1) !== 'set_config') return [];
  const name = literalOf(args[0])?.toLowerCase();
  if (name === undefined) return [];
  const isReset = nodeOf(args[1], 'A_Const')?.isnull === true;
  return [{ name, value: literalOf(args[1]), isReset }];
}
