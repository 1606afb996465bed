/** Reports unset variables in values, without repeating text that may be part of a password. */

import type { Problem } from '../../errors.js';
import type { MissingVariable } from './expand.js';

/** As variables are named by convention; `$` in front of anything else may be the beginning of a password. */
const conventionalName = /^[A-Z][A-Z0-9_]*$/;
const nameOfPassword = /^(?:[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|PG[A-Z]+)$/;

/**
 * @param value its name in messages, and whether it is a password as a whole.
 */
export function missingVariable(
  variable: MissingVariable,
  { origin, isPassword }: { origin: string; isPassword: boolean },
): Pick<Problem, 'message' | 'help'> {
  const state = variable.isEmpty ? 'which is empty' : 'which is not set';
  const { name } = variable;
  if (canBeNamed(variable, isPassword)) {
    return {
      message: `${origin} needs the environment variable ${name}, ${state}`,
      help: `Set ${name}, or write \${${name}:-default} to have a default.`,
    };
  }
  return {
    message: `${origin} refers to an environment variable, ${state}`,
    help: 'Set the variable. If the dollar sign belongs to the value, write `$$`.',
  };
}

/** `pa$word` is a password rather than a reference, and `postgres://app:${DB_PASSWORD}@host` is none. */
function canBeNamed({ name, isWhole, isBracedApart }: MissingVariable, isPassword: boolean): boolean {
  if (isBracedApart) return isWhole || !isPassword;
  return isWhole && (isPassword ? nameOfPassword : conventionalName).test(name);
}
