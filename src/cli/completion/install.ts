/** Makes a shell load its completion script whenever it starts. */

import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { KatError } from '../../errors.js';
import { ioProblem } from '../../project/io-problem.js';
import { saveFile } from '../../project/save-file.js';
import { flagError } from '../flag-error.js';
import { completionScripts, type Shell } from './scripts.js';

type Environment = Readonly<Record<string, string | undefined>>;

export interface Installed {
  /** Absolute. */
  file: string;
  /** Whether it was written; it is left alone where it loads the script already. */
  isNew: boolean;
}

/**
 * Adds one line to the file that bash or zsh reads when it starts, or writes the file that fish looks for.
 * @throws KatError USAGE for PowerShell, whose profile only PowerShell itself can name; FILES_INVALID when the file
 *   cannot be read or written.
 */
export function installCompletion(shell: Shell, env: Environment): Installed {
  const home = env.HOME || homedir();
  if (shell === 'powershell') throw unknownProfile();
  if (shell === 'fish') {
    const folder = env.XDG_CONFIG_HOME || join(home, '.config');
    return write(join(folder, 'fish/completions/kat.fish'), () => completionScripts.fish);
  }
  const file = shell === 'zsh' ? join(env.ZDOTDIR || home, '.zshrc') : join(home, '.bashrc');
  const line = `source <(kat completion ${shell})`;
  return write(file, (text) => (text.includes(line) ? text : `${endLine(text)}${line}\n`));
}

function write(file: string, change: (text: string) => string): Installed {
  const before = read(file);
  const after = change(before);
  if (after === before) return { file, isNew: false };
  makeFolder(dirname(file));
  saveFile(file, after);
  return { file, isNew: true };
}

function read(file: string): string {
  if (!existsSync(file)) return '';
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const { message } = ioProblem('read', file, cause);
    throw new KatError('FILES_INVALID', message, { help: 'Make the file readable for you.', cause });
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    const { message } = ioProblem('create', folder, cause);
    throw new KatError('FILES_INVALID', message, { help: 'Make it writable for you.', cause });
  }
}

function endLine(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function unknownProfile(): KatError {
  const message = 'only PowerShell itself knows the file that it reads when it starts';
  const help = 'Run this in PowerShell: kat completion powershell | Out-File -Append $PROFILE';
  return flagError('completion', message, help);
}
