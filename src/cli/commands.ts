/** All commands, in the groups and the order in which the help lists them. */

import type { CommandSpec } from './command.js';
import { add } from './commands/add.js';
import { baselineCommand } from './commands/baseline.js';
import { blameCommand } from './commands/blame.js';
import { bundleCommand } from './commands/bundle.js';
import { check } from './commands/check.js';
import { completionCommand } from './commands/completion.js';
import { dbCommand } from './commands/db.js';
import { deps } from './commands/deps.js';
import { diffCommand } from './commands/diff.js';
import { doctorCommand } from './commands/doctor.js';
import { down } from './commands/down.js';
import { driftCommand } from './commands/drift.js';
import { explainCommand } from './commands/explain.js';
import { exportGraph } from './commands/export.js';
import { graph } from './commands/graph.js';
import { heads } from './commands/heads.js';
import { history } from './commands/history.js';
import { importCommand } from './commands/import.js';
import { init } from './commands/init.js';
import { lintCommand } from './commands/lint.js';
import { mcpCommand } from './commands/mcp.js';
import { merge } from './commands/merge.js';
import { pingCommand } from './commands/ping.js';
import { plan } from './commands/plan.js';
import { redo } from './commands/redo.js';
import { repairCommand } from './commands/repair.js';
import { reportCommand } from './commands/report.js';
import { roots } from './commands/roots.js';
import { schemaCommand } from './commands/schema.js';
import { show } from './commands/show.js';
import { squashCommand } from './commands/squash.js';
import { stampCommand } from './commands/stamp.js';
import { status } from './commands/status.js';
import { sync } from './commands/sync.js';
import { unlock } from './commands/unlock.js';
import { up } from './commands/up.js';
import { updateCommand } from './commands/update.js';
import { validateCommand } from './commands/validate.js';
import { verifyCommand } from './commands/verify.js';
import { versionCommand } from './commands/version.js';
import { watch } from './commands/watch.js';
import type { CommandName } from './output/document-of.js';

interface CommandGroup {
  heading: string;
  commands: readonly CommandSpec[];
}

/** Each command reads the options that its own list declares, so the options' type is its own affair. */
function group(heading: string, ...list: readonly CommandSpec<CommandName, never>[]): CommandGroup {
  return { heading, commands: list as readonly CommandSpec<CommandName, never>[] as readonly CommandSpec[] };
}

export const commandGroups: readonly CommandGroup[] = [
  group('Start', init, dbCommand, add, merge, bundleCommand, importCommand, baselineCommand),
  group('Change the database', up, down, redo, sync),
  group(
    'Look',
    status,
    watch,
    plan,
    history,
    show,
    graph,
    heads,
    roots,
    blameCommand,
    exportGraph,
    reportCommand,
    pingCommand,
  ),
  group(
    'Check',
    doctorCommand,
    validateCommand,
    deps,
    lintCommand,
    check,
    verifyCommand,
    driftCommand,
    diffCommand,
    schemaCommand,
  ),
  group('Correct', stampCommand, repairCommand, squashCommand, unlock),
  group(
    'About Kat',
    explainCommand,
    mcpCommand(() => commands),
    completionCommand(() => commands),
    updateCommand,
    versionCommand,
  ),
];

export const commands: readonly CommandSpec[] = commandGroups.flatMap((group) => group.commands);
