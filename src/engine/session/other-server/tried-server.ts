/** A server that is not PostgreSQL itself, as it is tried. */

import type { Driver, Session } from '../../../connections/driver.js';
import type { EventListener } from '../../events.js';

/** A server whose promises are tried. */
export interface TriedServer {
  driver: Driver;
  session: Session;
  /** What `version()` says. */
  version: string;
  onEvent: EventListener;
}
