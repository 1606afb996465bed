/** For databases that have one session: a second one beside it would share its transaction without knowing. */

import { ConnectionError } from '../errors.js';
import type { Session } from './driver.js';

/**
 * Wraps the opening of sessions.
 * @param open opens one; it must see to it that `leave` is called when that session is closed.
 * @returns a function that throws a ConnectionError while a session is open.
 */
export function oneSessionAtATime<T extends unknown[]>(
  open: (leave: () => void, ...args: T) => Promise<Session>,
): (...args: T) => Promise<Session> {
  let isBusy = false;
  const leave = () => {
    isBusy = false;
  };
  return async (...args) => {
    if (isBusy) {
      throw new ConnectionError('this connection allows one session, which is already open', {
        help: 'Close that session first.',
        isTransient: false,
      });
    }
    isBusy = true;
    try {
      return await open(leave, ...args);
    } catch (error) {
      leave();
      throw error;
    }
  };
}
