/** Finds the `parents` in the text of a `metadata.yaml` and puts others in their place, leaving every other character alone. */

import type { Pair, ParsedNode, YAMLMap, YAMLSeq } from 'yaml';
import { KatError } from '../../errors.js';
import { parseMigrationId } from '../../graph/migration.js';
import { readParents } from './metadata.js';
import { parentEntry } from './migration-texts.js';

/**
 * Entries that stay are left as they were written, with their comments; new ones are written as `kat add` does.
 * @param file for messages
 * @param text a sound `metadata.yaml`
 * @param parents ids of all parents that it shall have
 * @throws KatError FILES_INVALID for a text whose layout leaves no place for a list.
 */
export async function editParents(file: string, text: string, parents: readonly string[]): Promise<string> {
  const { default: yaml } = await import('yaml');
  const document = yaml.parseDocument(text, { version: '1.2', schema: 'core', intAsBigInt: true });
  const root = document.contents;
  const edited = yaml.isMap(root) && !root.flow ? editMap(yaml, { text, root, parents }) : undefined;
  if (edited === undefined || !(await says(edited, parents))) throw noPlace(file, parents);
  return edited;
}

type Yaml = typeof import('yaml');

interface Edit {
  text: string;
  root: YAMLMap<ParsedNode, ParsedNode | null>;
  parents: readonly string[];
}

function editMap(yaml: Yaml, { text, root, parents }: Edit): string | undefined {
  const find = (name: string) =>
    root.items.find(({ key }) => yaml.isScalar(key) && String(key.value) === name);
  const pair = find('parents');
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  if (!pair) return insertParents(text, find('timestamp'), { parents, newline });
  const { key, value } = pair;
  const place = { text, keyEnd: key.range[1] };
  if (yaml.isSeq<ParsedNode>(value) && !value.flow) {
    return editList(yaml, { ...place, list: value }, { parents, newline });
  }
  const [start, end] = value?.range ?? [];
  if (start === undefined || end === undefined) return undefined;
  return replaceValue(text, [start, end], { parents, newline });
}

interface Wanted {
  parents: readonly string[];
  newline: string;
}

/** New parents are written after the timestamp. */
function insertParents(
  text: string,
  timestamp: Pair<ParsedNode, ParsedNode | null> | undefined,
  { parents, newline }: Wanted,
): string | undefined {
  const end = timestamp?.value?.range?.[1];
  if (end === undefined) return undefined;
  const at = text.indexOf('\n', end);
  const before = at < 0 ? text + newline : text.slice(0, at + 1);
  const lines = parents.length > 0 ? ['parents:', ...parents.map((id) => `  - ${parentEntry(id)}`)] : [];
  return before + lines.map((line) => line + newline).join('') + (at < 0 ? '' : text.slice(at + 1));
}

/** Replaces `[…]` or nothing with a block; keeps the rest of the line. */
function replaceValue(text: string, [start, end]: [number, number], { parents, newline }: Wanted): string {
  if (parents.length === 0) return `${text.slice(0, start).trimEnd()} []${text.slice(end)}`;
  const lineEnd = endOfLine(text, end);
  const before = (text.slice(0, start).trimEnd() + behind(text.slice(end, lineEnd))).trimEnd();
  const lines = parents.map((id) => `${newline}  - ${parentEntry(id)}`);
  return before + lines.join('') + (lineEnd < text.length ? text.slice(lineEnd) : newline);
}

function behind(rest: string): string {
  const comment = rest.trim();
  return comment === '' ? '' : ` ${comment}`;
}

/** Before the line's end, whichever it is. */
function endOfLine(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  if (at < 0) return text.length;
  return at > from && text[at - 1] === '\r' ? at - 1 : at;
}

interface BlockList {
  text: string;
  /** The end of the key `parents`. */
  keyEnd: number;
  list: YAMLSeq<ParsedNode>;
}

/** Each entry has its lines: the comments above it, and its own. */
function editList(
  yaml: Yaml,
  { text, keyEnd, list }: BlockList,
  { parents, newline }: Wanted,
): string | undefined {
  const first = text.lastIndexOf('\n', list.range?.[0] ?? 0) + 1;
  const indent = /^ */.exec(text.slice(first))?.[0] ?? '';
  const head = endOfLine(text, keyEnd);
  const left = new Set(parents);
  const kept: string[] = [];
  let from = head;
  for (const item of list.items) {
    const end = item.range?.[1];
    if (end === undefined) return undefined;
    const lineEnd = endOfLine(text, end);
    const meant = parents.find((id) => yaml.isScalar(item) && isMeant(id, String(item.value)));
    if (meant !== undefined && left.delete(meant)) kept.push(text.slice(from, lineEnd));
    from = lineEnd;
  }
  const added = [...left].map((id) => `${newline}${indent}- ${parentEntry(id)}`);
  const rest = from < text.length ? text.slice(from) : newline;
  return heading(text, { keyEnd, head, isEmpty: parents.length === 0 }) + [...kept, ...added].join('') + rest;
}

/** The line of the key, with everything before it. */
function heading(
  text: string,
  { keyEnd, head, isEmpty }: { keyEnd: number; head: number; isEmpty: boolean },
): string {
  if (!isEmpty) return text.slice(0, head);
  const colon = text.indexOf(':', keyEnd) + 1;
  return `${text.slice(0, colon)} []${text.slice(colon, head)}`;
}

function isMeant(id: string, reference: string): boolean {
  const parsed = parseMigrationId(id);
  return (
    reference === id ||
    reference === parsed?.name ||
    (/^\d+$/.test(reference) && BigInt(reference) === BigInt(parsed?.timestamp ?? -1))
  );
}

/** Whether a text means just these parents. */
async function says(text: string, parents: readonly string[]): Promise<boolean> {
  const found = await readParents(text);
  return (
    found !== undefined &&
    found.length === parents.length &&
    parents.every((id) => found.some((reference) => isMeant(id, reference.text)))
  );
}

function noPlace(file: string, parents: readonly string[]): KatError {
  const help = `Write \`parents: [${parents.map((id) => parseMigrationId(id)?.timestamp ?? id).join(', ')}]\` into it by hand.`;
  const message = `${file} has a layout that Kat cannot add parents to`;
  return new KatError('FILES_INVALID', message, { problems: [{ message, help }], help });
}
