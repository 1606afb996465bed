/** A new value of an enum does not work before the transaction that adds it is over. */

import type { A_Const, RangeVar, TypeName } from '@pgsql/types';
import { findRelation, keyOfName, nameText, resolveParts, resolveRange } from '../../schema/schema.js';
import { nodeOf } from '../../syntax/node-of.js';
import { namePartsOf } from '../../syntax/object-names.js';
import { objectsIn } from '../../syntax/objects-in.js';
import type { RelationName } from '../../syntax/relation-name.js';
import type { Found, LintedStatement, Rule } from '../rule.js';

export const enumValueUsedInTransaction: Rule = {
  id: 'enum-value-used-in-transaction',
  severity: 'error',
  summary: 'a value that ALTER TYPE ... ADD VALUE adds is used in the same transaction',
  checkMigration: ({ transactions }) => transactions.flatMap(checkTransaction),
};

function checkTransaction(statements: readonly LintedStatement[]): Found[] {
  const added = new Map<string, RelationName>();
  return statements.flatMap((statement) => {
    const found = added.size === 0 ? [] : checkUses(statement, added);
    addValue(statement, added);
    return found;
  });
}

/** Values of a type that the transaction itself makes can be used at once (pg_enum.c, EnumUncommitted). */
function addValue({ node, schema, migration }: LintedStatement, added: Map<string, RelationName>): void {
  const alter = nodeOf(node, 'AlterEnumStmt');
  if (alter?.newVal === undefined || alter.oldVal !== undefined) return;
  const type = resolveParts(schema, namePartsOf(alter.typeName), schema.types);
  if (schema.types.get(keyOfName(type))?.creator !== migration.id) added.set(alter.newVal, type);
}

function checkUses(statement: LintedStatement, added: ReadonlyMap<string, RelationName>): Found[] {
  if ('CommentStmt' in statement.node || 'AlterEnumStmt' in statement.node) return [];
  const known = new Map<string, Likely>();
  return [...readLiterals(statement)].flatMap(([value, location]) => {
    const type = added.get(value);
    if (!type) return [];
    const key = keyOfName(type);
    const likely = known.get(key) ?? isOfType(statement, type);
    known.set(key, likely);
    if (likely === 'no') return [];
    return {
      at: statement.indexOf(location),
      message: `'${value}' of ${nameText(type)} cannot be used in the transaction that adds it (55P04)`,
      help: 'Add the value in an earlier migration.',
      ...(likely === 'perhaps' ? { severity: 'warning' as const } : {}),
    };
  });
}

/** The strings of a statement, each with the location where it stands first. */
function readLiterals({ node }: LintedStatement): Map<string, number | undefined> {
  const found = new Map<string, number | undefined>();
  for (const { A_Const: constant } of objectsIn(node)) {
    const { sval, location } = (constant as A_Const | undefined) ?? {};
    const value = sval?.sval;
    if (value !== undefined && !found.has(value)) found.set(value, location);
  }
  return found;
}

type Likely = 'surely' | 'perhaps' | 'no';

/** Whether a statement deals with the type: it names it, or a table with a column of it. */
function isOfType(statement: LintedStatement, type: RelationName): Likely {
  const { schema, node } = statement;
  let isUnknown = false;
  for (const object of objectsIn(node)) {
    const names = (object as TypeName).names;
    if (Array.isArray(names) && namePartsOf(names).at(-1) === type.name) return 'surely';
    if (typeof (object as RangeVar).relname !== 'string') continue;
    const table = findRelation(schema, resolveRange(schema, object as RangeVar));
    const columns = [...(table?.columns.values() ?? [])];
    if (columns.some((column) => column.type?.parts.at(-1) === type.name)) return 'surely';
    isUnknown ||= !table?.isWhole;
  }
  return isUnknown ? 'perhaps' : 'no';
}
