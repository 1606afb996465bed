/** Writes statements that create functions, operators, triggers and their like. */

import { quoteLiteral } from '../../quote.js';
import { qualifiedName, type SnapshotObject } from '../snapshot/snapshot.js';
import { splitList } from '../snapshot/written-names.js';
import { assignments, inBrackets, joinWords, ownerName } from './words.js';

/** `pg_get_functiondef` and its like give whole statements. */
export function createByDefinition({ definition }: SnapshotObject): string[] {
  return [(definition.definition ?? '').trim().replace(/;$/, '')];
}

const aggregateParts: Readonly<Record<string, string>> = {
  ...{ stateFunction: 'SFUNC', stateType: 'STYPE', stateSize: 'SSPACE', finalFunction: 'FINALFUNC' },
  ...{ finalExtra: 'FINALFUNC_EXTRA', combineFunction: 'COMBINEFUNC', serialFunction: 'SERIALFUNC' },
  ...{ deserialFunction: 'DESERIALFUNC', movingStateFunction: 'MSFUNC', movingInverseFunction: 'MINVFUNC' },
  ...{ movingStateType: 'MSTYPE', movingFinalFunction: 'MFINALFUNC' },
};

const parallelModes: Readonly<Record<string, string>> = { s: 'SAFE', r: 'RESTRICTED' };
const finalModes: Readonly<Record<string, string>> = { r: 'READ_ONLY', s: 'SHAREABLE', w: 'READ_WRITE' };

