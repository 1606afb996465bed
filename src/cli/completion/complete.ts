/** Computes completions of an unfinished command line, for every shell. */

import type { CommandOption, CommandSpec, CommandTitle } from '../command.js';
import { globalOptions } from '../global-options.js';

/** One way to go on. */
export interface Candidate {
  word: string;
  description?: string;
}

interface Vocabulary {
  titles: readonly CommandTitle[];
  /** Those that the words name. */
  commands: readonly CommandSpec[];
  /** Names of migrations; asked only where one may stand. */
  listMigrations(): Promise<readonly string[]>;
  /** Names of environments; asked only where one may stand. */
  listEnvironments(): Promise<readonly string[]>;
  /** Codes that `kat explain` knows; asked only where one may stand. */
  listCodes(): Promise<readonly Candidate[]>;
}

/**
 * @param words what stands behind `kat`; the last is the one that is being typed, and may be empty.
 * @returns what may stand in place of the last word; nothing where it is for the shell to know, as for files.
 */
export async function complete(words: readonly string[], vocabulary: Vocabulary): Promise<Candidate[]> {
  const typed = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const candidates = await findCandidates(before, typed, vocabulary);
  return candidates.filter(({ word }) => word.startsWith(typed));
}

async function findCandidates(
  before: readonly string[],
  typed: string,
  vocabulary: Vocabulary,
): Promise<Candidate[]> {
  const { spec, operands, open } = read(before, vocabulary.commands);
  if (open) return valuesOf(open, vocabulary);
  if (typed.startsWith('-')) return flagsOf([...(spec?.options ?? []), ...globalOptions]);
  if (!spec) return vocabulary.titles.map(({ name, summary }) => ({ word: name, description: summary }));
  return operandsOf(spec, operands, vocabulary);
}

interface Reading {
  spec: CommandSpec | undefined;
  /** How many operands of the command there are. */
  operands: number;
  /** The option that waits for its value. */
  open: CommandOption | undefined;
}

function read(words: readonly string[], commands: readonly CommandSpec[]): Reading {
  const reading: Reading = { spec: undefined, operands: 0, open: undefined };
  for (const word of words) {
    if (reading.open) reading.open = undefined;
    else if (word.startsWith('-')) reading.open = findWaiting(word, reading.spec);
    else if (reading.spec) reading.operands += 1;
    else reading.spec = commands.find(({ name }) => name === word);
  }
  return reading;
}

/** The option of this flag, where its value is the next word. */
function findWaiting(flag: string, spec: CommandSpec | undefined): CommandOption | undefined {
  return [...(spec?.options ?? []), ...globalOptions].find(
    ({ flags }) => flags.includes('<') && flagNames(flags).includes(flag),
  );
}

function flagNames(flags: string): string[] {
  return flags.match(/--?[A-Za-z][\w-]*/g) ?? [];
}

function flagsOf(options: readonly CommandOption[]): Candidate[] {
  const help = { flags: '--help', description: 'show help for this command' };
  return [...options, help].map(({ flags, description }) => ({
    word: flagNames(flags).at(-1) ?? '',
    description: description.replace(/ [[(](?:env|default): .*$/, ''),
  }));
}

function valuesOf({ flags, choices }: CommandOption, vocabulary: Vocabulary): Promise<Candidate[]> {
  if (choices) return Promise.resolve(choices.map((word) => ({ word })));
  if (/<environment>/.test(flags)) return environmentsOf(vocabulary);
  return /<migration/.test(flags) ? migrationsOf(vocabulary) : Promise.resolve([]);
}

function operandsOf(
  { arguments: operands = [] }: CommandSpec,
  count: number,
  vocabulary: Vocabulary,
): Promise<Candidate[]> {
  const { name, choices } = operands[Math.min(count, operands.length - 1)] ?? { name: '' };
  if (choices) return Promise.resolve(choices.map((word) => ({ word })));
  if (name === '[code]') return count === 0 ? codesOf(vocabulary) : Promise.resolve([]);
  return /migration|heads/.test(name) ? migrationsOf(vocabulary) : Promise.resolve([]);
}

async function environmentsOf({ listEnvironments }: Vocabulary): Promise<Candidate[]> {
  return (await listEnvironments()).map((word) => ({ word }));
}

async function codesOf({ listCodes }: Vocabulary): Promise<Candidate[]> {
  return [...(await listCodes())];
}

async function migrationsOf({ listMigrations }: Vocabulary): Promise<Candidate[]> {
  const words = ['head', 'heads', ...(await listMigrations())];
  return [...new Set(words)].map((word) => ({ word }));
}
