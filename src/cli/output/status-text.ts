/** The screen of `status`. */

import type { MigrationStatus, Status } from '../../engine/status.js';
import { formatDuration } from './duration.js';
import type { Style } from './style.js';

/** Applied migrations with their times, then pending ones in the order in which `up` would apply them. */
export function formatStatus({ migrations, counts }: Status, style: Style): string {
  const width = migrations.reduce((widest, { id }) => Math.max(widest, id.length), 0);
  const section = (title: string, isIn: (migration: MigrationStatus) => boolean) => {
    const rows = migrations.filter(isIn);
    return rows.length === 0
      ? []
      : [style.bold(title), ...rows.map((row) => formatRow(row, width, style)), ''];
  };
  return [
    ...section('Applied', ({ waitsFor }) => waitsFor === undefined),
    ...section('Pending', ({ waitsFor }) => waitsFor !== undefined),
    totals(counts),
    '',
  ].join('\n');
}

function formatRow(migration: MigrationStatus, width: number, style: Style): string {
  const id = migration.id.padEnd(width);
  if (migration.waitsFor) return `  ${style.yellow('•')} ${id}  ${waiting(migration)}${stopped(migration)}`;
  const when = `${secondsOf(migration.appliedAt ?? '')}  ${formatRecorded(migration.durationMs ?? 0)}`;
  return migration.state === 'applied'
    ? `  ${style.green('✓')} ${id}  ${when}${stopped(migration)}${edited(migration, style)}`
    : `  ${style.red('!')} ${id}  ${when}  ${style.red('missing: its folder is gone')}`;
}

function edited({ isChanged }: MigrationStatus, style: Style): string {
  return isChanged ? `  ${style.yellow('changed: up.sql was edited since')}` : '';
}

/** Where a migration that runs statement by statement was interrupted. */
function stopped({ halfDone }: MigrationStatus): string {
  return halfDone ? `, stopped in statement ${halfDone.finished + 1} (${halfDone.direction})` : '';
}

function waiting({ waitsFor = [], rolledBackAt }: MigrationStatus): string {
  const wait = waitsFor.length === 0 ? 'ready' : `waits for ${waitsFor.join(', ')}`;
  return rolledBackAt ? `${wait}, rolled back ${secondsOf(rolledBackAt)}` : wait;
}

/** The tracking table holds whole milliseconds, so decimals would only pretend. */
function formatRecorded(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)}ms` : formatDuration(ms);
}

/** `2026-11-22T18:00:01.123456Z` without the fraction. */
function secondsOf(instant: string): string {
  return instant.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
}

function totals({ applied, pending, missing, changed }: Status['counts']): string {
  const rare = [
    ...(missing > 0 ? [`${missing} missing`] : []),
    ...(changed > 0 ? [`${changed} changed`] : []),
  ];
  return [`${applied} applied`, `${pending} pending`, ...rare].join(', ');
}
