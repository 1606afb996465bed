/** Checks the options of `plan` and `planSql`, which depend on the command that is planned. */

import type { Problem } from '../../errors.js';
import type { DownOptions, MoveOptions, RedoOptions, SyncOptions, UpOptions } from '../move-options.js';
import type { AssumedApplied } from '../plan/assumed-applied.js';
import { checkFields, checkValue, type Shape } from './check-fields.js';
import {
  choice,
  count,
  filledText,
  flag,
  isObject,
  jobs,
  names,
  texts,
  type ValueKind,
} from './value-kinds.js';

export const upFields: Shape<Pick<UpOptions, 'count' | 'to' | 'allowMissing'>> = {
  ...{ count, to: texts, allowMissing: flag },
};
export const downFields: Shape<Omit<DownOptions, keyof MoveOptions>> = {
  ...{ count, to: filledText, of: names, all: flag },
};
export const redoFields: Shape<Omit<RedoOptions, keyof MoveOptions>> = { of: names, modified: flag };
export const syncFields: Shape<Omit<SyncOptions, keyof MoveOptions>> = { modified: flag };

const fieldsOf = { up: upFields, down: downFields, redo: redoFields, sync: syncFields };

const moveNames = ['up', 'down', 'redo', 'sync'] as const;

const assumed: Shape<AssumedApplied> = { applied: texts, appliedIds: texts };

const scriptFields = { client: choice(['psql', 'any']), singleTransaction: flag };

/** @returns everything that is wrong with the options of one call. */
export function checkPlanOptions(name: 'plan' | 'planSql', value: unknown = {}): Problem[] {
  const move: unknown = (isObject(value) && Reflect.get(value, 'move')) || 'up';
  const known = moveNames.find((candidate) => candidate === move);
  if (!known) return checkValue(`move\` of \`${name}`, move, choice(moveNames));
  const shape: Readonly<Record<string, ValueKind>> = {
    ...(name === 'plan' && known === 'up' ? { jobs } : {}),
    ...{ move: choice(moveNames), ...fieldsOf[known], ...assumed },
    ...(name === 'planSql' ? scriptFields : {}),
  };
  return checkFields({ name, value }, shape);
}
