/** Explains needed objects that no earlier migration creates: a later migration creates them, or none. */

import type { SourceLocation } from '../../errors.js';
import type { Finding } from '../../findings.js';
import { present } from '../../present.js';
import type { Effect } from '../../sql/effects/effect.js';
import { providersOf } from '../../sql/postgres/extensions.js';
import { firstName, joinNames } from '../../sql/syntax/identifiers.js';
import type { ObjectId } from '../../sql/syntax/object-id.js';
import { type DependencyCode, dependencySeverities } from './codes.js';
import type { Comparison } from './comparison.js';
import type { ReadHistory } from './read-sql.js';

/** The findings for one migration. */
export interface UnknownNeeds {
  findings: readonly Finding[];
  /** Ids of later migrations that must come before it. */
  missing: readonly string[];
  /** Ids of all later migrations that create what it needs. */
  creators: readonly string[];
}

/** In the order of the graph. */
export function findUnknown(comparison: Comparison): UnknownNeeds[] {
  const { history, graph } = comparison;
  const creators = findCreators(history);
  const provided = findProvided(history);
  return history.precise.map(({ id, unknown }, index) => {
    const { locate, effects } = history.migrations[index] as ReadHistory['migrations'][number];
    const found = unknown
      .filter(({ object }) => !namesOf(object).some((name) => provided.has(name)))
      .map(({ object, place, isUncertain, isOnceMade }) => {
        const isHidden = effects.opaque.some((part) => part.when === 'now' && part.place.start < place.start);
        const need = { id, object, location: locate(place), isUncertain: isUncertain || isHidden };
        const known = creators.get(history.keyOf(object)) ?? [];
        const creator = isOnceMade ? undefined : known.find((one) => one.index > index);
        const former = known.findLast((one) => one.index <= index);
        if (creator) return needOfLater(need, creator, graph.descendants(id).has(creator.id));
        return isOnceMade && !former ? nothing : { ...nothing, findings: [missingFinding(need, former)] };
      });
    return {
      findings: found.flatMap(({ findings }) => findings),
      missing: found.flatMap(({ missing }) => missing),
      creators: found.flatMap((one) => one.creators),
    };
  });
}

const nothing: UnknownNeeds = { findings: [], missing: [], creators: [] };

function needOfLater(need: UnknownNeed, creator: Creator, isCycle: boolean): UnknownNeeds {
  return {
    findings: [createdLater(need, creator, isCycle)],
    missing: isCycle ? [] : [creator.id],
    creators: [creator.id],
  };
}

function missingFinding(need: UnknownNeed, former: Creator | undefined): Finding {
  return former ? existsNoLonger(need, former) : nobodyCreates(need);
}

interface UnknownNeed {
  id: string;
  object: ObjectId;
  location: SourceLocation;
  isUncertain: boolean;
}

interface Creator {
  id: string;
  index: number;
  location: SourceLocation;
}

function findCreators({ migrations, keyOf }: ReadHistory): Map<string, Creator[]> {
  const creators = new Map<string, Creator[]>();
  for (const [index, { id, effects, locate }] of migrations.entries()) {
    for (const { object, place } of effects.effects.filter(creates)) {
      for (const schema of object.path ?? [object.schema]) {
        const key = keyOf({ ...object, ...present({ schema }) });
        const known = creators.get(key) ?? [];
        creators.set(key, [...known, { id, index, location: locate(place) }]);
      }
    }
  }
  return creators;
}

function creates({ action, when }: Effect): boolean {
  return action === 'create' && when !== 'later';
}

/** The names that migrations provide by comments, without a statement. */
function findProvided({ migrations }: ReadHistory): ReadonlySet<string> {
  const directives = migrations.flatMap(({ effects }) => effects.directives);
  return new Set(
    directives.filter(({ word }) => word === 'provides').map(({ value }) => joinNames(...firstName(value))),
  );
}

function namesOf({ schema, parent, name }: ObjectId): string[] {
  return schema === undefined || schema === 'public'
    ? [joinNames(parent, name), joinNames('public', parent, name)]
    : [joinNames(schema, parent, name)];
}

function describe({ kind, schema, parent, name }: ObjectId): string {
  return `${kind} ${joinNames(schema === 'public' ? undefined : schema, parent, name)}`;
}

function nobodyCreates({ id, object, location, isUncertain }: UnknownNeed): Finding {
  const [name = ''] = namesOf(object);
  const extensions = object.kind === 'function' ? providersOf(object.name) : [];
  const isKnown = extensions.length > 0;
  const of = isKnown ? ` of the extension ${extensions.join(' or ')}` : '';
  return {
    code: 'unknown' satisfies DependencyCode,
    severity: isUncertain || isKnown ? 'info' : dependencySeverities.unknown,
    message: `line ${location.line} references ${describe(object)}${of}, which no migration creates`,
    help: helpForUnknown(name, { isUncertain, isKnown }),
    migration: id,
    location,
  };
}

function helpForUnknown(
  name: string,
  { isUncertain, isKnown }: { isUncertain: boolean; isKnown: boolean },
): string {
  const declaration = `\`-- kat:provides ${name}\``;
  if (isKnown)
    return `Add CREATE EXTENSION to a migration. If the database has the extension anyway, declare ${declaration}.`;
  return isUncertain
    ? `An extension or SQL that Kat cannot analyse may create it: declare it there with ${declaration}.`
    : `Correct the name, or add the migration. If another source creates it, declare it with ${declaration}.`;
}

/** @param former the last one that created it; another has dropped, renamed or moved it since. */
function existsNoLonger({ id, object, location, isUncertain }: UnknownNeed, former: Creator): Finding {
  return {
    code: 'unknown' satisfies DependencyCode,
    severity: isUncertain ? 'info' : dependencySeverities.unknown,
    message: `line ${location.line} references ${describe(object)}, which ${former.id} creates, but which no longer exists at this point`,
    help: 'Correct the name, or remove the statement: an earlier migration drops, renames or moves it.',
    migration: id,
    location,
  };
}

function createdLater(
  { id, object, location }: UnknownNeed,
  { id: creator, location: other }: Creator,
  isCycle: boolean,
): Finding {
  const where = `(${creator}/up.sql:${other.line}:${other.column})`;
  const why = `line ${location.line} references ${describe(object)}, which ${creator} creates ${where}`;
  return {
    code: 'undeclared' satisfies DependencyCode,
    severity: dependencySeverities.undeclared,
    message: isCycle
      ? `needs ${creator}, which is its descendant, so the edge would close a cycle: ${why}`
      : `needs ${creator}, which comes later: ${why}`,
    help: isCycle
      ? 'Move one of the two statements to another migration.'
      : `Add ${creator} to its \`parents\`, or run \`kat deps --fix\`.`,
    migration: id,
    location,
  };
}
