/** Recognizes a server that takes connections, and has no database of the name. */

import { ConnectionError } from '../../errors.js';

export function isMissing(error: unknown): boolean {
  return error instanceof ConnectionError && error.sqlstate === '3D000';
}
