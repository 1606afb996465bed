/** The contents of the HTML page, as its script reads them: types without imports of code. */

import type { Severity } from '../findings.js';

/** The state by which a migration is marked and filtered. */
export type PageMark = 'applied' | 'changed' | 'missing' | 'running' | 'pending' | 'unknown';

export interface PageData {
  title: string;
  /** When and by which version the page was written. */
  origin: string;
  /** Without states, history and durations. */
  isOffline: boolean;
  /** Parents before their children. */
  migrations: readonly PageMigration[];
  conflicts: readonly PageConflict[];
}

export interface PageMigration {
  id: string;
  timestamp: string;
  name: string;
  description?: string;
  /** Ids. */
  parents: readonly string[];
  mark: PageMark;
  /** Label and value of each fact about its state, such as `Applied at` and a time. */
  facts: readonly (readonly [label: string, value: string])[];
  up?: PageFile;
  down?: PageFile;
  effects: readonly PageEffect[];
  findings: readonly PageFinding[];
  /** The newest first. */
  history: readonly PageHistoryEntry[];
}

export interface PageFile {
  /** From the migrations folder on. */
  path: string;
  text: string;
  /** How many characters at the end of a long file are left out. */
  omitted: number;
}

export interface PageEffect {
  /** Such as `creates table users`. */
  text: string;
  /** In up.sql, counted from 1. */
  line: number;
  isConditional: boolean;
}

export interface PageFinding {
  severity: Severity;
  code: string;
  message: string;
  help?: string;
  /** Which of the two files, and the line, counted from 1. */
  place?: PagePlace;
}

export interface PagePlace {
  file: 'up' | 'down';
  line: number;
}

export interface PageHistoryEntry {
  /** ISO 8601 in UTC. */
  at: string;
  /** Such as `up succeeded`. */
  what: string;
  durationMs?: number;
  client: string;
  error?: string;
}

/** Two migrations that nothing keeps in order, although their order matters. */
export interface PageConflict {
  ids: readonly [string, string];
  severity: Severity;
  reasons: readonly PageReason[];
}

/** What the first and the second do, and in which line of their up.sql. */
interface PageReason {
  messages: readonly [string, string];
  lines: readonly [number, number];
}
