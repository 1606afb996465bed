/** A copy of a template, on a server or embedded, and the place that makes such copies. */

import type { KatOptions } from '../engine/kat-options.js';
import type { TemplateContent } from './template-content.js';
import type { TestClient, TestPglite } from './test-database.js';

/** A copy of a template. */
export interface Clone {
  name: string;
  /** Undefined for an embedded database. */
  url: string | undefined;
  /** Undefined for a database on a server. */
  pglite: TestPglite | undefined;
  /** The database as `createKat` takes it. */
  database: KatOptions['database'];
  /** @throws KatError USAGE for an embedded database; ConnectionError. */
  client(): Promise<TestClient>;
  query<R>(sql: string, values?: readonly unknown[]): Promise<R[]>;
  drop(): Promise<void>;
  /** @returns where it is, and how to open it. */
  keep(test: string | undefined): Promise<string>;
}

/** Makes templates and copies them. */
export interface TestPlace {
  /** Builds the template, unless it exists. @returns a function that copies it. */
  prepare(content: TemplateContent): Promise<() => Promise<Clone>>;
  close(): Promise<void>;
}
