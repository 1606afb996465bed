/** `kat add` */

import { basename } from 'node:path';
import type { KatError } from '../../errors.js';
import type { Finding } from '../../findings.js';
import { listIds } from '../../graph/list-ids.js';
import type { AddOptions, AddResult, Kat } from '../../index.js';
import { present } from '../../present.js';
import type { CommandSpec } from '../command.js';
import type { Context, Outcome } from '../context.js';
import { flagError } from '../flag-error.js';
import { openProject } from '../open-project.js';
import { formatChanges } from '../output/deps-text.js';
import { shortPath } from '../output/excerpt.js';
import { formatFindings } from '../output/findings-text.js';

interface AddFlags {
  description?: string;
  parent?: string[];
  up?: string;
  down?: string;
  infer?: string;
  ts?: boolean;
  /** Commander's name for `--no-transaction`. */
  transaction: boolean;
}

export const add: CommandSpec<'add', AddFlags> = {
  name: 'add',
  description:
    'Writes a folder with up.sql, down.sql and metadata.yaml. The name becomes lower case, with underscores for spaces and without other special characters. The parents are all current heads of the graph; conflicts between them are shown. With --up, Kat copies the SQL and sets the parents to the migrations it depends on. --infer sets the parents of an existing migration in the same way.',
  arguments: [{ name: '[name]', description: 'what the migration does, such as create_users_table' }],
  options: [
    { flags: '-d, --description <text>', description: 'a sentence about the migration, for metadata.yaml' },
    {
      flags: '--parent <migration>',
      description: 'a parent: id, timestamp, name or prefix; repeat for more (default: all heads)',
      isRepeatable: true,
    },
    {
      flags: '--up <file>',
      description: 'copy this file as up.sql; the parents are the migrations it depends on',
    },
    { flags: '--down <file>', description: 'with --up: copy this file as down.sql' },
    { flags: '--ts', description: 'write up.ts and down.ts, programs in TypeScript, instead of SQL' },
    {
      flags: '--infer <migration>',
      description:
        'set the parents of this migration to the migrations its SQL depends on, and create nothing',
    },
    {
      flags: '--no-transaction',
      description:
        'run the statements one by one, outside a transaction, as CREATE INDEX CONCURRENTLY requires',
    },
  ],
  examples: [
    { command: 'kat add create_users_table', explanation: 'create a migration whose parents are all heads' },
    {
      command: 'kat add "add email to users" --parent create_users_table',
      explanation: 'create a migration with this one parent',
    },
    {
      command: 'kat add index_emails --no-transaction',
      explanation: 'create a migration for CREATE INDEX CONCURRENTLY',
    },
    { command: 'kat add fill_slugs --ts', explanation: 'create a migration in TypeScript' },
    {
      command: 'kat add create_posts --up posts.sql',
      explanation: 'create a migration from a file; find its parents in the SQL',
    },
    {
      command: 'kat add --infer create_posts',
      explanation: 'find the parents of an existing migration in its SQL',
    },
  ],
  run: async (context, { infer, ...flags }, [name]) => {
    if (infer === undefined && name === undefined) throw noName();
    if (infer !== undefined && name !== undefined) throw nameAndInfer();
    const { kat, config } = await openProject(context, { isOffline: true });
    if (infer !== undefined) return inferParents(context, kat, infer);
    return addMigration(context, kat, { name: name as string, isVerbose: config.verbose, ...flags });
  },
};

function noName(): KatError {
  return flagError(
    'add',
    "missing required argument 'name'",
    'Name the migration, such as `kat add create_users`.',
  );
}

function nameAndInfer(): KatError {
  const help = 'Give a name to create a migration, or use --infer with an existing migration.';
  return flagError('add', 'a name and --infer cannot be combined', help);
}

async function inferParents(context: Context, kat: Kat, reference: string): Promise<Outcome<'add'>> {
  const change = await kat.inferParents(reference);
  const { cwd, style } = context;
  const isChanged = change.before.join() !== change.after.join();
  const screen = { cwd, style, isVerbose: false };
  context.write(isChanged ? formatChanges([change], screen) : 'The parents already match the SQL\n');
  return { document: { id: change.id, parents: change.after, change } };
}

async function addMigration(
  context: Context,
  kat: Kat,
  { name, isVerbose, ...flags }: Omit<AddFlags, 'infer'> & { name: string; isVerbose: boolean },
): Promise<Outcome<'add'>> {
  const added = await kat.add(name, await addOptions(flags));
  context.write(`${context.style.green('Migration created successfully!')}\n`);
  if (isVerbose) {
    const { up, down, metadata } = added.files;
    context.write(`Up query file: ${shortPath(up, context.cwd)}\n`);
    context.write(`Down query file: ${shortPath(down, context.cwd)}\n`);
    context.write(`Metadata file: ${shortPath(metadata, context.cwd)}\n`);
  }
  if (added.findings) context.warn(conflictsText(context, added.findings));
  context.advise(nextStep(context, added, { isWritten: flags.up !== undefined }));
  return { document: { ...added } };
}

function conflictsText({ cwd, style }: Context, findings: readonly Finding[]): string {
  const text = formatFindings(findings, { cwd, style, isVerbose: false }).trimEnd();
  return `The heads that it joins conflict:\n${text}`;
}

function nextStep(
  { cwd }: Context,
  { files, parents, namesakes = [] }: AddResult,
  { isWritten }: { isWritten: boolean },
): string {
  const place = parents.length === 0 ? 'It has no parents' : `It follows ${listIds(parents)}`;
  const same =
    namesakes.length === 0
      ? ''
      : `${listIds(namesakes)} ${namesakes.length === 1 ? 'has' : 'have'} the same name: a timestamp tells them apart.\n`;
  const written = `${shortPath(files.up, cwd)} and ${basename(files.down)}`;
  return `${place}.\n${same}${isWritten ? `Read ${written}, and run` : `Write ${written}, then run`} \`kat up\`.\n`;
}

async function addOptions({
  description,
  parent,
  transaction,
  up,
  down,
  ts,
}: Omit<AddFlags, 'infer'>): Promise<AddOptions> {
  if (down !== undefined && up === undefined)
    throw flagError('add', '--down requires --up', 'Use both options, or write the SQL later.');
  return {
    ...(transaction ? {} : { noTransaction: true }),
    ...(ts ? { program: 'ts' } : {}),
    ...present({ description, parents: parent }),
    ...(up === undefined ? {} : { sql: await readSql(up, down) }),
  };
}

async function readSql(up: string, down: string | undefined): Promise<NonNullable<AddOptions['sql']>> {
  const { readSqlFile } = await import('../../project/folder/load.js');
  return { up: readSqlFile(up), ...(down === undefined ? {} : { down: readSqlFile(down) }) };
}
