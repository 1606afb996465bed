/** Privileges for everybody, or all of them, or the right to pass them on, are seldom what an application needs. */

import type { GrantStmt, Node } from '@pgsql/types';
import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import type { Found, LintedStatement, Rule } from '../rule.js';

export const broadGrant: Rule = {
  id: 'broad-grant',
  severity: 'warning',
  topic: 'design',
  summary: 'a GRANT that may be too broad: to PUBLIC, of ALL, or WITH GRANT OPTION',
  checkStatement: (statement) => {
    const defaults = nodeOf(statement.node, 'AlterDefaultPrivilegesStmt')?.action;
    const grant = nodeOf(statement.node, 'GrantStmt') ?? defaults;
    if (grant?.is_grant) return findBroad(statement, grant);
    return findSuperuser(statement);
  },
};

function findBroad(statement: LintedStatement, grant: GrantStmt): Found[] {
  const everybody = nodesOf(grant.grantees, 'RoleSpec').find(isEverybody);
  const at = statement.indexOf(everybody?.location);
  // Whoever may use a schema or a type may do nothing with what is in it yet; everybody may use types as it is.
  const isHarmless = ['OBJECT_SCHEMA', 'OBJECT_TYPE', 'OBJECT_DOMAIN', 'OBJECT_LANGUAGE'].includes(
    grant.objtype ?? '',
  );
  if (everybody && !(isHarmless && grant.privileges)) {
    const message = 'GRANT … TO PUBLIC grants to every role, also to roles that are created later';
    return [{ at, message, help: 'Name the roles that need it.' }];
  }
  if (grant.grant_option) {
    const message = 'WITH GRANT OPTION lets the role grant its privileges to other roles';
    return [{ at: statement.start, message, help: 'Leave it out, and grant all privileges in migrations.' }];
  }
  if (grant.privileges || !isOfTables(grant)) return [];
  return [
    {
      at: statement.start,
      severity: 'info',
      message:
        'GRANT ALL on a table includes TRUNCATE, REFERENCES and TRIGGER, and privileges that later versions add',
      help: 'Name the privileges, such as SELECT, INSERT, UPDATE, DELETE.',
    },
  ];
}

function isEverybody({ roletype }: { roletype?: string }): boolean {
  return roletype === 'ROLESPEC_PUBLIC';
}

function isOfTables({ objtype }: GrantStmt): boolean {
  return objtype === 'OBJECT_TABLE';
}

function findSuperuser(statement: LintedStatement): Found[] {
  const { node } = statement;
  const options = nodeOf(node, 'CreateRoleStmt')?.options ?? nodeOf(node, 'AlterRoleStmt')?.options;
  const option = nodesOf(options, 'DefElem').find(({ defname, arg }) => isYes(arg) && isMighty(defname));
  if (!option) return [];
  return [
    {
      at: statement.indexOf(option.location),
      message: `${option.defname?.toUpperCase()} lets the role bypass all privileges and policies`,
      help: 'Give the role the privileges that it needs.',
    },
  ];
}

function isMighty(name: string | undefined): boolean {
  return name === 'superuser' || name === 'bypassrls';
}

function isYes(value: Node | undefined): boolean {
  return nodeOf(value, 'Boolean')?.boolval === true;
}
