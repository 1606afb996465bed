/** Compares needs with declared parents, and computes findings and the missing edges. */

import type { Finding } from '../../findings.js';
import { canonicalTimestamp, type Migration, type RawMigration } from '../../graph/migration.js';
import { locateReference } from '../../graph/resolve-parents.js';
import { type DependencyCode, dependencySeverities } from './codes.js';
import {
  findMissingEdges,
  findRedundantEdges,
  findUnneededEdges,
  type NumberedEdges,
} from './compare-edges.js';
import type { Comparison } from './comparison.js';
import { findGuessed } from './find-guessed.js';
import { findUndeclared, type UndeclaredEdge } from './find-undeclared.js';
import { findUnknown, type UnknownNeeds } from './find-unknown.js';
import { noOrderHelps } from './no-order-helps.js';
import type { Dependency, MigrationDependencies } from './result.js';

/** The findings, and for each migration the missing parents. */
export interface Compared {
  findings: readonly Finding[];
  missing: ReadonlyMap<string, readonly string[]>;
  /** The certain needs. */
  migrations: readonly MigrationDependencies[];
}

/** Compares every migration; findings come in the order of the graph. */
export async function compare(comparison: Comparison): Promise<Compared> {
  const { graph, history } = comparison;
  const unknown = findUnknown(comparison);
  const undeclared = await lacking(comparison, unknown);
  const numbers = new Map(graph.migrations.map(({ id }, index) => [id, index]));
  const toNumbers = (ids: readonly string[]) => ids.map((id) => numbers.get(id) as number);
  const counted = withoutReversed(comparison.migrations, unknown).map((one) => withCounted(one, undeclared));
  const needs = counted.map((one) => toNumbers(one.needs.map(({ id }) => id)));
  const parents = findMissingEdges(
    needs.map(() => []),
    needs,
  );
  const migrations = counted.map((one, index) => {
    const inferredParents = (parents[index] ?? []).map(
      (number) => (graph.migrations[number] as Migration).id,
    );
    return withUndeclared({ ...one, inferredParents }, undeclared);
  });
  const declared = graph.migrations.map(({ parents }) => toNumbers(parents));
  const inferred = history.conservative.map(({ id, needs: own }) => {
    const ancestors = graph.ancestors(id);
    return toNumbers(
      own.filter((need) => !need.isAlternative || ancestors.has(need.id)).map((need) => need.id),
    );
  });
  const superfluous = findSuperfluous(comparison, declared, inferred);
  const ofChild = (id: string) => undeclared.filter(({ child }) => child === id);
  return {
    migrations,
    findings: migrations.flatMap(({ id }, index) => [
      ...ofChild(id).map((edge) => undeclaredFinding(edge, comparison)),
      ...(unknown[index]?.findings ?? []),
      ...(superfluous[index] ?? []),
    ]),
    missing: new Map(
      migrations.map(({ id }, index) => {
        const fixed = ofChild(id).filter(
          ({ severity, failsAnyway }) => !failsAnyway && (severity === 'error' || comparison.isConservative),
        );
        return [id, [...new Set([...fixed.map(({ parent }) => parent), ...(unknown[index]?.missing ?? [])])]];
      }),
    ),
  };
}

/** The edges that unordered pairs need; conservatively also possible ones. Objects that are created later count as unknown. */
async function lacking(comparison: Comparison, unknown: readonly UnknownNeeds[]): Promise<UndeclaredEdge[]> {
  const { graph, history, migrations, isConservative } = comparison;
  const later = new Set(
    migrations.flatMap(({ id }, index) =>
      (unknown[index]?.creators ?? []).map((creator) => `${creator} ${id}`),
    ),
  );
  const found = await findUndeclared(graph, history);
  const sure = found.filter(
    ({ parent, child }) => !later.has(`${parent} ${child}`) && !later.has(`${child} ${parent}`),
  );
  return isConservative ? [...sure, ...findGuessed(comparison, sure)] : sure;
}

/** Of needs that are no ancestors only those count whose order matters. */
function withCounted(
  migration: MigrationDependencies,
  undeclared: readonly UndeclaredEdge[],
): MigrationDependencies {
  const isLacking = (id: string) =>
    undeclared.some(({ parent, child }) => child === migration.id && parent === id);
  return {
    ...migration,
    needs: migration.needs.filter(({ id, isAncestor }) => isAncestor || isLacking(id)),
  };
}

