/** Reads the values of options such as `CONCURRENTLY FALSE` and `FULL off`, which grammars pass on as lists of DefElem. */

import type { Node } from '@pgsql/types';
import { nodeOf, nodesOf } from '../syntax/node-of.js';
import { namePartsOf } from '../syntax/object-names.js';

/**
 * The value of a yes-or-no option as defGetBoolean reads it (commands/define.c): the last one counts, and a bare name means yes.
 * @returns undefined where the option is not written
 */
export function readOption(options: readonly Node[] | undefined, name: string): boolean | undefined {
  const last = nodesOf(options, 'DefElem').findLast(({ defname }) => defname === name);
  return last && isYes(last.arg);
}

/** Whether a yes-or-no option is written and switched on. */
export function isOptionOn(options: readonly Node[] | undefined, name: string): boolean {
  return readOption(options, name) === true;
}

function isYes(value: Node | undefined): boolean {
  if (value === undefined) return true;
  const flag = nodeOf(value, 'Boolean');
  if (flag) return flag.boolval === true;
  const number = nodeOf(value, 'Integer');
  if (number) return number.ival === 1;
  const words = nodeOf(value, 'TypeName')?.names ?? [value];
  return !['false', 'off'].includes(namePartsOf(words).at(-1)?.toLowerCase() ?? '');
}
