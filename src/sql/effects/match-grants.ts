/** Finds GRANT ON ALL beside equal ALTER DEFAULT PRIVILEGES: together they hold for every object, whenever it comes. */

import type { PrivilegeGroup } from './change.js';
import type { Effect, ObjectsOfSchema } from './effect.js';

/** @returns the effects of a migration; those that grant know for which objects both do. */
export function matchGrants(effects: readonly Effect[]): readonly Effect[] {
  const coming = effects.filter(({ change }) => change?.kind === 'default privileges');
  const present = coming.length === 0 ? [] : effects.filter(grantsOnAll);
  const matched = present.map(objectsOf).filter(({ schema, group }) => {
    const now = present.filter((one) => one.object.name === schema && groupOf(one) === group);
    return areEqual(
      now,
      coming.filter((one) => isFor(one, { schema, group })),
    );
  });
  return matched.length === 0 ? effects : effects.map((effect) => marked(effect, matched));
}

function grantsOnAll({ object, change }: Effect): boolean {
  return object.kind === 'schema' && change?.kind === 'privileges' && change.group !== undefined;
}

function objectsOf(effect: Effect): ObjectsOfSchema {
  return { schema: effect.object.name, group: groupOf(effect) ?? 'tables' };
}

function groupOf({ change }: Effect): PrivilegeGroup | undefined {
  return change && 'group' in change ? change.group : undefined;
}

/** Whether default privileges are for such objects. */
function isFor(effect: Effect, { schema, group }: ObjectsOfSchema): boolean {
  const isRoutine = group === 'functions' || group === 'procedures';
  const isThere = effect.object.name === '*' || effect.object.name === schema;
  return isThere && groupOf(effect) === (isRoutine ? 'routines' : group);
}

function areEqual(...sides: readonly Effect[][]): boolean {
  const [one, other] = sides.map((side) => JSON.stringify(side.flatMap(({ grants = [] }) => grants)));
  return one === other && sides.flat().every(isCertain);
}

/** Default privileges of a schema take nothing back that is given everywhere (ALTER DEFAULT PRIVILEGES, "Description"). */
function isCertain({ object, grants = [], when, isInBranch, isGuess }: Effect): boolean {
  const isWithoutEffect =
    object.kind === 'default privileges' &&
    object.name !== '*' &&
    grants.some(({ result }) => result === 'revoked');
  return when === 'now' && !isInBranch && !isGuess && !isWithoutEffect;
}

function marked(effect: Effect, matched: readonly ObjectsOfSchema[]): Effect {
  const isDefault = effect.change?.kind === 'default privileges';
  if (!isDefault && !grantsOnAll(effect)) return effect;
  const own = matched.filter((objects) =>
    isDefault
      ? isFor(effect, objects)
      : objects.schema === effect.object.name && objects.group === groupOf(effect),
  );
  return own.length === 0 ? effect : { ...effect, grantedThroughout: own };
}
