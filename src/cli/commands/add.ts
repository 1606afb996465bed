/** `kat add` */

import type { KatError } from '../../errors.js';
import type { AddOptions, Kat } from '../../index.js';
import { readSqlFile } from '../../project/folder/load.js';
import type { CommandSpec } from '../command.js';
import type { Context, Outcome } from '../context.js';
import { flagError } from '../flag-error.js';
import { openProject } from '../open-project.js';
import { formatChanges } from '../output/deps-text.js';
import { shortPath } from '../output/excerpt.js';

interface AddFlags {
  description?: string;
  parent?: string[];
  up?: string;
  down?: string;
  infer?: string;
  /** Commander's name for `--no-transaction`. */
  transaction: boolean;
}

export const add: CommandSpec<'add', AddFlags> = {
  name: 'add',
  summary: 'Create a new migration',
  description:
    'Writes a folder with up.sql, down.sql and metadata.yaml. The name is put into lower case, spaces become underscores, and other characters than letters, digits and underscores are dropped. The parents are the current heads of the graph, so that the first migration after two merged branches joins them. With --up the SQL is there already, and the parents are the migrations that it needs; --infer does the same for a migration whose SQL was written since.',
  arguments: [{ name: '[name]', description: 'what the migration does, such as create_users_table' }],
  options: [
    { flags: '--description <text>', description: 'a sentence about the migration, for metadata.yaml' },
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
    {
      flags: '--infer <migration>',
      description:
        'set the parents of this migration to the migrations its SQL depends on, and create nothing',
    },
    {
      flags: '--no-transaction',
      description:
        'run it outside of a transaction, statement by statement, as CREATE INDEX CONCURRENTLY needs',
    },
  ],
  examples: [
    { command: 'kat add create_users_table', explanation: 'a migration that follows everything so far' },
    {
      command: 'kat add "add email to users" --parent create_users_table',
      explanation: 'one that follows only that migration',
    },
    { command: 'kat add index_emails --no-transaction', explanation: 'one for CREATE INDEX CONCURRENTLY' },
    {
      command: 'kat add create_posts --up posts.sql',
      explanation: 'one that follows what its SQL needs',
    },
    {
      command: 'kat add --infer create_posts',
      explanation: 'the same for a migration whose up.sql is written',
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
  const help = 'A new migration has a name; --infer is for one that is there.';
  return flagError('add', 'a name and --infer exclude each other', help);
}

async function inferParents(context: Context, kat: Kat, reference: string): Promise<Outcome<'add'>> {
  const change = await kat.inferParents(reference);
  const { cwd, style } = context;
  const isChanged = change.before.join() !== change.after.join();
  const screen = { cwd, style, isVerbose: false };
  context.write(isChanged ? formatChanges([change], screen) : 'The parents are what the SQL needs already\n');
  return { document: { id: change.id, parents: change.after, change } };
}

async function addMigration(
  context: Context,
  kat: Kat,
  { name, isVerbose, ...flags }: Omit<AddFlags, 'infer'> & { name: string; isVerbose: boolean },
): Promise<Outcome<'add'>> {
  const added = await kat.add(name, addOptions(flags));
  context.write(`${context.style.green('Migration created successfully!')}\n`);
  if (isVerbose) {
    const { up, down, metadata } = added.files;
    context.write(`Up query file: ${shortPath(up, context.cwd)}\n`);
    context.write(`Down query file: ${shortPath(down, context.cwd)}\n`);
    context.write(`Metadata file: ${shortPath(metadata, context.cwd)}\n`);
  }
  return { document: { id: added.id, parents: added.parents, files: added.files } };
}

function addOptions({ description, parent, transaction, up, down }: Omit<AddFlags, 'infer'>): AddOptions {
  if (down !== undefined && up === undefined)
    throw flagError('add', '--down goes with --up', 'Give both files, or write the SQL later.');
  return {
    noTransaction: !transaction,
    ...(description === undefined ? {} : { description }),
    ...(parent === undefined ? {} : { parents: parent }),
    ...(up === undefined
      ? {}
      : { sql: { up: readSqlFile(up), ...(down === undefined ? {} : { down: readSqlFile(down) }) } }),
  };
}
