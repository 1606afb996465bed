/** A trigger that stays disabled misses rows: DISABLE TRIGGER ALL even disables foreign keys. */

import { nameText, resolveRange } from '../../schema/schema.js';
import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import type { RelationName } from '../../syntax/relation-name.js';
import type { Found, LintedStatement, Rule } from '../rule.js';

/** `name` is undefined where all triggers are meant. */
interface Switch {
  table: RelationName;
  name: string | undefined;
  isOff: boolean;
  at: number;
  statement: number;
}

export const disabledTrigger: Rule = {
  id: 'disabled-trigger',
  severity: 'warning',
  topic: 'design',
  summary: 'a trigger that the migration disables and does not enable again',
  checkMigration: ({ ran }) => {
    const last = new Map<string, Switch>();
    for (const change of ran.flatMap(readSwitches)) settle(last, change);
    return [...last.values()].map(describe);
  },
};

function readSwitches(statement: LintedStatement): Switch[] {
  const alter = nodeOf(statement.node, 'AlterTableStmt');
  if (!alter) return [];
  const table = resolveRange(statement.schema, alter.relation);
  return nodesOf(alter.cmds, 'AlterTableCmd').flatMap(({ subtype = '', name }) => {
    const isOff = /^AT_DisableTrig(All|User)?$/.test(subtype);
    if (!isOff && !/^AT_Enable(Always|Replica)?Trig(All|User)?$/.test(subtype)) return [];
    const at = statement.indexOf(alter.relation?.location);
    return [{ table, name, isOff, at, statement: statement.index }];
  });
}

/** Enabling all of them enables each. */
function settle(last: Map<string, Switch>, change: Switch): void {
  const table = nameText(change.table);
  if (change.isOff) last.set(`${table} ${change.name ?? ''}`, change);
  else if (change.name !== undefined) last.delete(`${table} ${change.name}`);
  else for (const [key, other] of last) if (nameText(other.table) === table) last.delete(key);
}

function describe({ table, name, at }: Switch): Found {
  const all = `all triggers of ${nameText(table)} stay disabled`;
  return {
    at,
    message: name === undefined ? all : `the trigger ${name} of ${nameText(table)} stays disabled`,
    help: 'Enable it again in the same migration, after the rows are written. If no code needs the trigger, drop it instead.',
  };
}