/** Edges of pairs of which neither need was read. */
function withUndeclared(
  migration: MigrationDependencies,
  undeclared: readonly UndeclaredEdge[],
): MigrationDependencies {
  const known = new Set(migration.needs.map(({ id }) => id));
  const others = undeclared
    .filter(({ parent, child }) => child === migration.id && !known.has(parent))
    .map(({ parent, reason }): Dependency => ({ id: parent, isAncestor: false, reasons: [reason] }));
  return {
    ...migration,
    needs: [...migration.needs, ...others],
    inferredParents: [...migration.inferredParents, ...others.map(({ id }) => id)],
  };
}

/** Who creates what an earlier one needs does not need that one, although it must not come first as things are. */
function withoutReversed(
  migrations: readonly MigrationDependencies[],
  unknown: readonly UnknownNeeds[],
): MigrationDependencies[] {
  const later = new Set(
    migrations.flatMap(({ id }, index) =>
      (unknown[index]?.creators ?? []).map((creator) => `${creator} ${id}`),
    ),
  );
  return migrations.map((migration) => ({
    ...migration,
    needs: migration.needs.filter(({ id }) => !later.has(`${migration.id} ${id}`)),
    inferredParents: migration.inferredParents.filter((id) => !later.has(`${migration.id} ${id}`)),
  }));
}

/** Both places, and what to do. */
function undeclaredFinding(edge: UndeclaredEdge, { isConservative, evidence }: Comparison): Finding {
  const { parent, child, severity, reason, pair, failsAnyway } = edge;
  const shown = evidence.ofPair(pair, severity);
  const { location, otherLocation, message } = reason;
  const where = `(${parent}/up.sql:${otherLocation.line}:${otherLocation.column})`;
  const isFixed = severity === 'error' || isConservative;
  const relation = failsAnyway
    ? `works in no order with ${parent}`
    : `needs ${parent}, which is not among its ancestors`;
  const command = isFixed ? 'kat deps --fix' : 'kat deps --fix --conservative';
  return {
    code: 'undeclared' satisfies DependencyCode,
    severity: severity === 'error' ? dependencySeverities.undeclared : severity,
    message: `${relation}: line ${location.line} ${message} ${where}`,
    help: failsAnyway ? noOrderHelps : `Add ${parent} to its \`parents\`, or run \`${command}\`.`,
    migration: child,
    location,
    ...(shown ? { evidence: shown } : {}),
  };
}

function findSuperfluous(
  { graph, raw, history }: Comparison,
  declared: NumberedEdges,
  inferred: NumberedEdges,
): Finding[][] {
  const redundant = findRedundantEdges(declared);
  const isJoin = (child: number) =>
    history.migrations[child]?.effects.effects.length === 0 &&
    history.migrations[child]?.effects.opaque.length === 0;
  const unneeded = findUnneededEdges(
    declared,
    inferred,
    (child, parent) => isJoin(child) || redundant[child]?.includes(parent) === true,
  );
  const rawById = new Map(raw.map((migration) => [migration.id, migration]));
  return graph.migrations.map((migration, index) => {
    const at = (number: number) => ({
      child: rawById.get(migration.id) as RawMigration,
      parent: graph.migrations[number] as Migration,
    });
    return [
      ...(redundant[index] ?? []).map((number) => superfluous('redundant', at(number))),
      ...(unneeded[index] ?? []).map((number) => superfluous('unneeded', at(number))),
    ];
  });
}

interface DeclaredEdge {
  child: RawMigration;
  parent: Migration;
}

const superfluousTexts = {
  redundant: (id: string) => `the parent ${id} is an ancestor of another parent`,
  unneeded: (id: string) => `no SQL of this migration or its descendants depends on the parent ${id}`,
} as const;

const superfluousHelp = {
  redundant: 'You can remove it from `parents`.',
  unneeded: 'You can remove it from `parents` if no other reason requires it.',
} as const;

function superfluous(code: keyof typeof superfluousTexts, { child, parent }: DeclaredEdge): Finding {
  const reference = child.parents.find(({ text }) => means(text, parent));
  return {
    code,
    severity: dependencySeverities[code],
    message: superfluousTexts[code](parent.id),
    help: superfluousHelp[code],
    migration: child.id,
    ...(reference ? { location: locateReference(child, reference) } : {}),
  };
}

function means(text: string, { id, name, timestamp }: Migration): boolean {
  return text === id || text === name || canonicalTimestamp(text) === timestamp;
}
