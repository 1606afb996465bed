/** Reads `metadata.yaml`, by the fast way where it can and by the YAML library where it must. */

import type * as v from 'valibot';
import type { Problem, Result, SourceLocation } from '../../errors.js';
import {
  canonicalTimestamp,
  type MigrationId,
  type ParentReference,
  parseMigrationId,
} from '../../graph/migration.js';
import { present } from '../../present.js';
import { locateLine, locateOffset } from '../source-text.js';
import { checkShape, findOffset } from '../yaml/check-shape.js';
import type { YamlNode } from '../yaml/yaml-node.js';
import { parseYaml } from '../yaml/yaml-tree.js';
import { type Metadata, parseMetadataFast } from './metadata-fast.js';
import { metadataKeys, metadataSchema } from './metadata-schema.js';

/**
 * Reads any `metadata.yaml` with the YAML library and the schema.
 * @returns what it says, or everything that is wrong with it.
 */
export async function parseMetadata(file: string, text: string): Promise<Result<Metadata>> {
  const locate = (offset: number): SourceLocation => locateOffset(file, text, offset);
  const { root, problems } = await parseYaml(text, { exactIntegers: true, locate });
  if (problems.length > 0) return { problems };
  if (!root) return { problems: [emptyProblem(file)] };
  const shape = { schema: metadataSchema, knownKeys: { '': metadataKeys } };
  const checked = checkShape(root, shape, locate);
  if (!checked.value) return { problems: checked.problems.map((problem) => explainNull(problem, root)) };
  const {
    name,
    timestamp,
    description,
    parents = [],
    replaces = [],
    no_transaction: noTransaction,
  } = checked.value;
  const placed = (value: string | bigint, ...path: (string | number)[]): ParentReference => {
    const { line, column } = locate(findOffset(root, path));
    return { text: String(value), line, column };
  };
  const lines = text.split(/\r?\n/);
  const withLine = (reference: ParentReference) => ({
    ...reference,
    sourceLine: lines[reference.line - 1] ?? '',
  });
  const value: Metadata = {
    name: placed(name, 'name'),
    timestamp: placed(canonicalTimestamp(String(timestamp)), 'timestamp'),
    ...(description ? { description } : {}),
    parents: parents.map((parent, index) => withLine(placed(parent, 'parents', index))),
    noTransaction,
    ...(replaces.length > 0 ? { replaces } : {}),
    ...(checked.value.data_loss === undefined ? {} : { isDataLossExpected: true }),
    ...present({ touches: checked.value.touches }),
    ...readWaits(checked.value),
  };
  return { value };
}

/** The parents in another commit's `metadata.yaml`; undefined if it cannot be read. */
export async function readParents(text: string): Promise<readonly ParentReference[] | undefined> {
  return (await readOtherMetadata(text))?.parents;
}

/** The contents of another commit's `metadata.yaml`; undefined if it cannot be read. */
export async function readOtherMetadata(text: string): Promise<Metadata | undefined> {
  return parseMetadataFast(text) ?? (await parseMetadata('metadata.yaml', text)).value;
}

function readWaits(value: v.InferOutput<typeof metadataSchema>): Pick<Metadata, 'waits'> {
  const waits = {
    lockTimeoutMs: value.lock_timeout,
    statementTimeoutMs: value.statement_timeout,
    retryForMs: value.retry_for,
    maxBlockMs: value.max_block,
  };
  const given = Object.entries(waits).filter(([, milliseconds]) => milliseconds !== undefined);
  return given.length === 0 ? {} : { waits: Object.fromEntries(given) };
}

/** The differences between `metadata` and its folder's name. */
export function checkAgreement(
  folder: MigrationId,
  metadata: Metadata,
  { file, text }: { file: string; text: string },
): Problem[] {
  const problems: Problem[] = [];
  const report = (field: string, place: ParentReference, expected: string): void => {
    problems.push({
      message: `\`${field}\` and the folder disagree: the folder is ${folder.id}`,
      location: locateLine(file, text, place),
      help: adviseOnName(
        metadata,
        `\`${field}: ${expected}\`. Rename the folder only if no database has applied the migration.`,
      ),
    });
  };
  if (!isNameOf(folder, metadata.name.text)) report('name', metadata.name, folder.id);
  if (metadata.timestamp.text !== folder.timestamp) report('timestamp', metadata.timestamp, folder.timestamp);
  return problems;
}

/** Go's Kat records the name of this file, and takes no notice of the folder's. Only names with a timestamp are never its own. */
function adviseOnName({ name, timestamp }: Metadata, correction: string): string {
  const recorded = `${timestamp.text}_${name.text}`;
  const advice = `Write ${correction}`;
  if (parseMigrationId(name.text) || !parseMigrationId(recorded)) return advice;
  return `${advice} But if Go's Kat has applied it, rename the folder to \`${recorded}\`, which it has recorded.`;
}

function isNameOf(folder: MigrationId, name: string): boolean {
  if (name === folder.name) return true;
  const full = parseMigrationId(name);
  return full?.timestamp === folder.timestamp && full.name === folder.name;
}

function emptyProblem(file: string): Problem {
  return {
    message: `${file} is empty`,
    location: { file, line: 1, column: 1, sourceLine: '' },
    help: 'Write the lines `name: …` and `timestamp: …`, as `kat add` does.',
  };
}

/** `parents:` without a value is what stays behind when the last entry is deleted. */
function explainNull(problem: Problem, root: YamlNode): Problem {
  const parents = root.kind === 'map' ? root.entries.get('parents')?.node : undefined;
  const isNull = parents?.kind === 'scalar' && parents.value === null;
  if (!isNull || !problem.message.startsWith('`parents` ')) return problem;
  return { ...problem, help: 'Write `parents: []` or delete the line.' };
}
