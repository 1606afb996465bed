/** The names of hidden folders in which migrations are written before they appear. */

const prefix = '.kat-add-';

/** The name for a migration with this timestamp. */
export function reservationName(timestamp: string): string {
  return prefix + timestamp;
}

/** Whether a hidden folder of this name holds a migration that is being written, or was when its command was interrupted. */
export function isReservation(name: string): boolean {
  return name.startsWith(prefix);
}
