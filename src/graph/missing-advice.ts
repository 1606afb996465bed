/** Advises on applied migrations without a folder. The first advice never loses rows. */

import { KatError, type Problem } from '../errors.js';
import { counted, countedAre } from './counted.js';
import { isNameOfGo, type MissingCause, type Rename } from './missing-cause.js';

/** The effect of `kat down` of named migrations and of `kat sync` on data, as text. */
export const losesRows = 'dropping what they created, with all rows';

/** The problems, one for each migration. */
export function missingProblems({ ids, renames }: MissingCause): Problem[] {
  const to = new Map(renames.map((rename) => [rename.from, rename.to]));
  return ids.map((id) => ({ message: describeMissing(id, to.get(id)), migration: id }));
}

/** @param renamedTo the folder that has the same SQL, or that Go's Kat has recorded under another name. */
export function describeMissing(id: string, renamedTo?: string): string {
  if (renamedTo !== undefined && isNameOfGo(id, renamedTo))
    return `Go's Kat has recorded ${renamedTo} as ${id}`;
  return renamedTo === undefined
    ? `${id} is applied, but it has no folder`
    : `${id} has no folder, and ${renamedTo} has the same SQL: was the folder renamed?`;
}

/** The cause in one line. */
export function summarizeMissing({ ids, seemsForeign, isFolderEmpty }: MissingCause): string {
  if (isFolderEmpty)
    return `the migrations folder is empty, but ${countedAre(ids.length, 'migration')} applied`;
  const missing =
    seemsForeign && ids.length > 1
      ? `none of the ${counted(ids.length, 'applied migration')} is in the migrations folder`
      : `${countedAre(ids.length, 'applied migration')} not in the migrations folder`;
  return seemsForeign ? `${missing}: the tracking table seems to be another project's` : missing;
}

/**
 * What to do first, without loss.
 * @returns undefined where only the branch that has the folders helps.
 */
export function adviseSafely({
  ids,
  renames,
  seemsForeign,
  isFolderEmpty,
}: MissingCause): string | undefined {
  if (isFolderEmpty) {
    return 'Check `migration.directory` in the configuration, and check out the branch that has the migrations. If another project uses this tracking table, set another `tablename`.';
  }
  if (seemsForeign) {
    return "If another project uses this tracking table, set another `tablename` in this project's configuration. If the migrations are this project's, check out the branch that has them.";
  }
  if (renames.length === 0) return undefined;
  const others = ids.length > renames.length ? ' Check out the branch that has the other folders.' : '';
  return `${adviseOnRenames(renames)}${others}`;
}

/** The message of `up`: the alternatives, and their cost. */
export function adviseOnMissing(cause: MissingCause): string {
  return (
    adviseSafely(cause) ??
    `Check out the branch that has these migrations, or restore their folders from git. Or run \`kat up --allow-missing\` if no migration here depends on them, and none of them is a squash that contains pending migrations: \`kat up\` would run their SQL a second time. \`kat sync\` rolls them back, ${losesRows}.`
  );
}

/** Both commands run no SQL of a migration; what follows the migration by its timestamp follows the new name. */
export function adviseOnRenames(renames: readonly Rename[]): string {
  const from = listNames(renames.map((rename) => rename.from));
  const fresh = renames.filter(({ isStamped }) => !isStamped);
  const forget = `\`kat repair ${from} --drop-missing\``;
  const isOfGo = renames.every((rename) => isNameOfGo(rename.from, rename.to));
  if (fresh.length === 0) return `${isOfGo ? 'Run' : 'If it was, run'} ${forget}: it runs no SQL.`;
  const stamp = `\`kat stamp --only ${listNames(fresh.map(({ to }) => to))}\``;
  if (isOfGo) return `Record its own name with ${stamp} and then ${forget}: they run no SQL.`;
  return `If it was, rename the folder back. Or record the new name with ${stamp} and then ${forget}: they run no SQL.`;
}

function listNames(ids: readonly string[]): string {
  return [...new Set(ids)].join(' ');
}

/**
 * Keeps a rollback from what another project made, and from what only has a new name.
 * @param ids what would be rolled back without having been named.
 * @throws KatError MIGRATIONS_MISSING
 */
export function refuseUnsafeRollback(cause: MissingCause | undefined, ids: readonly string[]): void {
  if (!cause) return;
  const renamed = new Set(cause.renames.map(({ from }) => from));
  const missing = new Set(cause.ids);
  const isUnknown = cause.seemsForeign || cause.isFolderEmpty;
  const unsafe = ids.filter((id) => (isUnknown ? missing : renamed).has(id));
  if (unsafe.length === 0) return;
  throw new KatError('MIGRATIONS_MISSING', summarizeMissing(cause), {
    problems: missingProblems(cause),
    help: `${adviseSafely(cause)} Nothing was rolled back. \`kat down ${unsafe.slice(0, 3).join(' ')}${unsafe.length > 3 ? ' …' : ''}\` rolls back anyway, ${losesRows}.`,
  });
}

/**
 * Keeps SQL from running again under a new name.
 * @param ids what would be applied without having been named.
 * @throws KatError MIGRATIONS_MISSING
 */
export function refuseSameSql(cause: MissingCause | undefined, ids: readonly string[]): void {
  const renames = cause?.renames.filter(({ to, isStamped }) => !isStamped && ids.includes(to)) ?? [];
  const [first] = renames;
  if (!first) return;
  const from = renames.map((rename) => rename.from);
  throw new KatError('MIGRATIONS_MISSING', `${first.to} would run the SQL of ${first.from} again`, {
    problems: from.map((id, index) => ({ message: describeMissing(id, renames[index]?.to), migration: id })),
    help: `${adviseOnRenames(renames)} If it is another migration, name it: \`kat up --allow-missing --to ${first.to}\`. Nothing was applied.`,
  });
}
