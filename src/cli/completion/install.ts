/** Makes a shell load its completion script whenever it starts. */

import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { KatError } from '../../errors.js';
import { type ChangedFile, changeFile } from '../../project/change-file.js';
import { flagError } from '../flag-error.js';
import { completionScripts, type Shell } from './scripts.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Adds one line to the file that bash or zsh reads when it starts, or writes the file that fish looks for.
 * @throws KatError USAGE for PowerShell, whose profile only PowerShell itself can name; FILES_INVALID when the file
 *   cannot be read or written.
 */
export function installCompletion(shell: Shell, env: Environment): ChangedFile {
  const home = env.HOME || homedir();
  if (shell === 'powershell') throw unknownProfile();
  if (shell === 'fish') {
    // The XDG Base Directory Specification has relative paths ignored.
    const named = env.XDG_CONFIG_HOME ?? '';
    const folder = isAbsolute(named) ? named : join(home, '.config');
    return changeFile(join(folder, 'fish/completions/kat.fish'), () => completionScripts.fish);
  }
  const file = shell === 'zsh' ? join(env.ZDOTDIR || home, '.zshrc') : join(home, '.bashrc');
  const line = `source <(kat completion ${shell})`;
  return changeFile(file, (text) => (hasLine(text, line) ? text : `${endLine(text)}${line}\n`));
}

/** A line that is commented out loads nothing. */
function hasLine(text: string, line: string): boolean {
  return text.split(/\r?\n/).some((one) => one.trim() === line);
}

function endLine(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function unknownProfile(): KatError {
  const message = 'only PowerShell itself knows the file that it reads when it starts';
  const help = 'Run this in PowerShell: kat completion powershell | Out-File -Append $PROFILE';
  return flagError('completion', message, help);
}
