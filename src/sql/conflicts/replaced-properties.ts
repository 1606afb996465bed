/** Tells what OR REPLACE takes back of what another migration has set. */

import type { KeyAccess } from '../dependencies/access.js';
import { type Effect, everyProperty, type StatementSettings } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import { textOfNode } from '../syntax/text-of-node.js';
import { isDirect } from './roles.js';

const off = textOfNode({ Boolean: { boolval: false } });
const word = (sval: string) => textOfNode({ String: { sval } });
const number = (ival: number) => textOfNode({ Integer: { ival } });

/** What a function gets that is not said (compute_function_attributes in commands/functioncmds.c); the cost is that of languages but C. */
const defaults: Readonly<Record<string, string>> = {
  volatility: word('volatile'),
  parallel: word('unsafe'),
  strict: off,
  security: off,
  leakproof: off,
  cost: number(100),
  rows: number(1000),
};

/** What the accesses to an object, or to its overload with these arguments, leave set. */
export function leftSettings(accesses: readonly KeyAccess[], args: string | undefined): StatementSettings {
  const own = accesses.filter((access) => isDirect(access) && access.effect?.object.args === args);
  const last = own.map(({ effect }) => effect?.isReplacement === true).lastIndexOf(true);
  return Object.assign({}, ...own.slice(Math.max(last, 0)).map(({ effect }) => effect?.sets));
}

/** What the accesses to a key leave set of those properties that an effect sets. */
export function finalSets(
  accesses: readonly KeyAccess[],
  { object, sets }: Effect,
): StatementSettings | undefined {
  if (!sets) return undefined;
  const own = accesses.filter(
    ({ effect }) => effect && keyOf(effect.object) === keyOf(object) && effect.object.args === object.args,
  );
  const all: StatementSettings = Object.assign({}, ...own.map(({ effect }) => effect?.sets));
  return Object.fromEntries(Object.entries(sets).map(([name, value]) => [name, all[name] ?? value]));
}

/**
 * OR REPLACE also sets what it does not say; owner, privileges, comments and the state of a rule stay (CreateFunction, CreateTrigger,
 * DefineView).
 * @param replaced what the migration with OR REPLACE leaves set
 * @param altered what the other leaves set
 */
export function isReset(
  replaced: StatementSettings,
  altered: StatementSettings,
  { object, change, sets = {} }: Effect,
): boolean {
  if (change?.kind === 'firing') return object.kind === 'trigger' && change.state !== 'origin';
  if (change?.kind !== 'properties' && change?.kind !== 'storage options') return false;
  const settingOf = (settings: StatementSettings, name: string) => settings[name] ?? defaults[name] ?? '';
  return Object.keys(sets).some(
    (name) => name !== everyProperty && settingOf(replaced, name) !== settingOf(altered, name),
  );
}
