/** Computes the state before the later commands of an ALTER TABLE: PostgreSQL drops first, in any text order. */

import type { AlterTableCmd } from '@pgsql/types';
import { passOf } from '../postgres/alter-table-order.js';
import type { RelationName } from '../syntax/relation-name.js';
import { followInFamily } from './follow-alter-table.js';
import { tableFamily } from './relatives.js';
import { findRelation, keyOfName, type Relation, type Schema } from './schema.js';
import { copyUnseen, followUnseen } from './unseen-tables.js';

/** An ALTER TABLE: its table, with or without those that inherit, and its commands in the order of the text. */
export interface Alteration {
  table: RelationName;
  isOnly: boolean;
  commands: readonly AlterTableCmd[];
}

/** The schema that each command finds: for all but those that drop, without what these have dropped. */
export function schemasFound(schema: Schema, alteration: Alteration): (command: AlterTableCmd) => Schema {
  const drops = alteration.commands.filter(isDrop);
  if (drops.length === 0 || drops.length === alteration.commands.length) return () => schema;
  const after = schemaAfter(schema, { ...alteration, commands: drops });
  return (command) => (isDrop(command) ? schema : after);
}

function isDrop(command: AlterTableCmd): boolean {
  return passOf(command) === 0;
}

/** A copy in which only the table and its relatives are another's. */
function schemaAfter(schema: Schema, { table, isOnly, commands }: Alteration): Schema {
  const copy = {
    ...schema,
    relations: new Map(schema.relations),
    indexOwners: new Map(schema.indexOwners),
    unseen: copyUnseen(schema),
  };
  for (const relative of tableFamily(schema, table))
    copy.relations.set(keyOfName(relative), copyRelation(relative));
  const known = findRelation(copy, table);
  for (const command of commands) {
    if (known) followInFamily(copy, known, { command, isOnly });
    else followUnseen(copy, table, command);
  }
  return copy;
}

function copyRelation(relation: Relation): Relation {
  const columns = [...relation.columns].map(([name, column]) => [name, { ...column }] as const);
  return {
    ...relation,
    columns: new Map(columns),
    constraints: new Map(relation.constraints),
    indexes: new Map(relation.indexes),
  };
}
