/** Checks migrations that are values, and keeps what writes into a migrations folder from them. */

import type { Problem } from '../../errors.js';
import type { MigrationText } from '../bundle/result.js';
import { type CheckCall, callChecks } from './check-calls.js';
import { checkFields, type Shape } from './check-fields.js';
import { flag, folder, isArrayOf, isObject, text, texts, type ValueKind } from './value-kinds.js';

const id: ValueKind = {
  expected: 'a migration id such as `1679012345_create_users`',
  accepts: (value) => typeof value === 'string' && /^\d+_[^/\\\0]+$/.test(value),
};

const shape: Shape<MigrationText> = {
  ...{ id, up: text, down: text, metadata: text, parents: texts, noTransaction: flag },
};

/** The migrations folder, or migrations as values. */
export const migrationsKind: ValueKind = {
  expected: 'a path, a URL of the protocol file: or an array of migrations',
  accepts: (value) => (Array.isArray(value) ? isArrayOf(value, isObject) : folder.accepts(value)),
};

/** @returns what is wrong with migrations that are values. */
export function checkMigrationTexts(migrations: unknown): Problem[] {
  if (!Array.isArray(migrations)) return [];
  const ids = migrations.map((value: object) => Reflect.get(value, 'id'));
  return migrations.flatMap((value: object, index) => [
    ...checkFields({ name: `migrations[${index}]`, value }, shape, ['id', 'up']),
    ...(ids.indexOf(ids[index]) < index ? [{ message: `\`migrations[${index}]\` repeats an \`id\`` }] : []),
  ]);
}

/** Methods that write into the folder, always or with one of these options. */
const writers: Partial<Record<keyof typeof callChecks, 'always' | readonly string[]>> = {
  add: 'always',
  merge: 'always',
  squash: 'always',
  baseline: 'always',
  import: 'always',
  inferParents: 'always',
  deps: ['write', 'fix'],
  lint: ['fix'],
  drift: ['adopt'],
};

/** As `callChecks`, for migrations that are values: what would write a migration is refused. */
export const bundleChecks = Object.fromEntries(
  Object.entries(callChecks).map(([name, check]: [string, CheckCall]) => [
    name,
    (args: readonly unknown[]) => [...check(args), ...refuseWriting(name as keyof typeof callChecks, args)],
  ]),
) as Readonly<Record<keyof typeof callChecks, CheckCall>>;

function refuseWriting(name: keyof typeof callChecks, [options]: readonly unknown[]): Problem[] {
  const by = writers[name];
  if (by === undefined) return [];
  const option =
    by === 'always' ? undefined : by.find((key) => isObject(options) && Reflect.get(options, key));
  if (by !== 'always' && option === undefined) return [];
  const call = option === undefined ? `\`${name}\`` : `\`${option}\` of \`${name}\``;
  return [
    {
      message: `${call} writes migrations, and these are no folder`,
      help: 'Change the migrations folder, and make the bundle again.',
    },
  ];
}
