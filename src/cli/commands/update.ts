/** `kat update` */

import { version } from '../../version.js';
import type { CommandSpec } from '../command.js';

/** For `--check`: no failure, so that scripts can tell it from one. */
const newerExists = 10;

export const updateCommand: CommandSpec<'update', { check?: boolean }> = {
  name: 'update',
  description:
    "Asks npm for the newest version, through your own npm settings, and prints the command of the project's package manager that installs it. Installs nothing. No other command of Kat asks the network for anything but your database.",
  options: [
    { flags: '--check', description: 'for scripts: exit with 10 if there is a newer version' },
    { flags: '-y, --yes', description: "accepted for compatibility with Go's Kat; it has no effect" },
  ],
  examples: [
    { command: 'kat update', explanation: 'see whether there is a newer version' },
    { command: 'kat update --check', explanation: 'exit with 10 if there is one' },
  ],
  run: async ({ cwd, env, signal, write, style }, { check = false }) => {
    const { findNewestVersion, isNewer } = await import('../update/newest-version.js');
    const { installCommand } = await import('../update/install-command.js');
    const newest = await findNewestVersion(env, signal);
    if (!isNewer(newest, version)) {
      write(`${style.green('Kat is already at the latest version.')} Version: ${version}\n`);
      return { document: { version, newest, isCurrent: true } };
    }
    const command = installCommand(cwd);
    write(
      `A new version of Kat is available: ${newest}; this is ${version}\nInstall it with \`${command}\`\n`,
    );
    return {
      document: { version, newest, isCurrent: false, install: command },
      exitCode: check ? newerExists : 0,
    };
  },
};
