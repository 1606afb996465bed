/** A renamed table or view breaks code that uses the old name. */

import type { Node, RangeVar } from '@pgsql/types';
import { findRelation, keyOfName, nameText, resolveParts } from '../../schema/schema.js';
import { nodeOf } from '../../syntax/node-of.js';
import { partsOfRange } from '../../syntax/object-names.js';
import type { RelationName } from '../../syntax/relation-name.js';
import { quoteRelation } from '../fix/quote-name.js';
import { liveRelation } from '../live-relations.js';
import { relationKinds } from '../made-names.js';
import type { LintedStatement, Rule } from '../rule.js';

export const renameTable: Rule = {
  id: 'rename-table',
  severity: 'error',
  summary: 'a table or view in use is renamed or moved to another schema',
  checkStatement: (statement) => {
    const change = readChange(statement.node);
    const name = liveRelation(statement, change?.relation);
    if (!change || !name || isIndex(statement, change.relation)) return [];
    if (statement.isMadeLater(name) || hasNewName(statement, name)) return [];
    return [
      {
        at: statement.indexOf(change.relation?.location),
        message: `${change.what} breaks every query that still uses ${nameText(name)}`,
        help: `Keep the old name in the same migration: CREATE VIEW ${quoteRelation(name, statement.schema)} AS SELECT * FROM ${quoteRelation({ ...name, ...change.to }, statement.schema)}. Grant the privileges of the table on the view, too. Drop the view when no running version uses it.`,
      },
    ];
  },
};

/** ALTER TABLE renames indexes, too, and no query names those. */
function isIndex({ schema }: LintedStatement, range: RangeVar | undefined): boolean {
  const parts = range ? partsOfRange(range) : [];
  return schema.indexOwners.has(keyOfName(resolveParts(schema, parts, schema.indexOwners)));
}

/** A name that this migration has given to the table. */
function hasNewName({ schema, migration }: LintedStatement, name: RelationName): boolean {
  const known = findRelation(schema, name);
  const isOfBase = known?.isInBase === true && known.namedBy === known.creator;
  return known !== undefined && !isOfBase && migration.isNewWith(known.namedBy);
}

function readChange(node: Node) {
  const rename = nodeOf(node, 'RenameStmt');
  if (rename && relationKinds.has(rename.renameType ?? '')) {
    const { relation, newname = '' } = rename;
    return { relation, to: { name: newname }, what: `renaming ${relation?.relname} to ${newname}` };
  }
  const move = nodeOf(node, 'AlterObjectSchemaStmt');
  if (!move || !relationKinds.has(move.objectType ?? '')) return undefined;
  const { relation, newschema = '' } = move;
  return {
    relation,
    to: { schema: newschema },
    what: `moving ${relation?.relname} to the schema ${newschema}`,
  };
}
