/** Lists the objects of each extension: names, and objects used without a name, such as default operator classes. */

import { contribExtensions } from './contrib-extensions.js';
import type { ExtensionContents } from './extension-contents.js';
import { otherExtensions } from './other-extensions.js';
import { serialTypes } from './serial-types.js';

const all = [...contribExtensions, ...otherExtensions];
const wordsOf = (words = '') => words.split(/\s+/).filter((word) => word !== '');

const byName = indexBy(({ names }) => names);
const byClass = indexBy(({ classes }) => classes);
const byOperator = indexBy(({ operators }) => operators);
const required = new Map(all.map(({ name, requires }) => [name, wordsOf(requires)]));
const overloaded = new Set([...byOperator.keys()].map((word) => word.slice(0, word.lastIndexOf(':'))));

/** The extensions that are known to bring something of that name; mostly none. */
export function providersOf(name: string): readonly string[] {
  return byName.get(name) ?? [];
}

/** The extensions without which an index of that method needs an operator class for the type. */
export function classProvidersOf(method: string, type: string): readonly string[] {
  return byClass.get(`${method}:${type}`) ?? [];
}

/** The extensions that bring an operator for the type. */
export function operatorProvidersOf(operator: string, type: string): readonly string[] {
  return byOperator.get(`${operator}:${type}`) ?? [];
}

/** Whether some extension brings an operator of that name for types of PostgreSQL itself. */
export function isOverloaded(operator: string): boolean {
  return overloaded.has(operator);
}

const coerced = new Map(
  all.flatMap(({ coercions }) => wordsOf(coercions)).map((word) => word.split(':') as [string, string]),
);

/** The type of PostgreSQL itself whose operators and operator classes values of the type have (IsBinaryCoercible). */
export function classTypeOf(type: string): string {
  return (
    (type === 'varchar' ? 'text' : serialTypes.get(type)) ??
    coerced.get(type.slice(type.indexOf('.') + 1)) ??
    type
  );
}

/** The extensions that must be there before one. */
export function requiredBy(extension: string): readonly string[] {
  return required.get(extension) ?? [];
}

function indexBy(list: (contents: ExtensionContents) => string | undefined): ReadonlyMap<string, string[]> {
  const found = new Map<string, string[]>();
  for (const contents of all) {
    for (const word of wordsOf(list(contents))) found.set(word, [...(found.get(word) ?? []), contents.name]);
  }
  return found;
}
