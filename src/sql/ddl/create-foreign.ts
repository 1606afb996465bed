/** Writes statements that create foreign-data wrappers, servers, user mappings and text search objects. */

import { qualifiedName, type SnapshotObject } from '../snapshot/snapshot.js';
import { splitList } from '../snapshot/written-names.js';
import { joinWords } from './words.js';

/** Options without the secrets, which a snapshot does not have. */
function optionText(options: string | undefined): string | undefined {
  const shown = splitList(options).filter((option) => !option.endsWith(' hidden'));
  return shown.length === 0 ? undefined : `OPTIONS (${shown.join(', ')})`;
}

export function createWrapper({ name, definition }: SnapshotObject): string[] {
  const { handler, validator, options } = definition;
  return [
    joinWords(
      `CREATE FOREIGN DATA WRAPPER ${name}`,
      handler !== undefined && `HANDLER ${handler}`,
      validator !== undefined && `VALIDATOR ${validator}`,
      optionText(options),
    ),
  ];
}

export function createServer({ name, definition }: SnapshotObject): string[] {
  const { type, version, wrapper, options } = definition;
  return [
    joinWords(
      `CREATE SERVER ${name}`,
      type !== undefined && `TYPE '${type}'`,
      version !== undefined && `VERSION '${version}'`,
      `FOREIGN DATA WRAPPER ${wrapper}`,
      optionText(options),
    ),
  ];
}

export function createUserMapping({ name, of = '' }: SnapshotObject): string[] {
  return [`CREATE USER MAPPING FOR ${name} SERVER ${of}`];
}

export function createSearchObject(object: SnapshotObject): string[] {
  const { kind, definition } = object;
  const keys: Readonly<Record<string, string>> = {
    ...{ start: 'START', token: 'GETTOKEN', end: 'END', headline: 'HEADLINE', types: 'LEXTYPES' },
    ...{ init: 'INIT', lexize: 'LEXIZE', template: 'TEMPLATE', parser: 'PARSER' },
  };
  const parts = Object.entries(keys).flatMap(([property, keyword]) =>
    definition[property] === undefined ? [] : [`${keyword} = ${definition[property]}`],
  );
  const name = qualifiedName(object);
  const all = [...parts, ...splitList(definition.options)];
  return [
    `CREATE ${kind.toUpperCase()} ${name} (${all.join(', ')})`,
    ...searchMappings(definition.mappings).map(
      ([token, dictionaries]) =>
        `ALTER ${kind.toUpperCase()} ${name} ADD MAPPING FOR ${token} WITH ${dictionaries}`,
    ),
  ];
}

/** `asciiword: pg_catalog.english_stem; word: a, b` */
function searchMappings(text: string | undefined): [token: string, dictionaries: string][] {
  return splitList(text, ';').map((mapping) => {
    const end = mapping.indexOf(': ');
    return [mapping.slice(0, end), mapping.slice(end + 2)];
  });
}
