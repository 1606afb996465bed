/** Hidden folders in which migrations are written before they appear, and which keep their timestamps until then. */

import { readdirSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const prefix = '.kat-add-';

/** A command that is running keeps a reservation for less than this, in milliseconds. */
const longestMs = 10_000;

/** The name for a migration with this timestamp. */
export function reservationName(timestamp: string): string {
  return prefix + timestamp;
}

/** Whether a hidden folder of this name holds a migration that is being written, or was when its command was interrupted. */
export function isReservation(name: string): boolean {
  return name.startsWith(prefix);
}

/** Whether the command that made the reservation must have ended without giving it up. */
export function isAbandoned(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && Date.now() - found.mtimeMs > longestMs;
}

/**
 * Removes the empty reservations that interrupted commands left in the migrations folder. One with files stays: they may be
 * somebody's SQL. Never throws.
 */
export function removeAbandoned(root: string): void {
  for (const path of listReservations(root)) {
    try {
      if (isAbandoned(path)) rmdirSync(path);
    } catch {
      // It has files, another command has just removed it, or the disk refuses; the timestamp stays taken.
    }
  }
}

function listReservations(root: string): string[] {
  try {
    return readdirSync(root).flatMap((name) => (isReservation(name) ? [join(root, name)] : []));
  } catch {
    return [];
  }
}
