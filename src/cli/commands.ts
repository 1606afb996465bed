/** All commands, in the order in which the help lists them. */

import type { CommandSpec } from './command.js';
import { add } from './commands/add.js';
import { down } from './commands/down.js';
import { exportGraph } from './commands/export.js';
import { init } from './commands/init.js';
import { ping } from './commands/ping.js';
import { redo } from './commands/redo.js';
import { status } from './commands/status.js';
import { sync } from './commands/sync.js';
import { unlock } from './commands/unlock.js';
import { up } from './commands/up.js';
import { versionCommand } from './commands/version.js';

/** Each command reads the options that its own list declares, so the options' type is its own affair. */
export const commands = [
  init,
  add,
  up,
  down,
  redo,
  sync,
  status,
  ping,
  exportGraph,
  unlock,
  versionCommand,
] as readonly CommandSpec<never>[] as readonly CommandSpec[];
