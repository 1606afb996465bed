/** Checks an object of options against the fields that it may have. */

import { type ErrorCode, KatError, type Problem } from '../../errors.js';
import { nearest } from '../../graph/nearest.js';
import { describe, isObject, type ValueKind } from './value-kinds.js';

/** The kind of each field of an interface; a field that is added to the interface must be added here. */
export type Shape<T> = { readonly [K in keyof Required<T>]: ValueKind };

/** The checked value, and its name in messages. */
export interface Subject {
  /** Such as `up` or `database`. */
  name: string;
  value: unknown;
}

/**
 * Checks all fields. A field that is undefined counts as left out.
 * @param required fields that must be there.
 * @returns everything that is wrong. No message shows a value that may be secret.
 */
export function checkFields(
  { name, value }: Subject,
  shape: Readonly<Record<string, ValueKind>>,
  required: readonly string[] = [],
): Problem[] {
  if (!isObject(value))
    return [{ message: `the options of \`${name}\` must be an object, not ${describe(value)}` }];
  const given = Object.entries(value).filter(([, field]) => field !== undefined);
  const names = given.map(([key]) => key);
  const missing = required.filter((key) => !names.includes(key));
  return [
    ...missing.map((key) => ({
      message: `\`${key}\` of \`${name}\` is missing: it must be ${shape[key]?.expected}`,
    })),
    ...given.flatMap(([key, field]) => checkField(name, [key, field], shape)),
  ];
}

/**
 * Checks one value.
 * @param name what the value is called in the message.
 */
export function checkValue(name: string, value: unknown, kind: ValueKind): Problem[] {
  return kind.accepts(value)
    ? []
    : [{ message: `\`${name}\` must be ${kind.expected}, not ${describe(value)}` }];
}

/** @throws KatError with all problems, if there are any. */
export function refuse(code: ErrorCode, problems: readonly Problem[]): void {
  const [first] = problems;
  if (!first) return;
  const message = problems.length === 1 ? first.message : `${problems.length} options are wrong`;
  const help = first.help ?? 'Correct the call.';
  throw new KatError(code, message, { problems: problems.length === 1 ? [] : problems, help });
}

function checkField(
  name: string,
  [key, field]: [string, unknown],
  shape: Readonly<Record<string, ValueKind>>,
): Problem[] {
  const kind = Object.hasOwn(shape, key) ? shape[key] : undefined;
  return kind ? checkValue(`${key}\` of \`${name}`, field, kind) : [unknownField(name, key, shape)];
}

function unknownField(name: string, key: string, shape: object): Problem {
  const [meant] = nearest(key, Object.keys(shape));
  const known = Object.keys(shape).map((field) => `\`${field}\``);
  return {
    message: `\`${name}\` has no option \`${key}\``,
    help: meant === undefined ? `Its options are ${known.join(', ')}.` : `Did you mean \`${meant}\`?`,
  };
}
