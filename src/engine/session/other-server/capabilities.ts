/** What a server that speaks PostgreSQL's protocol, and is something else, keeps of PostgreSQL's promises. */

import type { Driver, Session } from '../../../connections/driver.js';
import type { EventListener } from '../../events.js';

export interface Capabilities {
  /** Such as `CockroachDB CCL v25.1.2`: without the computer that it was built for. */
  name: string;
  /** `lease`: advisory locks lock nothing there, or are an error. */
  lock: 'advisory' | 'lease';
}

/** A server whose promises are tried. */
export interface TriedServer {
  driver: Driver;
  session: Session;
  /** What `version()` says. */
  version: string;
  onEvent: EventListener;
}
