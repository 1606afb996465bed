/** Reads and writes what executing migrations has shown, as a line of a file. */

import { reversedDigits } from '../../graph/reversed-digits.js';

/** How the two orders of a pair end. */
export type PairEnds = 'same' | 'differs' | 'fails';

/** When and on what it was seen. */
interface Circumstances {
  /** The major version of PostgreSQL. */
  postgres: number;
  /** The version of the way in which Kat executes and compares. */
  method: number;
  /** A hash of the migrations that were executed, and of all their ancestors. */
  state: string;
}

/** Two migrations without a path between them, executed in both orders on the schema of their ancestors. */
export interface PairEvidence extends Circumstances {
  /** Ids, sorted. */
  pair: readonly [string, string];
  ends: PairEnds;
}

/** A migration, executed up and down on the schema of its ancestors. */
export interface WayBackEvidence extends Circumstances {
  migration: string;
  /** Names of what differs afterwards, without schema; `*` where down.sql fails. */
  differs: readonly string[];
}

export type EvidenceEntry = PairEvidence | WayBackEvidence;

/** Changes whenever Kat executes or compares in another way. */
export const evidenceMethod = 1;

/** What an entry is about: entries of one subject replace each other. */
export function subjectOf(entry: EvidenceEntry): string {
  const subject = 'pair' in entry ? entry.pair.join(' ') : entry.migration;
  return `${subject} ${entry.postgres}`;
}

/** One line for each entry; those of one branch are rarely beside those of another. */
export function formatEvidence(entries: readonly EvidenceEntry[]): string {
  const keyed = entries.map((entry) => ({ entry, key: sortKey(entry) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  return keyed.map(({ entry }) => `${JSON.stringify(entry)}\n`).join('');
}

function sortKey(entry: EvidenceEntry): string {
  const [first, second = ''] = 'pair' in entry ? [entry.pair[1], entry.pair[0]] : [entry.migration];
  return `${reversedDigits(first)} ${second} ${entry.postgres}`;
}

/** @returns undefined for a line that Kat does not write. */
export function parseEntry(line: string): EvidenceEntry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? (readPair(value) ?? readWayBack(value)) : undefined;
  } catch {
    return undefined;
  }
}

type Fields = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readCircumstances({ postgres, method, state }: Fields): Circumstances | undefined {
  const isKnown = typeof postgres === 'number' && typeof method === 'number' && typeof state === 'string';
  return isKnown ? { postgres, method, state } : undefined;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function readPair({ pair, ends, ...rest }: Fields): PairEvidence | undefined {
  const circumstances = readCircumstances(rest);
  if (!circumstances || !isTexts(pair) || (ends !== 'same' && ends !== 'differs' && ends !== 'fails'))
    return undefined;
  const [first, second, ...others] = pair;
  if (first === undefined || second === undefined || others.length > 0) return undefined;
  return { pair: [first, second], ends, ...circumstances };
}

function readWayBack({ migration, differs, ...rest }: Fields): WayBackEvidence | undefined {
  const circumstances = readCircumstances(rest);
  if (!circumstances || typeof migration !== 'string' || !isTexts(differs)) return undefined;
  return { migration, differs, ...circumstances };
}
