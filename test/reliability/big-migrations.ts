/** Migrations of many megabytes, and how much memory a run of them takes. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from '../support/kat-project.js';
import { expectDone } from './scene.js';

export const megabyte = 2 ** 20;

/** Writes the most memory that a process ever had into a file. */
const reportPeak = join(import.meta.dirname, '../../bench/support/report-peak.cjs');

/** @returns the most memory that `kat up` had, in bytes. */
export async function peakOf(project: Project): Promise<number> {
  const file = join(project.home, 'peak');
  const run = await project.kat('up', {
    nodeArguments: ['--require', reportPeak],
    env: { KAT_BENCH_PEAK_FILE: file },
    timeoutMs: 110_000,
  });
  expectDone(run);
  return Number(readFileSync(file, 'utf8'));
}

/** Statements of 64 kB each, all different. */
export function inserts(bytes: number): string {
  const row = 'x'.repeat(65_000);
  const rows = Math.ceil(bytes / 65_536);
  return Array.from({ length: rows }, (_, number) =>
    `INSERT INTO texts VALUES (${number}, '${number} ${row}');\n`.padEnd(65_536, '-'),
  ).join('\n');
}
