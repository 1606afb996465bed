/** Follows domains: types with constraints of their own. */

import { chooseName } from '../postgres/chosen-names.js';
import { type NodeOf, nodeOf, nodesOf } from '../syntax/node-of.js';
import { hasDefaultValue, isNull } from '../syntax/null-values.js';
import { namePartsOf } from '../syntax/object-names.js';
import { readType } from './read-type.js';
import { type Domain, keyOfName, newName, resolveParts, type Schema, type UserType } from './schema.js';

/** How NOT NULL is called among the constraints of a domain. */
const notNull = 'not null';

export function addDomain(schema: Schema, statement: NodeOf<'CreateDomainStmt'>, creator: string): void {
  const name = newName(schema, namePartsOf(statement.domainname));
  const written = nodesOf(statement.constraints, 'Constraint');
  const hasDefault = hasDefaultValue(written);
  const domain: Domain = { base: readType(statement.typeName), constraints: new Set(), hasDefault };
  for (const constraint of written) addConstraint(name.name, domain, constraint);
  schema.types.set(keyOfName(name), { ...name, creator, domain });
}

export function followAlterDomain(schema: Schema, statement: NodeOf<'AlterDomainStmt'>): void {
  const type = findDomain(schema, statement);
  if (!type?.domain) return;
  const { subtype, name = '', def } = statement;
  const constraint = nodeOf(def, 'Constraint');
  if (subtype === 'C' && constraint) addConstraint(type.name, type.domain, constraint);
  if (subtype === 'O') type.domain.constraints.add(notNull);
  if (subtype === 'N') type.domain.constraints.delete(notNull);
  if (subtype === 'X') type.domain.constraints.delete(name);
  if (subtype === 'T') type.domain.hasDefault = def !== undefined && !isNull(def);
}

/** The domain that an ALTER DOMAIN is about, as far as it is known. */
export function findDomain(
  schema: Schema,
  { typeName }: Pick<NodeOf<'AlterDomainStmt'>, 'typeName'>,
): UserType | undefined {
  return schema.types.get(keyOfName(resolveParts(schema, namePartsOf(typeName), schema.types)));
}

/** A check without a name is called after its domain, with a number when that is taken (ChooseConstraintName). */
function addConstraint(
  name: string,
  { constraints }: Domain,
  { contype, conname }: NodeOf<'Constraint'>,
): void {
  if (contype === 'CONSTR_NOTNULL') constraints.add(notNull);
  if (contype !== 'CONSTR_CHECK') return;
  const isTaken = (taken: string) => constraints.has(taken);
  constraints.add(conname ?? chooseName({ table: name, columns: [], label: 'check' }, isTaken));
}
