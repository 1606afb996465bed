/** `kat import` */

import { resolve } from 'node:path';
import type { KatError } from '../../errors.js';
import { present } from '../../present.js';
import { type ImportTool, importTools } from '../../project/import/tools.js';
import type { CommandSpec } from '../command.js';
import { yesOption } from '../confirm.js';
import { confirmEnvironment } from '../confirm-environment.js';
import { flagError } from '../flag-error.js';
import { openProject } from '../open-project.js';
import { importSummary, importText, warningText } from '../output/import-text.js';
import { createRunScreen } from '../output/run/run-text.js';
import { lockOptions, type WaitFlags, waitSettings } from '../wait-options.js';

interface ImportFlags extends WaitFlags {
  from?: ImportTool;
  adopt?: boolean;
  dryRun?: boolean;
  yes?: boolean;
  table?: string;
  placeholder?: string[];
}

export const importCommand: CommandSpec<'import', ImportFlags> = {
  name: 'import',
  description:
    "Reads another tool's folder and writes its migrations into Kat's folder: the same SQL in the same order. The ids are the same on every computer. Kat checks everything first and writes nothing if there is an error. With --adopt, Kat records the migrations that the other tool's tracking table lists as applied. `kat up` then applies the rest. The other tool's files and table stay unchanged, and so do migrations of an earlier import.",
  arguments: [{ name: '<folder>', description: "the other tool's migrations folder" }],
  options: [
    { flags: '--from <tool>', description: 'the other tool; required', choices: importTools },
    { flags: '--adopt', description: 'also record the migrations that the other tool applied' },
    {
      flags: '--table <name>',
      description: "the other tool's tracking table (default: its usual name)",
    },
    {
      flags: '--placeholder <name=value>',
      description: "value of a placeholder in the other tool's SQL; repeat for more",
      isRepeatable: true,
    },
    {
      flags: '--dry-run',
      description: 'check everything, change nothing, and print what would be done [env: KAT_DRY_RUN]',
    },
    yesOption,
    ...lockOptions,
  ],
  examples: [
    { command: 'kat import --from dbmate db/migrations', explanation: 'import the migrations of dbmate' },
    {
      command: 'kat import --from prisma prisma/migrations --adopt --dry-run',
      explanation: 'show the migrations to write and to record',
    },
    {
      command: 'kat import --from flyway sql --placeholder schema=app --adopt',
      explanation: 'import, and record the migrations that Flyway applied',
    },
  ],
  run: async (context, { from, adopt, table, placeholder = [], dryRun, yes, ...waits }, [folder = '']) => {
    if (!from) throw missingTool();
    const placeholders = parsePlaceholders(placeholder);
    let screen: ReturnType<typeof createRunScreen> | undefined;
    const { kat, config } = await openProject(context, {
      onEvent: (event) => screen?.(event),
      flags: { ...waitSettings(waits), ...present({ dryRun }) },
    });
    const { dryRun: isDryRun } = config.migration;
    screen = createRunScreen(context, { isDryRun: true, isVerbose: config.verbose, showsDirection: false });
    try {
      if (adopt && !isDryRun) await confirmEnvironment(context, config, { yes });
      const directory = resolve(context.cwd, folder);
      const result = await kat.import({ from, directory, adopt, table, placeholders, dryRun: isDryRun });
      context.write(importText(result, context.style));
      for (const warning of result.warnings) context.warn(warningText(warning, context.cwd));
      context.write(importSummary(result, context.style));
      return { document: { ...result } };
    } finally {
      await kat.close();
    }
  },
};

function missingTool(): KatError {
  const help = `Name the other tool with --from: ${importTools.join(', ')}.`;
  return flagError('import', '`kat import` requires --from', help);
}

/** @throws KatError USAGE */
function parsePlaceholders(texts: readonly string[]): Record<string, string> {
  const pairs = texts.map((text) => {
    const match = /^([^=]+)=(.*)$/s.exec(text);
    if (match) return [match[1] as string, match[2] as string] as const;
    const help = 'Write it as `--placeholder name=value`.';
    throw flagError('import', `--placeholder ${text} has no value`, help);
  });
  return Object.fromEntries(pairs);
}
