/** Reads and writes the file with the evidence of `kat verify`, which a project may commit. */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KatError } from '../../errors.js';
import { readSqlFile } from '../../project/folder/load.js';
import { saveFile } from '../../project/save-file.js';
import { locateLine } from '../../project/source-text.js';
import { type EvidenceEntry, formatEvidence, parseEntry, subjectOf } from './entry.js';

/** Beside the migrations folder. @param directory the migrations folder, absolute. */
function evidenceFileOf(directory: string): string {
  return join(dirname(directory), 'kat-evidence.jsonl');
}

/**
 * @returns undefined without a file.
 * @throws KatError FILES_INVALID for a line that Kat does not write, such as those that git leaves in a conflict.
 */
export function readEvidence(directory: string): EvidenceEntry[] | undefined {
  const file = evidenceFileOf(directory);
  if (!existsSync(file)) return undefined;
  const text = readSqlFile(file);
  return text.split(/\r?\n/).flatMap((line, index) => {
    if (line === '') return [];
    const entry = parseEntry(line);
    if (entry) return [entry];
    throw damaged(file, text, index + 1);
  });
}

/**
 * Entries of the same subject, and those of other states, are replaced.
 * @param isCurrent whether an entry of the file is about the migrations as they are.
 */
export function writeEvidence(
  directory: string,
  entries: readonly EvidenceEntry[],
  isCurrent: (entry: EvidenceEntry) => boolean,
): string {
  const subjects = new Set(entries.map(subjectOf));
  const kept = (readEvidence(directory) ?? []).filter(
    (entry) => !subjects.has(subjectOf(entry)) && isCurrent(entry),
  );
  const file = evidenceFileOf(directory);
  saveFile(file, formatEvidence([...kept, ...entries]));
  return file;
}

function damaged(file: string, text: string, line: number): KatError {
  const message = 'this line is no evidence of `kat verify`';
  return new KatError('FILES_INVALID', `${file} is damaged`, {
    problems: [{ message, location: locateLine(file, text, { line, column: 1 }) }],
    help: 'Delete the line, or the file: `kat verify --evidence` writes it again.',
  });
}
