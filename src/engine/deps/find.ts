/** Makes findings of what migrations need against what they declare, and the edges that would set it right. */

import type { Finding } from '../../findings.js';
import { canonicalTimestamp, type Migration, type RawMigration } from '../../graph/migration.js';
import { locateReference } from '../../graph/resolve-parents.js';
import { type DependencyCode, dependencySeverities } from './codes.js';
import { type Edges, findMissingEdges, findRedundantEdges, findUnneededEdges } from './compare-edges.js';
import type { Comparison } from './comparison.js';
import { findUnknown, type UnknownNeeds } from './find-unknown.js';
import type { MigrationDependencies } from './result.js';

/** What was found, and for each migration the ids that its parents lack. */
export interface Compared {
  findings: readonly Finding[];
  missing: ReadonlyMap<string, readonly string[]>;
  /** What is needed, without what only seems so. */
  migrations: readonly MigrationDependencies[];
}

/** Compares every migration; findings come in the order of the graph. */
export function compare(comparison: Comparison): Compared {
  const { graph, history } = comparison;
  const unknown = findUnknown(comparison);
  const migrations = withoutReversed(comparison.migrations, unknown);
  const numbers = new Map(graph.migrations.map(({ id }, index) => [id, index]));
  const toNumbers = (ids: readonly string[]) => ids.map((id) => numbers.get(id) as number);
  const declared = graph.migrations.map(({ parents }) => toNumbers(parents));
  const missing = findMissingEdges(
    declared,
    migrations.map(({ needs }) => toNumbers(needs.map(({ id }) => id))),
  );
  const inferred = history.conservative.map(({ parents }) => toNumbers(parents));
  const superfluous = findSuperfluous(comparison, declared, inferred);
  const idOf = (number: number) => (graph.migrations[number] as Migration).id;
  const lacking = missing.map((found) => found.map(idOf));
  return {
    migrations,
    findings: migrations.flatMap((migration, index) => [
      ...(lacking[index] ?? []).map((need) => undeclared(migration, need)),
      ...(unknown[index]?.findings ?? []),
      ...(superfluous[index] ?? []),
    ]),
    missing: new Map(
      migrations.map(({ id }, index) => [
        id,
        [...new Set([...(lacking[index] ?? []), ...(unknown[index]?.missing ?? [])])],
      ]),
    ),
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

/** What the best reason says, with both places. */
function undeclared({ id, needs }: MigrationDependencies, need: string): Finding {
  const [reason] = needs.find((found) => found.id === need)?.reasons ?? [];
  const { location, otherLocation, message, isGuess } = reason ?? {};
  const where = otherLocation ? ` (${need}/up.sql:${otherLocation.line}:${otherLocation.column})` : '';
  const why = reason ? `: line ${location?.line} ${message}${where}` : '';
  return {
    code: 'undeclared' satisfies DependencyCode,
    severity: isGuess ? 'warning' : dependencySeverities.undeclared,
    message: `needs ${need}, which is not among its ancestors${why}`,
    help: `Add ${need} to its \`parents\`, or run \`kat deps --fix\`.`,
    migration: id,
    ...(location ? { location } : {}),
  };
}

function findSuperfluous({ graph, raw, history }: Comparison, declared: Edges, inferred: Edges): Finding[][] {
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
  unneeded: (id: string) => `nothing found in the SQL needs the parent ${id}, here or in what follows`,
} as const;

function superfluous(code: keyof typeof superfluousTexts, { child, parent }: DeclaredEdge): Finding {
  const reference = child.parents.find(({ text }) => means(text, parent));
  return {
    code,
    severity: dependencySeverities[code],
    message: superfluousTexts[code](parent.id),
    migration: child.id,
    ...(reference ? { location: locateReference(child, reference) } : {}),
  };
}

function means(text: string, { id, name, timestamp }: Migration): boolean {
  return text === id || text === name || canonicalTimestamp(text) === timestamp;
}
