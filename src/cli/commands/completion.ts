/** `kat completion` */

import { listLintRules } from '../../engine/lint/list-rules.js';
import { KatError } from '../../errors.js';
import { printable } from '../../outside-text.js';
import { present } from '../../present.js';
import type { CommandIndex, CommandSpec } from '../command.js';
import { type Candidate, complete, type NameKind } from '../completion/complete.js';
import { completionScripts, emptyWord, type Shell, shells } from '../completion/scripts.js';
import type { Context, Outcome } from '../context.js';
import { flagError } from '../flag-error.js';
import { openProject } from '../open-project.js';

export function completionCommand(commands: CommandIndex): CommandSpec<'completion', { install?: boolean }> {
  return {
    name: 'completion',
    description:
      'Completes commands, flags, flag values, and the names of migrations. The script runs `kat completion SHELL -- WORDS` for each completion. WORDS are the words after `kat`; the output is one candidate per line.',
    arguments: [
      { name: '<shell>', description: 'the shell that reads the script', choices: shells },
      {
        name: '[words...]',
        description: 'after `--`: the words of the command line, as the scripts pass them',
      },
    ],
    options: [
      {
        flags: '--install',
        description:
          'load the script whenever the shell starts: add it to ~/.bashrc, ~/.zshrc, or the completions of fish',
      },
    ],
    examples: [
      { command: 'kat completion bash --install', explanation: 'once, for every bash from now on' },
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
      {
        command: 'kat completion powershell',
        explanation: 'in PowerShell: `kat completion powershell | Out-File -Append $PROFILE`',
      },
    ],
    run: async (context, { install }, [name = '', ...words]) => {
      const shell = findShell(name);
      if (install) return installScript(context, shell);
      if (words.length === 0) {
        const script = completionScripts[shell];
        context.writeExact(script);
        return { document: { shell, script } };
      }
      const candidates = await complete(words.map(asTyped), {
        titles: commands.titles,
        commands: await commands.load(namesAmong(words, commands)),
        list: (kind) => lists[kind](context),
      });
      context.writeExact(candidates.map((candidate) => `${formatCandidate(candidate, shell)}\n`).join(''));
      return { document: { shell, candidates } };
    },
  };
}

function namesAmong(words: readonly string[], { titles }: CommandIndex) {
  return titles.map(({ name }) => name).filter((name) => words.includes(name));
}

async function installScript(context: Context, shell: Shell): Promise<Outcome<'completion'>> {
  const { installCompletion } = await import('../completion/install.js');
  const { file, isNew } = installCompletion(shell, context.env);
  const path = printable(file);
  context.write(
    isNew ? `Completion for ${shell} added to ${path}. Start a new shell.\n` : `${path} loads it already\n`,
  );
  return { document: { shell, file, isNew } };
}

function asTyped(word: string): string {
  return word === emptyWord ? '' : word;
}

function findShell(name: string): Shell {
  const shell = shells.find((known) => known === name);
  if (shell) return shell;
  const message = `there is no completion for ${JSON.stringify(name)}`;
  throw flagError('completion', message, `Write one of ${shells.join(', ')}.`);
}

const lists: Readonly<Record<NameKind, (context: Context) => Promise<readonly Candidate[]>>> = {
  migration: async (context) => toCandidates(['head', 'heads', ...(await readMigrationNames(context))]),
  environment: async (context) => toCandidates(await readEnvironmentNames(context)),
  revision: async ({ cwd }) => toCandidates(await readRevisions(cwd)),
  rule: async () => (await listLintRules()).map(({ id, summary }) => ({ word: id, description: summary })),
  code: listCodes,
};

function toCandidates(words: readonly string[]): Candidate[] {
  return words.map((word) => ({ word }));
}

function readMigrationNames(context: Context): Promise<readonly string[]> {
  return unlessUnreadable(async () => {
    const { kat } = await openProject(context, { isOffline: true });
    const { migrations } = await kat.graph();
    return migrations.flatMap(({ id, name }) => [id, name]);
  });
}

async function readEnvironmentNames({
  cwd,
  env,
  global: { config: file },
}: Context): Promise<readonly string[]> {
  const { listEnvironments } = await import('../../project/config/config.js');
  return unlessUnreadable(() => listEnvironments({ cwd, env, ...present({ file }) }));
}

async function readRevisions(cwd: string): Promise<readonly string[]> {
  return (await import('../../project/git/list-revisions.js')).listRevisions(cwd);
}

/** An unreadable folder or file gives no names; the command itself will report the reason. */
async function unlessUnreadable(read: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await read();
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
  return shell === 'fish' || shell === 'powershell'
    ? `${word}\t${description}`
    : `${word.replaceAll(':', '\\:')}:${description}`;
}
