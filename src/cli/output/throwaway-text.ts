/** The first line of the commands that execute migrations elsewhere. */

import type { KatEvent } from '../../engine/events.js';

export function throwawayText({ place, version }: Extract<KatEvent, { type: 'throwaway-opened' }>): string {
  return `Throwaway database on PostgreSQL ${version}: ${place}`;
}
