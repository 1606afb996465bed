/** For connections that are one session: a second user beside the first would share its transaction without knowing. */

import { ConnectionError } from '../errors.js';
import type { Session } from './driver.js';

/** What is in use, by whatever driver: two may be made of the same connection. */
const used = new WeakSet<object>();

/**
 * Wraps the opening of sessions.
 * @param connection stands for the one session; all drivers that are given the same one take turns.
 * @param open opens a session; it must see to it that `leave` is called when that session is closed.
 * @returns a function that throws a ConnectionError while a session is open.
 */
export function oneSessionAtATime<T extends unknown[]>(
  connection: object,
  open: (leave: () => void, ...args: T) => Promise<Session>,
): (...args: T) => Promise<Session> {
  const leave = () => {
    used.delete(connection);
  };
  return async (...args) => {
    if (used.has(connection)) {
      throw new ConnectionError('another call of Kat uses this connection', {
        help: 'It is one session, which only one call can use at a time: await the other call first. A pool of `pg` gives each call a session of its own.',
        isTransient: false,
      });
    }
    used.add(connection);
    try {
      return await open(leave, ...args);
    } catch (error) {
      leave();
      throw error;
    }
  };
}
