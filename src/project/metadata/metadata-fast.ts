/** Reads the few lines that metadata.yaml usually has, a hundred times faster than a YAML library; knows when it does not know. */

import { canonicalTimestamp, type MigrationWaits, type ParentReference } from '../../graph/migration.js';

/** The contents of `metadata.yaml`. Values that must match other files keep their place. */
export interface Metadata {
  name: ParentReference;
  timestamp: ParentReference;
  description?: string;
  parents: readonly ParentReference[];
  noTransaction: boolean;
  /** Ids of the migrations that this one replaces. */
  replaces?: readonly string[];
  waits?: Partial<MigrationWaits>;
  touches?: readonly string[];
  /** `data_loss: expected`. */
  isDataLossExpected?: true;
}

interface Draft {
  name?: ParentReference;
  timestamp?: ParentReference;
  description?: string;
  parents?: ParentReference[];
  replaces?: ParentReference[];
  noTransaction?: boolean;
  /** The block list whose entries are being read. */
  list?: { key: ListKey; entries: ParentReference[]; indent: number } | undefined;
}

type ListKey = 'parents' | 'replaces';

interface Value extends ParentReference {
  style: 'plain' | 'quoted';
}

/** Controls, line ends that YAML versions disagree on, byte order marks, and what lossy decoding leaves behind. */
const unusual = /[^\P{Cc}\r\n]|[\u2028\u2029\ufeff\ufffd-\uffff]|\r(?!\n)/u;
const blankLine = /^ *(?:#.*)?$/;
const keyLine = /^([a-z_]+):(?:( +)(.*))?$/;
const itemLine = /^( *)-( +)(.*)$/;
const onlyComment = /^(?:#.*)?$/;
const doubleQuoted = /^("(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*") *(?: #.*)?$/;
const singleQuoted = /^'((?:[^']|'')*)' *(?: #.*)?$/;
const flowList = /^\[([^[\]#"']*)\] *(?: #.*)?$/;
const plainText = /^[A-Za-z_][^:#]*$/;
const plainWord = /^(?:[A-Za-z_][\w.-]*|\d+_[\w.-]+)$/;
const plainNumber = /^(?:0|[1-9]\d*)$/;
const notText = /^(?:null|true|false)$/i;

/**
 * Reads the usual shapes of `metadata.yaml`: one line a key, `parents` as a block list or a list in brackets, comments,
 * quotes on one line.
 * @returns undefined for anything else, right or wrong: the YAML library must then decide. What is returned equals
 *   what the library would give.
 */
export function parseMetadataFast(text: string): Metadata | undefined {
  if (unusual.test(text)) return undefined;
  const draft: Draft = {};
  let line = 0;
  for (const content of linesOf(text)) {
    line++;
    if (blankLine.test(content)) continue;
    const isRead = draft.list !== undefined && readItem(content, line, draft.list);
    if (!isRead && !readEntry(content, line, draft)) return undefined;
  }
  return finish(draft);
}

/** `unusual` has seen to it that a line feed follows every CR. */
function linesOf(text: string): string[] {
  return text.split(text.includes('\r') ? /\r?\n/ : '\n');
}

function finish(draft: Draft): Metadata | undefined {
  const { name, timestamp, description, parents = [], replaces = [], noTransaction = false, list } = draft;
  if (!name || !timestamp || list?.indent === noIndent) return undefined;
  const metadata: Metadata = { name, timestamp, parents, noTransaction };
  if (description) metadata.description = description;
  if (replaces.length > 0) metadata.replaces = replaces.map(({ text }) => text);
  return metadata;
}

/** Of a list before its first entry. */
const noIndent = -1;

function readItem(content: string, line: number, list: NonNullable<Draft['list']>): boolean {
  const match = itemLine.exec(content);
  if (!match) return false;
  const [, indent = '', space = '', rest = ''] = match;
  if (list.indent !== noIndent && list.indent !== indent.length) return false;
  const value = readValue(rest, line, indent.length + 1 + space.length + 1);
  if (!value || !isEntry(list.key, value)) return false;
  list.indent = indent.length;
  list.entries.push({ ...place(value), sourceLine: content });
  return true;
}

function readEntry(content: string, line: number, draft: Draft): boolean {
  const match = keyLine.exec(content);
  if (!match || draft.list?.indent === noIndent) return false;
  const [, key = '', space = '', rest = ''] = match;
  draft.list = undefined;
  const column = key.length + 1 + space.length + 1;
  if (key === 'parents' || key === 'replaces')
    return draft[key] === undefined && readList({ content, rest }, { key, line, column }, draft);
  const value = readValue(rest, line, column);
  return value !== undefined && readSingle(key, value, draft);
}

function readSingle(key: string, value: Value, draft: Draft): boolean {
  if (key === 'name' && !draft.name && isReference(value) && !isNumber(value)) {
    draft.name = place(value);
  } else if (key === 'timestamp' && !draft.timestamp && /^\d+$/.test(value.text) && isReference(value)) {
    draft.timestamp = place(value, canonicalTimestamp(value.text));
  } else if (key === 'description' && draft.description === undefined && isText(value)) {
    draft.description = value.text;
  } else if (key === 'no_transaction' && draft.noTransaction === undefined && isBoolean(value)) {
    draft.noTransaction = value.text === 'true';
  } else return false;
  return true;
}

function readList(
  { content, rest }: { content: string; rest: string },
  { key, line, column }: { key: ListKey; line: number; column: number },
  draft: Draft,
): boolean {
  const entries: ParentReference[] = [];
  draft[key] = entries;
  if (onlyComment.test(rest)) {
    draft.list = { key, entries, indent: noIndent };
    return true;
  }
  const inside = flowList.exec(rest)?.[1];
  if (inside === undefined) return false;
  if (trimSpaces(inside) === '') return true;
  let at = column + 1;
  for (const part of inside.split(',')) {
    const text = trimSpaces(part);
    const value: Value = { text, line, column: at + part.indexOf(text), style: 'plain' };
    if (!isEntry(key, value)) return false;
    entries.push({ ...place(value), sourceLine: content });
    at += part.length + 1;
  }
  return true;
}

/** One scalar with whatever comment follows it. */
function readValue(rest: string, line: number, column: number): Value | undefined {
  if (rest.startsWith('"')) {
    const text = doubleQuoted.exec(rest)?.[1];
    return text === undefined
      ? undefined
      : { text: JSON.parse(text) as string, line, column, style: 'quoted' };
  }
  if (rest.startsWith("'")) {
    const text = singleQuoted.exec(rest)?.[1];
    return text === undefined
      ? undefined
      : { text: text.replaceAll("''", "'"), line, column, style: 'quoted' };
  }
  const comment = rest.indexOf(' #');
  const text = trimSpaces(comment < 0 ? rest : rest.slice(0, comment));
  return { text, line, column, style: 'plain' };
}

function isEntry(key: ListKey, value: Value): boolean {
  return isReference(value) && (key === 'parents' || /^\d+_.+$/.test(value.text));
}

function isReference(value: Value): boolean {
  if (value.style === 'quoted') return value.text !== '';
  return isNumber(value) || (plainWord.test(value.text) && !notText.test(value.text));
}

function isNumber(value: Value): boolean {
  return value.style === 'plain' && plainNumber.test(value.text);
}

function isText(value: Value): boolean {
  return value.style === 'quoted' || (plainText.test(value.text) && !notText.test(value.text));
}

function isBoolean(value: Value): boolean {
  return value.style === 'plain' && (value.text === 'true' || value.text === 'false');
}

function place({ text, line, column }: Value, canonical = text): ParentReference {
  return { text: canonical, line, column };
}

/** YAML trims spaces only, where `trim` would also take a no-break space. */
function trimSpaces(text: string): string {
  return text.startsWith(' ') || text.endsWith(' ') ? text.replace(/^ +| +$/g, '') : text;
}
