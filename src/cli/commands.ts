/** All commands, in the groups and the order in which the help lists them. Each is loaded when it is asked for. */

import type { CommandIndex, CommandSpec, CommandTitle, ListedCommand } from './command.js';
import type { CommandName } from './output/documents/document-of.js';

interface CommandEntry extends CommandTitle {
  load: () => Promise<CommandSpec>;
}

/** Commands that the help lists under one heading. */
interface CommandGroup {
  heading: string;
  commands: readonly CommandEntry[];
}

/** @param load its command reads the options that its own list declares, so their type is its own affair. */
function entry<Name extends CommandName>(
  name: Name,
  summary: string,
  load: () => Promise<CommandSpec<Name, never>>,
): CommandEntry {
  return { name, summary, load: load as unknown as CommandEntry['load'] };
}

export const commandGroups: readonly CommandGroup[] = [
  {
    heading: 'Start',
    commands: [
      entry(
        'init',
        'Create a configuration file and a migrations folder',
        async () => (await import('./commands/init.js')).init,
      ),
      entry(
        'db',
        'Create or drop the database, or wait for it',
        async () => (await import('./commands/db.js')).dbCommand,
      ),
      entry('add', 'Create a new migration', async () => (await import('./commands/add.js')).add),
      entry(
        'merge',
        'Join several heads with an empty migration',
        async () => (await import('./commands/merge.js')).merge,
      ),
      entry(
        'bundle',
        'Write all migrations into one module',
        async () => (await import('./commands/bundle.js')).bundleCommand,
      ),
      entry(
        'import',
        'Import migrations from another tool',
        async () => (await import('./commands/import.js')).importCommand,
      ),
      entry(
        'baseline',
        'Create the first migration from an existing database',
        async () => (await import('./commands/baseline.js')).baselineCommand,
      ),
    ],
  },
  {
    heading: 'Change the database',
    commands: [
      entry('up', 'Apply pending migrations', async () => (await import('./commands/up.js')).up),
      entry(
        'down',
        'Roll back the latest migrations, or the named ones',
        async () => (await import('./commands/down.js')).down,
      ),
      entry(
        'redo',
        'Roll migrations back and apply them again',
        async () => (await import('./commands/redo.js')).redo,
      ),
      entry(
        'sync',
        'Make the database match the current git branch',
        async () => (await import('./commands/sync.js')).sync,
      ),
    ],
  },
  {
    heading: 'Look',
    commands: [
      entry(
        'status',
        'Show applied and pending migrations',
        async () => (await import('./commands/status.js')).status,
      ),
      entry('watch', 'Show the run in progress', async () => (await import('./commands/watch.js')).watch),
      entry(
        'plan',
        'Show the plan of up, down, redo or sync',
        async () => (await import('./commands/plan.js')).plan,
      ),
      entry(
        'history',
        'Show the log of applied and failed migrations',
        async () => (await import('./commands/history.js')).history,
      ),
      entry(
        'show',
        'Show everything known about one migration',
        async () => (await import('./commands/show.js')).show,
      ),
      entry(
        'graph',
        'Draw the migration graph in the terminal',
        async () => (await import('./commands/graph.js')).graph,
      ),
      entry(
        'heads',
        'List the migrations that have no children',
        async () => (await import('./commands/heads.js')).heads,
      ),
      entry(
        'roots',
        'List the migrations that have no parents',
        async () => (await import('./commands/roots.js')).roots,
      ),
      entry(
        'blame',
        'Show which migrations changed an object',
        async () => (await import('./commands/blame.js')).blameCommand,
      ),
      entry(
        'export',
        'Print the migration graph as text, a picture or a web page',
        async () => (await import('./commands/export.js')).exportGraph,
      ),
      entry(
        'report',
        'Report how a branch changes the migrations',
        async () => (await import('./commands/report.js')).reportCommand,
      ),
      entry(
        'ping',
        'Check that the database can be reached',
        async () => (await import('./commands/ping.js')).pingCommand,
      ),
    ],
  },
  {
    heading: 'Check',
    commands: [
      entry(
        'doctor',
        'Check the project and its database',
        async () => (await import('./commands/doctor.js')).doctorCommand,
      ),
      entry(
        'validate',
        'Check migrations, tracking table and branch',
        async () => (await import('./commands/validate.js')).validateCommand,
      ),
      entry(
        'deps',
        'Compare declared parents with real dependencies',
        async () => (await import('./commands/deps.js')).deps,
      ),
      entry(
        'lint',
        'Find dangerous statements before they run',
        async () => (await import('./commands/lint.js')).lintCommand,
      ),
      entry(
        'check',
        'Find unordered migrations that conflict',
        async () => (await import('./commands/check.js')).check,
      ),
      entry(
        'verify',
        'Try migrations up, down and up again',
        async () => (await import('./commands/verify.js')).verifyCommand,
      ),
      entry(
        'drift',
        'Find changes made to the database by hand',
        async () => (await import('./commands/drift.js')).driftCommand,
      ),
      entry('diff', 'Compare two schemas', async () => (await import('./commands/diff.js')).diffCommand),
      entry(
        'schema',
        'Write the schema that the migrations create',
        async () => (await import('./commands/schema.js')).schemaCommand,
      ),
    ],
  },
  {
    heading: 'Correct',
    commands: [
      entry(
        'stamp',
        'Record migrations as applied without running them',
        async () => (await import('./commands/stamp.js')).stampCommand,
      ),
      entry(
        'repair',
        'Correct the tracking table to match the folder',
        async () => (await import('./commands/repair.js')).repairCommand,
      ),
      entry(
        'squash',
        'Combine a migration with all its ancestors',
        async () => (await import('./commands/squash.js')).squashCommand,
      ),
      entry(
        'unlock',
        'Terminate the session that holds the migration lock',
        async () => (await import('./commands/unlock.js')).unlock,
      ),
    ],
  },
  {
    heading: 'About Kat',
    commands: [
      entry(
        'explain',
        'Explain an error, finding, lint rule or exit code',
        async () => (await import('./commands/explain.js')).explainCommand,
      ),
      entry('mcp', 'Serve tools to agents over stdio', async () =>
        (await import('./commands/mcp.js')).mcpCommand(index()),
      ),
      entry('completion', 'Print a shell completion script', async () =>
        (await import('./commands/completion.js')).completionCommand(index()),
      ),
      entry(
        'update',
        'Say whether a newer Kat exists, and how to install it',
        async () => (await import('./commands/update.js')).updateCommand,
      ),
      entry(
        'version',
        'Print the version',
        async () => (await import('./commands/version.js')).versionCommand,
      ),
    ],
  },
];

const entries = commandGroups.flatMap(({ commands }) => commands);

/** The names of all commands. */
export const commandNames: readonly CommandName[] = entries.map(({ name }) => name);

/** Loads these commands, or all of them. */
export function loadCommands(names = commandNames): Promise<ListedCommand[]> {
  const wanted = entries.filter(({ name }) => names.includes(name));
  return Promise.all(wanted.map(async ({ summary, load }) => ({ ...(await load()), summary })));
}

function index(): CommandIndex {
  return { titles: entries, load: loadCommands };
}
