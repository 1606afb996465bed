/** Formats the output of `deps`: each migration's needs and reasons, changes, and totals. */

import { countsText } from '../../findings.js';
import { counted } from '../../graph/counted.js';
import type { DependencyReason, DepsResult, MigrationDependencies, ParentsChange } from '../../index.js';
import { shortPath } from './excerpt.js';
import type { Style } from './style.js';

interface Screen {
  cwd: string;
  style: Style;
  /** Shows all needs with all reasons, instead of the nearest with the best. */
  isVerbose: boolean;
}

/** One block for each migration; migrations without needs only if all are requested. */
export function formatNeeds(migrations: readonly MigrationDependencies[], screen: Screen): string {
  const isTold = ({ needs, opaque }: MigrationDependencies) =>
    screen.isVerbose || needs.length > 0 || opaque.length > 0;
  const blocks = migrations.filter(isTold).map((migration) => blockOf(migration, screen));
  return blocks.length === 0 ? '' : `${blocks.join('\n')}\n`;
}

function blockOf({ id, needs, inferredParents, opaque }: MigrationDependencies, screen: Screen): string {
  const { style, isVerbose } = screen;
  const shown = isVerbose ? needs : needs.filter((need) => inferredParents.includes(need.id));
  const lines = shown.flatMap((need) => {
    const mark = need.isAncestor ? '' : style.red(' (not an ancestor)');
    const reasons = isVerbose ? need.reasons : need.reasons.slice(0, 1);
    return [`  needs ${need.id}${mark}`, ...reasons.map((reason) => `    ${reasonText(reason, screen)}`)];
  });
  const hidden = opaque.map(
    ({ reason, location }) => `  line ${location.line}: ${reason}, which Kat cannot analyse`,
  );
  const own = lines.length === 0 ? ['  needs nothing'] : lines;
  return [style.bold(id), ...own, ...hidden].join('\n');
}

function reasonText(
  { message, location, otherLocation, isGuess }: DependencyReason,
  { cwd }: Screen,
): string {
  const { file, line, column } = otherLocation;
  const words = `line ${location.line} ${message} (${shortPath(file, cwd)}:${line}:${column})`;
  return isGuess ? `perhaps: ${words}` : words;
}

/** The parents of each file that changes, before and after. */
export function formatChanges(changes: readonly ParentsChange[], { cwd, style }: Screen): string {
  return changes
    .map(({ file, before, after }) => {
      const removed = before.filter((id) => !after.includes(id));
      const added = after.filter((id) => !before.includes(id));
      const lines = [
        shortPath(file, cwd),
        ...removed.map((id) => style.red(`  - ${id}`)),
        ...added.map((id) => style.green(`  + ${id}`)),
      ];
      return `${lines.join('\n')}\n`;
    })
    .join('');
}

/** The last lines: what was looked at, what came of it, and what was written. */
export function depsSummary(
  { counts, findings, migrations, isValid, shape, changes, isDryRun }: DepsResult,
  style: Style,
): string {
  const found = findings.length === 0 ? 'no problems found' : countsText(counts);
  const lines = [
    ...(shape
      ? [
          `${counted(shape.migrations, 'migration')}, ${counted(shape.edges, 'edge')}; longest path: ${counted(shape.criticalPath, 'migration')}; at most ${shape.widestLevel} at the same level`,
        ]
      : []),
    (isValid ? style.green : style.red)(`${counted(migrations.length, 'migration')}: ${found}`),
    ...(changes ? [changesLine(changes.length, isDryRun)] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function changesLine(count: number, isDryRun: boolean): string {
  if (count === 0) return 'No parents to change';
  return isDryRun
    ? `DRY RUN: Would change the parents of ${counted(count, 'migration')}`
    : `Changed the parents of ${counted(count, 'migration')}`;
}