export function createAggregate(object: SnapshotObject): string[] {
  const { definition } = object;
  const {
    arguments: args,
    initialState,
    movingInitialState,
    sortOperator,
    parallel,
    finalModify,
    kind,
  } = definition;
  const name = qualifiedName(object).replace(/\(.*$/s, '');
  const parts = [
    ...assignments(definition, aggregateParts),
    ...(initialState === undefined ? [] : [`INITCOND = ${quoteLiteral(initialState)}`]),
    ...(movingInitialState === undefined ? [] : [`MINITCOND = ${quoteLiteral(movingInitialState)}`]),
    ...(finalModify === undefined ? [] : [`FINALFUNC_MODIFY = ${finalModes[finalModify]}`]),
    ...(sortOperator === undefined ? [] : [`SORTOP = ${operatorName(sortOperator)}`]),
    ...(parallel === undefined ? [] : [`PARALLEL = ${parallelModes[parallel]}`]),
    ...(kind === 'hypothetical-set' ? ['HYPOTHETICAL'] : []),
  ];
  return [`CREATE AGGREGATE ${name}(${args === '' ? '*' : args}) (\n  ${parts.join(',\n  ')}\n)`];
}

/** `OPERATOR(public.<)` of `public.<(integer,integer)`; names of pg_catalog stand alone. */
function operatorName(text: string): string {
  const name = text.replace(/\(.*$/s, '');
  return name.includes('.') ? `OPERATOR(${name})` : name;
}

export function createOperator(object: SnapshotObject): string[] {
  const { definition, name } = object;
  const [, left = 'NONE', right = 'NONE'] = /\((.*),(.*)\)$/s.exec(name) ?? [];
  const { commutator, negator } = definition;
  const parts = [
    `FUNCTION = ${definition.function}`,
    ...(left === 'NONE' ? [] : [`LEFTARG = ${left}`]),
    ...(right === 'NONE' ? [] : [`RIGHTARG = ${right}`]),
    ...(commutator === undefined ? [] : [`COMMUTATOR = ${operatorName(commutator)}`]),
    ...(negator === undefined ? [] : [`NEGATOR = ${operatorName(negator)}`]),
    ...assignments(definition, { restrict: 'RESTRICT', join: 'JOIN', hashes: 'HASHES', merges: 'MERGES' }),
  ];
  return [`CREATE OPERATOR ${qualifiedName(object).replace(/\(.*$/s, '')} (${parts.join(', ')})`];
}

/** The members follow: the class alone may have none but its own type. */
export function createFamily(object: SnapshotObject): string[] {
  const { members } = object.definition;
  const reference = qualifiedName(object).replace(/ using (\S+)$/, ' USING $1');
  const items = splitList(members).map((item) =>
    item.replace(/^(operator|function)/, (word) => word.toUpperCase()),
  );
  return [
    `CREATE OPERATOR FAMILY ${reference}`,
    ...(items.length === 0 ? [] : [`ALTER OPERATOR FAMILY ${reference} ADD\n  ${items.join(',\n  ')}`]),
  ];
}

/** Its operators and functions are members of its family. */
export function createClass(object: SnapshotObject): string[] {
  const { type, stores, default: isDefault, family } = object.definition;
  const [, name = '', method = ''] = /^(.*) using (\S+)$/s.exec(qualifiedName(object)) ?? [];
  return [
    joinWords(
      `CREATE OPERATOR CLASS ${name}`,
      isDefault !== undefined && 'DEFAULT',
      `FOR TYPE ${type} USING ${method} FAMILY ${family} AS STORAGE ${stores ?? type}`,
    ),
  ];
}

export function createLanguage({ name, definition }: SnapshotObject): string[] {
  const { trusted, handler, inline, validator } = definition;
  return [
    joinWords(
      `CREATE ${trusted === undefined ? '' : 'TRUSTED '}LANGUAGE ${name} HANDLER ${handler}`,
      inline !== undefined && `INLINE ${inline}`,
      validator !== undefined && `VALIDATOR ${validator}`,
    ),
  ];
}

export function createAccessMethod({ name, definition: { type, handler } }: SnapshotObject): string[] {
  return [`CREATE ACCESS METHOD ${name} TYPE ${type} HANDLER ${handler}`];
}

const stateVerbs: Readonly<Record<string, string>> = {
  ...{ disabled: 'DISABLE', D: 'DISABLE' },
  ...{ replica: 'ENABLE REPLICA', R: 'ENABLE REPLICA' },
  ...{ always: 'ENABLE ALWAYS', A: 'ENABLE ALWAYS' },
};

/** `ENABLE ALWAYS` and its like for a state; the usual state is left out of definitions. */
export function firingVerb(state: string | undefined): string {
  return state === undefined ? 'ENABLE' : (stateVerbs[state] ?? 'ENABLE');
}

/** A trigger or a rule, which may fire otherwise than usual. */
export function createFiring(object: SnapshotObject): string[] {
  const { state, parentState } = object.definition;
  if (parentState !== undefined) return [setFiringState(object)];
  return [...createByDefinition(object), ...(state === undefined ? [] : [setFiringState(object)])];
}

export function setFiringState(object: SnapshotObject): string {
  const { kind, name, definition } = object;
  const only = definition.parentState === undefined ? '' : 'ONLY ';
  return `ALTER TABLE ${only}${ownerName(object)} ${firingVerb(definition.state)} ${kind.toUpperCase()} ${name}`;
}

/** The trigger that a partition has from its parent fires again as that one does. */
export function dropFiring(object: SnapshotObject): string[] {
  const { definition, kind, name } = object;
  const { parentState } = definition;
  if (parentState === undefined) return [`DROP ${kind.toUpperCase()} ${name} ON ${ownerName(object)}`];
  return [setFiringState({ ...object, definition: { ...definition, state: parentState } })];
}

export function createEventTrigger({ name, definition }: SnapshotObject): string[] {
  const { event, function: by, tags, state } = definition;
  const words = splitList(tags).map(quoteLiteral);
  const when = tags === undefined ? '' : ` WHEN TAG IN (${words.join(', ')})`;
  return [
    `CREATE EVENT TRIGGER ${name} ON ${event}${when} EXECUTE FUNCTION ${by}`,
    ...(state === undefined ? [] : [`ALTER EVENT TRIGGER ${name} ${firingVerb(state)}`]),
  ];
}

export function createPolicy(object: SnapshotObject): string[] {
  const { restrictive, command, roles, using, check } = object.definition;
  return [
    joinWords(
      `CREATE POLICY ${object.name} ON ${ownerName(object)}`,
      restrictive !== undefined && 'AS RESTRICTIVE',
      `FOR ${command} TO ${roles}`,
      using !== undefined && `USING (${using})`,
      check !== undefined && `WITH CHECK (${check})`,
    ),
  ];
}

export function createPublication({ name, definition }: SnapshotObject): string[] {
  const { allTables, tables, schemas, publish, viaRoot, generatedColumns } = definition;
  const objects = [
    ...(tables === undefined ? [] : [`TABLE ${tables}`]),
    ...(schemas === undefined ? [] : [`TABLES IN SCHEMA ${schemas}`]),
  ].join(', ');
  const target = allTables === undefined ? objects : 'ALL TABLES';
  const options = [
    `publish = '${publish ?? ''}'`,
    ...(viaRoot === undefined ? [] : ['publish_via_partition_root = true']),
    ...(generatedColumns === undefined ? [] : ['publish_generated_columns = stored']),
  ];
  return [
    `CREATE PUBLICATION ${name}${target === '' ? '' : ` FOR ${target}`}${inBrackets('WITH ', options)}`,
  ];
}

export function createStatistics(object: SnapshotObject): string[] {
  const { target } = object.definition;
  const name = qualifiedName(object);
  return [
    ...createByDefinition(object),
    ...(target === undefined ? [] : [`ALTER STATISTICS ${name} SET STATISTICS ${target}`]),
  ];
}
