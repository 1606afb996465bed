/** Writes the SQL that makes a SQLite schema: one statement per object, in an order that loads. */

import type { SchemaSnapshot } from '../../snapshot/snapshot.js';
import type { RenderedSchema } from '../render-schema.js';
import { createSqliteObject } from './create-sqlite.js';

/** Tables, then what rests on them: SQLite looks up the tables of foreign keys, and what views name, only when they are used. */
const kinds = ['table', 'index', 'view', 'trigger'];

/** @returns equal texts for equal snapshots, but for the texts of views and triggers, which are as somebody wrote them. */
export function renderSqliteSchema(snapshot: SchemaSnapshot): RenderedSchema {
  const objects = kinds.flatMap((kind) => snapshot.objects.filter((object) => object.kind === kind));
  return {
    isSqlite: true,
    changes: [],
    objects: objects.map((object) => ({ object, statements: createSqliteObject(object, snapshot) })),
    incomplete: [],
  };
}
