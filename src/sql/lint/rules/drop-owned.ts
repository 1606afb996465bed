/** DROP OWNED drops objects that the statement does not name: all that a role owns in the database. */

import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import type { Rule } from '../rule.js';

export const dropOwned: Rule = {
  id: 'drop-owned',
  severity: 'error',
  summary: 'DROP OWNED, which drops every object of a role in the database',
  checkStatement: (statement) => {
    const roles = nodesOf(nodeOf(statement.node, 'DropOwnedStmt')?.roles, 'RoleSpec');
    return roles.slice(0, 1).map(({ rolename, location }) => ({
      at: statement.indexOf(location),
      message: `DROP OWNED loses every table, view and function of ${rolename ?? 'the current role'} in this database, with all rows`,
      help: 'Drop objects by name. To remove privileges, use REVOKE. To keep the objects, use REASSIGN OWNED first.',
    }));
  },
};
