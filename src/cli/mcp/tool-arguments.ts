/** Turns the arguments of a tool call into words of a command line. */

import { KatError } from '../../errors.js';
import { nearest } from '../../graph/nearest.js';
import type { CommandSpec } from '../command.js';
import { type Property, propertiesOf, requiredOf, type Tool } from './tools.js';

/**
 * A value never becomes a flag: flags are joined with `=`, and operands stand behind `--`.
 * @throws KatError USAGE for a property that the tool does not have, a value of another type, or one that is missing.
 */
export function commandLine(
  tool: Tool,
  spec: CommandSpec,
  given: Readonly<Record<string, unknown>>,
): string[] {
  const properties = propertiesOf(tool, spec);
  const missing = requiredOf(tool, spec).find((name) => given[name] === undefined);
  if (missing) throw wrong(`the tool ${tool.name} needs ${missing}`, adviceOf(tool, missing));
  const words = Object.entries(given).map(([name, value]) => {
    const property = properties.get(name);
    if (!property) throw unknownProperty(tool, name, [...properties.keys()]);
    return { property, words: wordsOf(name, property, value) };
  });
  const flags = words.filter(({ property }) => property.form !== 'operand');
  const operands = [...properties].flatMap(([name, { form }]) =>
    form === 'operand' && given[name] !== undefined ? [given[name]].flat().map(String) : [],
  );
  return [
    ...[spec.name, ...(tool.fixed ?? [])],
    ...flags.flatMap((flag) => flag.words),
    ...(operands.length > 0 ? ['--', ...operands] : []),
  ];
}

const seeSchema = "See the tool's input schema.";

function wordsOf(name: string, { schema, form, flag }: Property, value: unknown): string[] {
  if (!isOfType(schema, value)) throw wrong(`${name} must be ${kindOf(schema)}`, seeSchema);
  if (form === 'flag') return value === true ? [flag] : [];
  return [value].flat().map((one) => `${flag}=${one}`);
}

function isOfType(schema: Property['schema'], value: unknown): boolean {
  if (schema.type === 'boolean') return typeof value === 'boolean';
  if (schema.type === 'integer') return Number.isSafeInteger(value);
  if (schema.type === 'array') return Array.isArray(value) && value.every((one) => typeof one === 'string');
  return typeof value === 'string';
}

function kindOf({ type }: Property['schema']): string {
  if (type === 'boolean') return 'true or false';
  if (type === 'integer') return 'a whole number';
  return type === 'array' ? 'a list of strings' : 'a string';
}

function adviceOf({ access, command }: Tool, missing: string): string {
  return access === 'apply' && missing === 'plan_id'
    ? `Call the tool plan with command "${command}" first, and pass its planId.`
    : seeSchema;
}

function unknownProperty({ name: tool }: Tool, name: string, known: readonly string[]): KatError {
  const [near] = nearest(name, known, 1);
  return wrong(
    `the tool ${tool} has no argument ${JSON.stringify(name)}`,
    near ? `Did you mean ${near}?` : seeSchema,
  );
}

function wrong(message: string, help: string): KatError {
  return new KatError('USAGE', message, { help });
}
