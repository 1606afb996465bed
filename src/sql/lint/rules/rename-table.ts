/** A table or view under another name is gone for all who know the old one. */

import type { Node } from '@pgsql/types';
import { nameText } from '../../schema/schema.js';
import { nodeOf } from '../../syntax/node-of.js';
import { quoteRelation } from '../fix/quote-name.js';
import { liveRelation } from '../live-relations.js';
import { relationKinds } from '../made-names.js';
import type { Rule } from '../rule.js';

export const renameTable: Rule = {
  id: 'rename-table',
  severity: 'error',
  summary: 'a table or view in use gets another name or schema',
  checkStatement: (statement) => {
    const change = readChange(statement.node);
    const name = liveRelation(statement, change?.relation);
    if (!change || !name || statement.isMadeLater(name)) return [];
    return [
      {
        at: statement.indexOf(change.relation?.location),
        message: `${change.what} breaks every query that still says ${nameText(name)}`,
        help: `Keep the old name alive in the same migration: CREATE VIEW ${quoteRelation(name, statement.schema)} AS SELECT * FROM ${quoteRelation({ ...name, ...change.to }, statement.schema)}. Drop that view when no running version uses it.`,
      },
    ];
  },
};

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
