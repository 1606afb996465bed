/** `kat completion` */

import { KatError } from '../../errors.js';
import type { CommandSpec } from '../command.js';
import { type Candidate, complete } from '../complete.js';
import { completionScripts, type Shell, shells } from '../completion-scripts.js';
import type { Context } from '../context.js';
import { flagError } from '../flag-error.js';
import { openProject } from '../open-project.js';

/** @param listCommands asked when it runs: this command is one of them. */
export function completionCommand(listCommands: () => readonly CommandSpec[]): CommandSpec<'completion'> {
  return {
    name: 'completion',
    summary: 'Print a shell completion script',
    description:
      'Completes commands, flags, flag values, and the names of migrations. The script runs `kat completion SHELL -- WORDS` for each completion. WORDS are the words after `kat`; the output is one candidate per line.',
    arguments: [
      { name: '<shell>', description: 'the shell that reads the script', choices: shells },
      {
        name: '[words...]',
        description: 'after `--`: the words of the command line, as the scripts pass them',
      },
    ],
    options: [],
    examples: [
      {
        command: 'kat completion bash',
        explanation: 'add to ~/.bashrc: `source <(kat completion bash)`',
      },
      {
        command: 'kat completion zsh',
        explanation: 'add to ~/.zshrc: `source <(kat completion zsh)`',
      },
      {
        command: 'kat completion fish',
        explanation: 'save as ~/.config/fish/completions/kat.fish',
      },
    ],
    run: async (context, _options, [name = '', ...words]) => {
      const shell = findShell(name);
      if (words.length === 0) {
        const script = completionScripts[shell];
        context.writeExact(script);
        return { document: { shell, script } };
      }
      const listMigrations = () => readMigrationNames(context);
      const candidates = await complete(words, { commands: listCommands(), listMigrations, listCodes });
      context.writeExact(candidates.map((candidate) => `${formatCandidate(candidate, shell)}\n`).join(''));
      return { document: { shell, candidates } };
    },
  };
}

function findShell(name: string): Shell {
  const shell = shells.find((known) => known === name);
  if (shell) return shell;
  const message = `there is no completion for ${JSON.stringify(name)}`;
  throw flagError('completion', message, `Write one of ${shells.join(', ')}.`);
}

/** An unreadable folder gives no names; the command itself will report the reason. */
async function readMigrationNames(context: Context): Promise<string[]> {
  try {
    const { kat } = await openProject(context, { isOffline: true });
    const { migrations } = await kat.graph();
    return migrations.flatMap(({ id, name }) => [id, name]);
  } catch (error) {
    if (error instanceof KatError) return [];
    throw error;
  }
}

async function listCodes(): Promise<Candidate[]> {
  const { explanations } = await import('../explain/explanations.js');
  const words = new Map(explanations.map(({ code, kind }) => [code, kind]));
  return [...words].map(([word, description]) => ({ word, description }));
}

function formatCandidate({ word, description }: Candidate, shell: Shell): string {
  if (description === undefined || shell === 'bash') return word;
  return shell === 'fish' ? `${word}\t${description}` : `${word.replaceAll(':', '\\:')}:${description}`;
}
