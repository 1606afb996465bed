/** Reads one YAML document into plain nodes that know where they stand, and refuses the corners of YAML that hide mistakes. */

import type { CST, Document, Node, ParsedNode } from 'yaml';
import type { Problem, SourceLocation } from '../../errors.js';
import { readSimpleYaml } from './simple-yaml.js';
import { yamlErrorProblem } from './yaml-messages.js';
import type { YamlMap, YamlNode, YamlScalar } from './yaml-node.js';

type Yaml = typeof import('yaml');

interface YamlOptions {
  /** Reads integers as bigint, so that none is rounded. */
  exactIntegers: boolean;
  /** Turns an offset in the text into what an error message shows. */
  locate(offset: number): SourceLocation;
}

interface YamlResult {
  /** Undefined when the text holds nothing, or problems. */
  root?: YamlNode;
  problems: Problem[];
}

const maxCharacters = 256 * 1024;
const maxDepth = 20;

/**
 * Parses YAML 1.2 (core schema). Refused with a location: syntax errors, several documents, duplicate keys, anchors,
 * aliases and tags (neither of Kat's files has a use for them), more than 20 levels, more than 262,144 characters.
 * The library is loaded when it is first needed, which `readSimpleYaml` puts off.
 */
export async function parseYaml(text: string, options: YamlOptions): Promise<YamlResult> {
  if (text.length > maxCharacters) return refuse(options, 0, `is larger than ${maxCharacters} characters`);
  const simple = readSimpleYaml(text, options);
  return simple ? { root: simple, problems: [] } : readWithLibrary(text, options);
}

/** Exported for the tests, which hold what `readSimpleYaml` makes of a text against it. */
export async function readWithLibrary(text: string, options: YamlOptions): Promise<YamlResult> {
  const { default: yaml } = await import('yaml');
  const tokens = [...new yaml.Parser().parse(text)];
  // The composer recurses: where little of the stack is left V8 aborts the process in a regular expression (seen with
  // Node 20), so depth is checked on the tokens, which are made without recursion.
  const deep = findTooDeep(tokens);
  if (deep !== undefined) return refuse(options, deep, 'is nested too deeply');
  const composer = new yaml.Composer({
    version: '1.2',
    schema: 'core',
    intAsBigInt: options.exactIntegers,
    uniqueKeys: false,
    stringKeys: true,
    merge: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const documents = [...composer.compose(tokens)] as Document.Parsed[];
  const [fault] =
    documents.length > 1 ? [] : documents.flatMap(({ errors, warnings }) => [...errors, ...warnings]);
  if (fault) return { problems: [yamlErrorProblem(fault, text, options.locate)] };
  return readDocuments(yaml, documents, options);
}

/** The plain value of a node: objects without prototype, arrays and scalars. */
export function toPlain(node: YamlNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toPlain);
  const plain: Record<string, unknown> = Object.create(null);
  for (const [key, { node: value }] of node.entries) plain[key] = toPlain(value);
  return plain;
}

function readDocuments(yaml: Yaml, documents: Document.Parsed[], options: YamlOptions): YamlResult {
  const [first, second] = documents;
  if (second)
    return refuse(options, second.range[0], 'holds several YAML documents', 'Keep one and delete the rest.');
  if (!first) return { problems: [] };
  if (!first.contents || (yaml.isScalar(first.contents) && first.contents.value === null))
    return { problems: [] };
  const problems: Problem[] = [];
  const root = readNode(first.contents, first.range[0], { yaml, problems, locate: options.locate });
  return problems.length > 0 ? { problems } : { root, problems };
}

interface Reading {
  yaml: Yaml;
  problems: Problem[];
  locate(offset: number): SourceLocation;
}

/** @param fallbackOffset where to point when the node is absent, as the value of `key:` is. */
function readNode(node: Node | ParsedNode | null, fallbackOffset: number, reading: Reading): YamlNode {
  const { yaml } = reading;
  const offset = node?.range?.[0] ?? fallbackOffset;
  if (yaml.isAlias(node) || node?.anchor !== undefined) {
    addProblem(reading, offset, 'anchors and aliases are not allowed here', 'Write the value itself.');
  } else if (yaml.isSeq<Node>(node)) {
    return {
      kind: 'list',
      items: node.items.map((item) => readNode(item, item.range?.[0] ?? offset, reading)),
      offset,
    };
  } else if (yaml.isMap<Node, Node | null>(node)) {
    return readMap(node.items, offset, reading);
  } else if (yaml.isScalar(node)) {
    return readScalar(node.value, node.source, node.source === '' ? fallbackOffset : offset);
  }
  return { kind: 'scalar', value: null, source: '', offset };
}

function readMap(
  pairs: readonly { key: Node; value: Node | null }[],
  offset: number,
  reading: Reading,
): YamlMap {
  const entries: YamlMap['entries'] = new Map();
  for (const pair of pairs) {
    const keyOffset = pair.key.range?.[0] ?? offset;
    const key = reading.yaml.isScalar(pair.key) ? String(pair.key.value) : '';
    if (entries.has(key)) {
      addProblem(reading, keyOffset, `the key \`${key}\` appears twice`, 'Delete one of the two.');
    }
    entries.set(key, { keyOffset, node: readNode(pair.value, keyOffset, reading) });
  }
  return { kind: 'map', entries, offset };
}

function readScalar(value: unknown, source: string | undefined, offset: number): YamlScalar {
  const isPlain = ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
  return {
    kind: 'scalar',
    value: isPlain ? (value as YamlScalar['value']) : null,
    source: source ?? '',
    offset,
  };
}

function findTooDeep(tokens: readonly CST.Token[]): number | undefined {
  const open: [CST.Token | null | undefined, number][] = tokens.map((token) => [token, 0]);
  for (let next = open.pop(); next; next = open.pop()) {
    const [token, depth] = next;
    if (!token) continue;
    if (depth > maxDepth) return token.offset;
    if (token.type === 'document') open.push([token.value, depth]);
    if (!('items' in token)) continue;
    for (const item of token.items) open.push([item.key, depth + 1], [item.value, depth + 1]);
  }
  return undefined;
}

function addProblem(reading: Reading, offset: number, message: string, help: string): void {
  reading.problems.push({ message, location: reading.locate(offset), help });
}

function refuse(options: YamlOptions, offset: number, message: string, help?: string): YamlResult {
  const location = options.locate(offset);
  return { problems: [{ message: `${location.file} ${message}`, location, ...(help ? { help } : {}) }] };
}
