/** The lines about connecting, which several commands share. */

import type { ConnectionFailed, KatEvent } from '../../engine/events.js';
import { readableDuration } from '../../graph/readable-duration.js';
import type { Context } from '../context.js';

type ConnectionEvent = Extract<KatEvent, { type: 'connecting' | 'connected' }>;

export function connectionText(
  event: ConnectionEvent,
  { style }: Context,
  { isVerbose }: { isVerbose: boolean },
): string {
  if (event.type === 'connecting') {
    return `Attempting to ping database\n${isVerbose ? `  ${style.dim(event.database)}\n` : ''}`;
  }
  const server = isVerbose ? `  ${style.dim(`server version ${event.server.version}`)}\n` : '';
  return `${style.green('Successfully connected to database!')}\n${server}`;
}

/**
 * Formats failed connection attempts. While Kat waits for a server, it prints a repeated reason once.
 * @param tryText words for a try that is one of a number.
 * @returns undefined where nothing new is to be said.
 */
export function failureTexts(
  tryText: (event: ConnectionFailed) => string,
): (event: ConnectionFailed) => string | undefined {
  let known: string | undefined;
  return (event) => {
    const { error, remainingMs } = event;
    if (remainingMs === undefined) return tryText(event);
    if (error.message === known) return undefined;
    known = error.message;
    return `${error.message}; waiting for the server, for up to ${readableDuration(remainingMs)}`;
  };
}

/** The first line of the commands that execute migrations on a throwaway database of a server. */
export function throwawayText({ place, version }: Extract<KatEvent, { type: 'throwaway-opened' }>): string {
  return `Throwaway database on PostgreSQL ${version}: ${place}`;
}
