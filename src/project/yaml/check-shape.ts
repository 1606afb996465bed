/** Holds a YAML document against its valibot schema and reports everything that does not fit, each with its place. */

import * as v from 'valibot';
import type { Problem, SourceLocation } from '../../errors.js';
import { nearest } from '../../graph/nearest.js';
import type { YamlNode } from './yaml-node.js';
import { toPlain } from './yaml-tree.js';

/** The keys that each section knows, by its path such as `database`; the top level is the section ''. */
type KnownKeys = Readonly<Record<string, readonly string[]>>;

interface Shape<T> {
  schema: v.GenericSchema<unknown, T>;
  knownKeys: KnownKeys;
}

type Locate = (offset: number) => SourceLocation;

/**
 * @returns the value as the schema types it, or undefined, and every problem: unknown keys with the nearest known one,
 *   missing keys, values that do not fit.
 */
export function checkShape<T>(
  root: YamlNode,
  shape: Shape<T>,
  locate: Locate,
): { value?: T; problems: Problem[] } {
  const problems = findMisplacedKeys(root, shape.knownKeys, locate);
  // One reason for each value is enough: 9.6 is neither whole nor large enough.
  const outcome = v.safeParse(shape.schema, toPlain(root), { abortPipeEarly: true });
  if (outcome.success) return problems.length > 0 ? { problems } : { value: outcome.output, problems };
  for (const issue of outcome.issues) {
    const problem = issueProblem(issue, root, locate);
    if (problem) problems.push(problem);
  }
  return { problems };
}

/** The node at `path`; undefined when there is none. */
export function findNode(root: YamlNode, path: readonly string[]): YamlNode | undefined {
  let node: YamlNode | undefined = root;
  for (const key of path) node = node?.kind === 'map' ? node.entries.get(key)?.node : undefined;
  return node;
}

/** The offset to show for the node at `path`: its value, or its key where the value is absent. */
export function findOffset(root: YamlNode, path: readonly PropertyKey[]): number {
  let node = root;
  for (const key of path) {
    const child = node.kind === 'map' ? node.entries.get(String(key))?.node : undefined;
    const item = node.kind === 'list' && typeof key === 'number' ? node.items[key] : undefined;
    node = child ?? item ?? node;
  }
  return node.offset;
}

function findMisplacedKeys(root: YamlNode, known: KnownKeys, locate: Locate): Problem[] {
  return Object.keys(known).flatMap((section) => {
    const node = findSection(root, section);
    if (!node) return [];
    if (node.kind !== 'map') {
      const what = section === '' ? 'the file' : `\`${section}\``;
      return [{ message: `${what} must hold \`key: value\` lines`, location: locate(node.offset) }];
    }
    const unknown = [...node.entries].filter(([key]) => !known[section]?.includes(key));
    return unknown.map(([key, { keyOffset }]) => unknownKey({ section, key }, known, locate(keyOffset)));
  });
}

/** The section's node; undefined when it is left out, also by writing nothing behind its key. */
function findSection(root: YamlNode, section: string): YamlNode | undefined {
  const node = section === '' ? root : findNode(root, section.split('.'));
  return node?.kind === 'scalar' && node.value === null ? undefined : node;
}

function unknownKey(
  place: { section: string; key: string },
  known: KnownKeys,
  location: SourceLocation,
): Problem {
  const { section, key } = place;
  const siblings = known[section] ?? [];
  const path = section === '' ? key : `${section}.${key}`;
  const [meant] = nearest(key, siblings, 1);
  if (meant) {
    const message = `unknown key \`${path}\`, did you mean \`${meant}\`?`;
    return { message, location, help: `Write \`${meant}\`.` };
  }
  const homes = Object.keys(known).filter((other) => known[other]?.includes(key));
  const home = homes.find((other) => section !== '' && other.startsWith(`${section}.`)) ?? homes[0];
  const help =
    home === undefined
      ? `Known keys here are ${siblings.join(', ')}.`
      : `\`${key}\` belongs ${home === '' ? 'at the top level, without indentation' : `under \`${home}\``}.`;
  return { message: `unknown key \`${path}\``, location, help };
}

function issueProblem(issue: v.BaseIssue<unknown>, root: YamlNode, locate: Locate): Problem | undefined {
  const path = (issue.path ?? []).map((item) => item.key as PropertyKey);
  const isMissing = issue.type === 'strict_object' && issue.expected?.startsWith('"');
  if (isMissing)
    return { message: `\`${formatPath(path)}\` is missing`, location: locate(findOffset(root, path)) };
  if (issue.type === 'strict_object') return undefined;
  return { message: `\`${formatPath(path)}\` ${issue.message}`, location: locate(findOffset(root, path)) };
}

function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .slice(1);
}
