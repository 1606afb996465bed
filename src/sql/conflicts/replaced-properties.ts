/** Tells what OR REPLACE takes back of what another migration has set. */

import { type Effect, everyProperty } from '../effects/effect.js';
import { textOfNode } from '../syntax/text-of-node.js';

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

/** OR REPLACE also sets what it does not say; owner, privileges, comments and the state of a rule stay (CreateFunction, CreateTrigger, DefineView). */
export function isReset({ sets: replaced = {} }: Effect, { object, change, sets = {} }: Effect): boolean {
  if (change?.kind === 'firing') return object.kind === 'trigger' && change.state !== 'origin';
  if (change?.kind !== 'properties' && change?.kind !== 'storage options') return false;
  return Object.entries(sets).some(
    ([name, value]) => name !== everyProperty && (replaced[name] ?? defaults[name] ?? '') !== value,
  );
}
