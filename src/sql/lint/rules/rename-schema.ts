/** A schema under another name takes everything in it away from all who know the old one. */

import { nodeOf } from '../../syntax/node-of.js';
import { isNewSchema } from '../live-relations.js';
import type { Rule } from '../rule.js';

export const renameSchema: Rule = {
  id: 'rename-schema',
  severity: 'error',
  summary: 'a schema in use is renamed',
  checkStatement: (statement) => {
    const rename = nodeOf(statement.node, 'RenameStmt');
    const { renameType, subname = '', newname = '' } = rename ?? {};
    if (renameType !== 'OBJECT_SCHEMA' || isNewSchema(statement, subname)) return [];
    return [
      {
        at: statement.start,
        message: `renaming the schema ${subname} to ${newname} breaks every query and every search_path that still uses ${subname}`,
        help: `Create ${newname} as a second schema. Move the tables one by one, and create views with the old names in ${subname}.`,
      },
    ];
  },
};
