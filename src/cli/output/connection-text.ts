/** The lines about connecting, which several commands share. */

import type { KatEvent } from '../../engine/events.js';
import type { Context } from '../context.js';

type ConnectionEvent = Extract<KatEvent, { type: 'connecting' | 'connected' }>;

export function connectionText(event: ConnectionEvent, { style }: Context, isVerbose: boolean): string {
  if (event.type === 'connecting') {
    return `Attempting to ping database\n${isVerbose ? `  ${style.dim(event.database)}\n` : ''}`;
  }
  const server = isVerbose ? `  ${style.dim(`server version ${event.server.version}`)}\n` : '';
  return `${style.green('Successfully connected to database!')}\n${server}`;
}
