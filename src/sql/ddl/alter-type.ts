/** Writes the statements that change types. */

import { qualifiedName } from '../snapshot/snapshot.js';
import { splitList } from '../snapshot/written-names.js';
import type { AlterWriter } from './changed-object.js';

/** Values can be added and renamed, but not removed. */
export const alterEnum: AlterWriter = ({ before, after }) => {
  const alter = `ALTER TYPE ${qualifiedName(after)}`;
  const [old, next] = [splitList(before.definition.labels), splitList(after.definition.labels)];
  const renamed = old.flatMap((label, index) => (next[index] === label ? [] : [index]));
  if (old.length === next.length && renamed.length === 1)
    return renamed.map((index) => `${alter} RENAME VALUE ${old[index]} TO ${next[index]}`);
  if (next.filter((label) => old.includes(label)).join() !== old.join()) return undefined;
  return next.flatMap((label, index) => {
    if (old.includes(label)) return [];
    const place = index === 0 ? `BEFORE ${old[0]}` : `AFTER ${next[index - 1]}`;
    return [`${alter} ADD VALUE ${label} ${place}`];
  });
};

/** CASCADE means the tables of the type, and nothing else. */
export const alterComposite: AlterWriter = ({ before, after }) => {
  const alter = `ALTER TYPE ${qualifiedName(after)}`;
  const [old, next] = [before, after].map(({ definition }) => attributesOf(definition.attributes)) as [
    Map<string, string>,
    Map<string, string>,
  ];
  const kept = [...old.keys()].filter((name) => next.has(name));
  const wanted = [...kept, ...[...next.keys()].filter((name) => !old.has(name))];
  if (wanted.join() !== [...next.keys()].join()) return undefined;
  return [
    ...[...old.keys()]
      .filter((name) => !next.has(name))
      .map((name) => `${alter} DROP ATTRIBUTE ${name} CASCADE`),
    ...kept
      .filter((name) => old.get(name) !== next.get(name))
      .map((name) => `${alter} ALTER ATTRIBUTE ${name} TYPE ${next.get(name)} CASCADE`),
    ...wanted
      .filter((name) => !old.has(name))
      .map((name) => `${alter} ADD ATTRIBUTE ${name} ${next.get(name)} CASCADE`),
  ];
};

/** By name, each with its type and collation, as SQL. */
export function attributesOf(text: string | undefined): Map<string, string> {
  return new Map(
    splitList(text).map((attribute): [string, string] => {
      const [, name = '', type = ''] = /^("(?:[^"]|"")*"|\S+) (.*)$/s.exec(attribute) ?? [];
      return [name, type];
    }),
  );
}

export const alterDomain: AlterWriter = ({ after, changed }) => {
  if (changed.has('type') || changed.has('collation')) return undefined;
  const alter = `ALTER DOMAIN ${qualifiedName(after)}`;
  const { default: value, notNull } = after.definition;
  return [
    ...(changed.has('default')
      ? [value === undefined ? `${alter} DROP DEFAULT` : `${alter} SET DEFAULT ${value}`]
      : []),
    ...(changed.has('notNull') ? [`${alter} ${notNull === undefined ? 'DROP' : 'SET'} NOT NULL`] : []),
  ];
};
