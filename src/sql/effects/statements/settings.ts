/** Names the properties that ALTER statements set, with their values as texts. */

import type { Node } from '@pgsql/types';
import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import { textOfNode } from '../../syntax/text-of-node.js';
import { everyProperty, type StatementSettings } from '../effect.js';

/** `(fillfactor = 70)`: one property for each option; without a value it is true (defGetString). */
export function optionSettings(options: Node | readonly Node[] | undefined): StatementSettings {
  return Object.fromEntries(
    elementsOf(options).map(({ defnamespace, defname, arg }) => [
      `option ${[defnamespace, defname].filter(Boolean).join('.')}`,
      textOfNode(arg ?? { String: { sval: 'true' } }),
    ]),
  );
}

/** RESET (fillfactor): the same properties without values. */
export function resetOptions(options: Node | undefined): StatementSettings {
  return Object.fromEntries(Object.keys(optionSettings(options)).map((name) => [name, '']));
}

/** `OPTIONS (ADD host 'a', DROP port)` of servers and their like: what each option is afterwards. */
export function genericSettings(options: Node | readonly Node[] | undefined): StatementSettings {
  return Object.fromEntries(
    elementsOf(options).map(({ defname, defaction, arg }) => [
      `option ${defname}`,
      defaction === 'DEFELEM_DROP' ? '' : textOfNode(arg),
    ]),
  );
}

/** Options of functions, types and statistics, each a property of its own; SET and RESET concern one parameter, which has no value after the latter. */
export function attributeSettings(options: readonly Node[] | undefined): StatementSettings {
  return Object.fromEntries(
    nodesOf(options, 'DefElem').map(({ defname = '', arg }) => {
      const setting = nodeOf(arg, 'VariableSetStmt');
      if (!setting) return [defname, textOfNode(arg)];
      const value =
        setting.kind === 'VAR_RESET' || setting.kind === 'VAR_SET_DEFAULT' ? '' : textOfNode(setting);
      return [setting.name ? `set ${setting.name.toLowerCase()}` : everyProperty, value];
    }),
  );
}

/** Options of a sequence; RESTART gives it a value and no property. */
export function sequenceSettings(options: readonly Node[] | undefined): StatementSettings {
  const found: Record<string, string> = {};
  for (const { defname = '', arg } of nodesOf(options, 'DefElem')) {
    if (defname === 'restart') continue;
    found[defname] = textOfNode(arg);
    const direction = directionOf(defname, arg);
    if (direction) found.direction = direction;
  }
  return found;
}

/** NO MAXVALUE means what the direction allows; whatever the type is by then, its limits are those of the type (init_params in commands/sequence.c). */
function directionOf(defname: string, arg: Node | undefined): string | undefined {
  if (defname === 'maxvalue' || defname === 'minvalue') return arg === undefined ? 'asked for' : undefined;
  return defname === 'increment' && textOfNode(arg).includes('-') ? 'down' : undefined;
}

function elementsOf(options: Node | readonly Node[] | undefined) {
  const list = Array.isArray(options) ? options : nodeOf(options as Node | undefined, 'List')?.items;
  return nodesOf(list, 'DefElem');
}
