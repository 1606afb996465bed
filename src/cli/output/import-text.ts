/** The screen of `import`. */

import { counted, countedAre } from '../../graph/counted.js';
import type { ImportedMigration, ImportResult, Problem } from '../../index.js';
import { shortPath } from './excerpt.js';
import type { Style } from './style.js';

/** A line for each migration: `+` for those that are written, `=` for those that are there. */
export function importText({ migrations, adopted = [] }: ImportResult, style: Style): string {
  const width = Math.max(...migrations.map(({ id }) => id.length));
  const adoptions = new Map(adopted.map((adoption) => [adoption.id, adoption]));
  const lines = migrations.map((migration) => {
    const mark = migration.isPresent ? '=' : style.green('+');
    const remarks = [migration.source, ...remarksOn(migration)];
    const adoption = adoptions.get(migration.id);
    if (adoption) remarks.push(appliedText(adoption.appliedAt));
    return `  ${mark} ${migration.id.padEnd(width)}  ${remarks.join(', ')}\n`;
  });
  return lines.join('');
}

function remarksOn({ noTransaction, hasDown }: ImportedMigration): string[] {
  return [...(noTransaction ? ['no transaction'] : []), ...(hasDown ? [] : ['no down.sql'])];
}

function appliedText(appliedAt: string | undefined): string {
  return appliedAt === undefined ? 'applied' : `applied ${appliedAt.slice(0, 19).replace('T', ' ')} UTC`;
}

/** Omitted or changed parts, with their places. */
export function warningText({ message, location, help }: Problem, cwd: string): string {
  const place = location ? `${shortPath(location.file, cwd)}:${location.line}:${location.column}: ` : '';
  return `Warning: ${place}${help ? `${message}. ${help}` : message}`;
}

/** The written and recorded migrations, or the planned ones. */
export function importSummary({ from, migrations, adopted, isDryRun }: ImportResult, style: Style): string {
  const written = migrations.filter(({ isPresent }) => !isPresent).length;
  const say = (count: number, done: string, todo: string, nothing: string) => {
    if (count === 0) return `${nothing}\n`;
    return isDryRun ? `DRY RUN: Would ${todo}\n` : `${style.green(done)}\n`;
  };
  const count = `${counted(written, 'migration')} from ${from}`;
  const files = say(
    written,
    `Imported ${count}`,
    `import ${count}`,
    `Nothing to import: the ${countedAre(migrations.length, 'migration')} in the migrations folder`,
  );
  if (adopted === undefined) return files;
  const what = `${counted(adopted.length, 'migration')} as applied`;
  return files + say(adopted.length, `Recorded ${what}`, `record ${what}`, 'Nothing to record');
}
