/**
 * Reads the usual lines of a configuration file without loading the YAML library, and leaves all others to it. Every command
 * reads that file; loading the library, bundled and minified, would add a sixth of the CPU time that starting Node.js takes.
 */

import type { YamlMap, YamlNode, YamlScalar } from './yaml-node.js';

/** A line of the text, and its start. */
interface Line {
  start: number;
  content: string;
}

interface Entry {
  indent: number;
  key: string;
  keyOffset: number;
  value: YamlScalar;
}

const usualText = /^[\x20-\x7e\n]*$/;
const blankLine = /^ *(?:#.*)?$/;
const entryLine = /^( *)([A-Za-z_]\w*):(?:( +)(.*?))? *$/;
const comment = /(?:^| +)#.*$/;
const quoted = /^(?:"([^"\\]*)"|'([^']*)')$/;
const plainInteger = /^(?:0|[1-9]\d{0,8})$/;
/** A word, path, address or duration: without blanks, and nothing that YAML takes for something else. */
const plainText = /^(?:(?:[A-Za-z_/$]|\.\.?\/)(?:\S*[^\s:])?|\d+(?:ms|[smh])|\d{1,3}(?:\.\d{1,3}){3})$/;
const wordWithMeaning = /^(?:null|true|false)$/i;

/**
 * Reads sections of `key: value` lines: one level of indentation, values without blanks or in quotes on one line, comments.
 * @param options `exactIntegers` reads integers as bigint.
 * @returns undefined for anything else, right or wrong: the YAML library must then decide. What is returned equals
 *   what `parseYaml` would make of it.
 */
export function readSimpleYaml(
  text: string,
  { exactIntegers }: { exactIntegers: boolean },
): YamlMap | undefined {
  if (!usualText.test(text)) return undefined;
  const entries: Entry[] = [];
  for (const line of splitLines(text)) {
    if (blankLine.test(line.content)) continue;
    const entry = readEntry(line, exactIntegers);
    if (!entry) return undefined;
    entries.push(entry);
  }
  const [first] = entries;
  return first?.indent === 0 ? buildMap(entries) : undefined;
}

function splitLines(text: string): Line[] {
  let start = 0;
  return text.split('\n').map((content) => {
    const line = { start, content };
    start += content.length + 1;
    return line;
  });
}

function readEntry({ start, content }: Line, exactIntegers: boolean): Entry | undefined {
  const match = entryLine.exec(content);
  if (!match) return undefined;
  const [, indent = '', key = '', space = '', rest = ''] = match;
  if (wordWithMeaning.test(key)) return undefined;
  const keyOffset = start + indent.length;
  const source = rest.startsWith('"') || rest.startsWith("'") ? rest : rest.replace(comment, '');
  const value =
    source === ''
      ? scalar(null, '', keyOffset)
      : readValue(source, keyOffset + key.length + 1 + space.length, exactIntegers);
  return value && { indent: indent.length, key, keyOffset, value };
}

function readValue(source: string, offset: number, exactIntegers: boolean): YamlScalar | undefined {
  const inside = quoted.exec(source);
  if (inside) {
    const text = inside[1] ?? inside[2] ?? '';
    return text === '' ? undefined : scalar(text, text, offset);
  }
  if (source === 'true' || source === 'false') return scalar(source === 'true', source, offset);
  if (plainInteger.test(source)) {
    return scalar(exactIntegers ? BigInt(source) : Number(source), source, offset);
  }
  return plainText.test(source) && !wordWithMeaning.test(source) ? scalar(source, source, offset) : undefined;
}

function scalar(value: YamlScalar['value'], source: string, offset: number): YamlScalar {
  return { kind: 'scalar', value, source, offset };
}

/** @returns undefined when keys repeat, or the indentation is not that of sections. */
function buildMap(lines: readonly Entry[]): YamlMap | undefined {
  const root = emptyMap(lines);
  for (let index = 0; index < lines.length; ) {
    const line = lines[index] as Entry;
    const inside = takeIndented(lines, index + 1);
    const node = inside.length === 0 ? line.value : buildSection(line, inside);
    if (!node || !addEntry(root, line, node)) return undefined;
    index += 1 + inside.length;
  }
  return root;
}

function takeIndented(lines: readonly Entry[], from: number): readonly Entry[] {
  const end = lines.findIndex(({ indent }, index) => index >= from && indent === 0);
  return lines.slice(from, end < 0 ? lines.length : end);
}

function buildSection(owner: Entry, lines: readonly Entry[]): YamlMap | undefined {
  const section = emptyMap(lines);
  const isOne = lines.every(({ indent }) => indent === lines[0]?.indent);
  const fits = owner.value.value === null && isOne;
  return fits && lines.every((line) => addEntry(section, line, line.value)) ? section : undefined;
}

function emptyMap([first]: readonly Entry[]): YamlMap {
  return { kind: 'map', entries: new Map(), offset: first?.keyOffset ?? 0 };
}

function addEntry({ entries }: YamlMap, { key, keyOffset }: Entry, node: YamlNode): boolean {
  if (entries.has(key)) return false;
  entries.set(key, { keyOffset, node });
  return true;
}
