/** `kat schema` */

import { existsSync } from 'node:fs';
import { KatError } from '../../errors.js';
import { counted } from '../../graph/counted.js';
import { listIds } from '../../graph/list-ids.js';
import type { SchemaConflict, SchemaOptions, SchemaResult } from '../../index.js';
import { present } from '../../present.js';
import type { Config } from '../../project/config/config.js';
import type { CommandSpec } from '../command.js';
import { yesOption } from '../confirm.js';
import { confirmEnvironment } from '../confirm-environment.js';
import type { Context } from '../context.js';
import { findingsExitCode } from '../findings-options.js';
import { withProject } from '../open-project.js';
import { shortPath } from '../output/excerpt.js';
import { formatFindings } from '../output/findings-text.js';
import { throwawayOption } from '../throwaway-option.js';

interface SchemaFlags {
  file?: string;
  dir?: string;
  check?: boolean;
  load?: boolean;
  dryRun?: boolean;
  yes?: boolean;
  on?: string;
  installMergeDriver?: boolean;
  mergeDriver?: string[];
}

export const schemaCommand: CommandSpec<'schema', SchemaFlags> = {
  name: 'schema',
  description:
    'Builds the schema of the migrations folder in a throwaway database and prints it as SQL, one statement per object, in an order in which it can be loaded. The same folder always gives the same text. --file writes it into a file, and --dir into a folder with one file for each object. Kat also writes FILE.migrations, which lists the ids of the migrations. --load needs an empty database. With --install-merge-driver, git recomputes the file when it merges branches.',
  options: [
    { flags: '--file <file>', description: 'write the schema into this file' },
    {
      flags: '--dir <folder>',
      description: 'write one file for each object into this folder, and delete those of removed objects',
    },
    {
      flags: '--check',
      description: 'exit with code 3 and show the changes if the file is stale (default file: schema.sql)',
    },
    {
      flags: '--load',
      description:
        'execute the file in the database and record its migrations as applied, in one transaction (default file: schema.sql)',
    },
    {
      flags: '--dry-run',
      description: 'with --load: check the file and the database, but change nothing [env: KAT_DRY_RUN]',
    },
    yesOption,
    throwawayOption,
    {
      flags: '--install-merge-driver',
      description:
        'write .gitattributes and the configuration of this clone, so that git runs Kat to merge the file (default file: schema.sql)',
    },
    {
      flags: '--merge-driver <files...>',
      description:
        'git calls this: recompute the file from `%O %A %B %P`, which are base, ours, theirs and the path',
    },
  ],
  examples: [
    { command: 'kat schema', explanation: 'print the schema' },
    {
      command: 'kat schema --file schema.sql',
      explanation: 'write the schema into a file, to review it with the migrations',
    },
    { command: 'kat schema --install-merge-driver', explanation: 'let merges of branches recompute it' },
  ],
  run: async (context, { yes, dryRun, ...flags }) => {
    const isOffline = flags.load !== true && flags.on !== 'server';
    return withProject(context, { isOffline, flags: present({ dryRun }) }, async ({ kat, config }) => {
      const isDryRun = flags.load ? config.migration.dryRun : dryRun;
      if (flags.load && !isDryRun) await confirmEnvironment(context, config, { yes });
      const result = await kat.schema({ ...optionsOf(flags, config), dryRun: isDryRun });
      print(context, result);
      if (result.rowMigrations.length > 0)
        context.warn(
          `Warning: a schema has no rows, so the database lacks those of ${listIds(result.rowMigrations)}. Insert them yourself, or use \`kat up\` instead.`,
        );
      return { document: { ...result }, exitCode: findingsExitCode(result) };
    });
  },
};

function optionsOf(
  { installMergeDriver, mergeDriver, ...flags }: Omit<SchemaFlags, 'yes' | 'dryRun'>,
  { file }: Config,
): SchemaOptions {
  if (mergeDriver === undefined)
    return { ...flags, ...(installMergeDriver ? { installMergeDriver: file } : {}) };
  const [base, ours, theirs, path, ...others] = mergeDriver;
  if (!base || !ours || !theirs || !path || others.length > 0)
    throw new KatError('USAGE', '`--merge-driver` takes four paths: base, ours, theirs and the file', {
      help: 'git passes them. To set git up, run `kat schema --install-merge-driver`.',
    });
  return { ...flags, merge: { base, ours, theirs, path } };
}

function printConflict(
  { cwd, style, warn }: Context,
  name: string,
  { reason, help, findings }: SchemaConflict,
): void {
  const text = formatFindings(findings, { cwd, style, isVerbose: true });
  warn(`${text}${name} is not merged: ${reason}. ${help}`);
}

function printWritten(context: Context, name: string, written: readonly string[]): void {
  for (const one of written) context.write(`wrote ${one}\n`);
  context.write(
    `git ${written.length === 0 ? 'already runs' : 'now runs'} Kat to merge ${name} in this clone\n`,
  );
}

function print(context: Context, result: SchemaResult): void {
  const { sql, file, dir, changes, migrations, isValid, isMerged, written, conflict } = result;
  const { cwd, style } = context;
  const path = dir ?? file;
  const name = path === undefined ? '' : shortPath(path, cwd);
  const count = counted(migrations.length, 'migration');
  if (path === undefined) context.writeExact(sql ?? '');
  else if (written) printWritten(context, name, written);
  else if (conflict) printConflict(context, name, conflict);
  else if (isMerged) context.write(`merged ${name}: ${count}\n`);
  else if (result.isDryRun) context.write(`DRY RUN: Would load ${name} and record ${count} as applied\n`);
  else if (result.isLoaded) context.write(`loaded ${name} and recorded ${count} as applied\n`);
  else if (sql !== undefined) context.write(`wrote ${name} with the schema of ${count}\n`);
  else if (isValid) context.write(`${style.green(`${name} is the schema of ${count}`)}\n`);
  else printStale(context, { path, name, flag: dir === undefined ? '--file' : '--dir', changes });
}

function printStale(
  { write, style }: Context,
  { path, name, flag, changes }: { path: string; name: string; flag: string; changes: readonly string[] },
): void {
  write(
    `${changes.map((line) => (line.startsWith('-') ? style.red(line) : style.green(line))).join('\n')}\n`,
  );
  const problem = existsSync(path) ? 'stale' : 'missing';
  write(`${style.red(`${name} is ${problem}`)}: run \`kat schema ${flag} ${name}\`\n`);
}
