/** Writes GRANT, REVOKE, ALTER DEFAULT PRIVILEGES and COMMENT. */

import { present } from '../../present.js';
import { quoteLiteral } from '../../quote.js';
import type { SnapshotObject } from '../snapshot/snapshot.js';
import { subjectKind } from '../snapshot/written-names.js';

const grantable = ' WITH GRANT OPTION';

const targets: readonly [prefix: RegExp, words: string][] = [
  [/^(?:table|view|materialized view|foreign table) /, 'TABLE '],
  [/^(?:aggregate|function) /, 'FUNCTION '],
  [/^foreign-data wrapper /, 'FOREIGN DATA WRAPPER '],
  [/^server /, 'FOREIGN SERVER '],
  [/^(sequence|procedure|domain|type|schema|language) /, ''],
];

/** The object of a grant, as GRANT names it; of a column, its table. */
function grantTarget(of: string): { target: string; column?: string } {
  const [, relation, column] = /^(?:table|view) column (.*)\.((?:"(?:[^"]|"")*")|[^".]+)$/s.exec(of) ?? [];
  if (relation !== undefined && column !== undefined) return { target: `TABLE ${relation}`, column };
  for (const [prefix, words] of targets) {
    const [match, kind] = prefix.exec(of) ?? [];
    if (match !== undefined)
      return { target: `${words || `${kind?.toUpperCase()} `}${of.slice(match.length)}` };
  }
  return { target: of };
}

/** `SELECT, INSERT WITH GRANT OPTION` as lists with and without the option. */
function splitPrivileges(text: string | undefined): { plain: string[]; withOption: string[] } {
  const all = text === undefined ? [] : text.split(', ');
  return {
    plain: all.filter((privilege) => !privilege.endsWith(grantable)),
    withOption: all
      .filter((privilege) => privilege.endsWith(grantable))
      .map((privilege) => privilege.slice(0, -grantable.length)),
  };
}

function privilegeList(privileges: readonly string[], column: string | undefined): string {
  const names = column === undefined ? privileges : privileges.map((name) => `${name} (${column})`);
  return names.join(', ');
}

type Granted = Pick<SnapshotObject, 'of' | 'name' | 'definition'>;

export function grant({ of = '', name, definition }: Granted): string[] {
  const { target, column } = grantTarget(of);
  const { plain, withOption } = splitPrivileges(definition.privileges);
  return [
    ...(plain.length === 0 ? [] : [`GRANT ${privilegeList(plain, column)} ON ${target} TO ${name}`]),
    ...(withOption.length === 0
      ? []
      : [`GRANT ${privilegeList(withOption, column)} ON ${target} TO ${name}${grantable}`]),
  ];
}

export function revoke({ of = '', name, definition }: Granted): string[] {
  const { target, column } = grantTarget(of);
  const { plain, withOption } = splitPrivileges(definition.privileges);
  const all = [...plain, ...withOption];
  return all.length === 0 ? [] : [`REVOKE ${privilegeList(all, column)} ON ${target} FROM ${name}`];
}

/** What default privileges say in the other direction than they do. */
export function oppositeDefaults(object: SnapshotObject): SnapshotObject {
  const { granted, revoked } = object.definition;
  return {
    ...object,
    definition: {
      ...present({ granted: revoked, revoked: granted }),
    },
  };
}

/** `app on tables in schema public` is for whom, on what, and where. */
export function alterDefaultPrivileges({ of = '', name, definition }: SnapshotObject): string[] {
  const [, role = '', kind = '', schema] = /^(.*) on ([a-z ]+?)(?: in schema (.*))?$/s.exec(of) ?? [];
  const head = `ALTER DEFAULT PRIVILEGES FOR ROLE ${role}${schema === undefined ? '' : ` IN SCHEMA ${schema}`}`;
  const { plain, withOption } = splitPrivileges(definition.granted);
  const { plain: taken, withOption: takenOptions } = splitPrivileges(definition.revoked);
  const revoked = [...taken, ...takenOptions];
  const on = `ON ${kind.toUpperCase()}`;
  return [
    ...(revoked.length === 0 ? [] : [`${head} REVOKE ${revoked.join(', ')} ${on} FROM ${name}`]),
    ...(plain.length === 0 ? [] : [`${head} GRANT ${plain.join(', ')} ${on} TO ${name}`]),
    ...(withOption.length === 0
      ? []
      : [`${head} GRANT ${withOption.join(', ')} ${on} TO ${name}${grantable}`]),
  ];
}

const commentWords: readonly [prefix: RegExp, words: string][] = [
  [/^(?:table|view|materialized view|foreign table|composite type|index) column /, 'COLUMN '],
  [/^table constraint (.*) on /s, 'CONSTRAINT $1 ON '],
  [/^domain constraint (.*) on /s, 'CONSTRAINT $1 ON DOMAIN '],
  [/^foreign-data wrapper /, 'FOREIGN DATA WRAPPER '],
  [/^statistics object /, 'STATISTICS '],
  [/^composite type /, 'TYPE '],
  [/^(trigger|rule|policy) (.*) on /s, '$1 $2 ON '],
];

/** @param text undefined takes the comment away */
export function commentOn(of: string, text: string | undefined): string {
  return `COMMENT ON ${commentTarget(of)} IS ${text === undefined ? 'NULL' : quoteLiteral(text)}`;
}

function commentTarget(of: string): string {
  const [prefix, words] = commentWords.find(([pattern]) => pattern.test(of)) ?? [subjectKind, undefined];
  if (words === undefined) return of.replace(prefix, (kind) => kind.toUpperCase());
  return of.replace(prefix, words).replace(/^(trigger|rule|policy) /, (kind) => kind.toUpperCase());
}
