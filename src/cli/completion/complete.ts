/** Computes completions of an unfinished command line, for every shell. */

import type { CommandOption, CommandSpec, CommandTitle } from '../command.js';
import { globalOptions } from '../global-options.js';

/** One way to go on. */
export interface Candidate {
  word: string;
  description?: string;
}

/** Names that depend on the project or on Kat's version. */
export type NameKind = 'migration' | 'environment' | 'revision' | 'rule' | 'code';

/** The names that each placeholder of a flag or an argument stands for. */
const namesByPlaceholder: Readonly<Record<string, readonly NameKind[]>> = {
  migration: ['migration'],
  migrations: ['migration'],
  heads: ['migration'],
  environment: ['environment'],
  revision: ['revision'],
  rule: ['rule'],
  code: ['code'],
  first: ['migration', 'revision'],
  second: ['migration', 'revision'],
};

interface Vocabulary {
  titles: readonly CommandTitle[];
  /** Those that the words name. */
  commands: readonly CommandSpec[];
  /** Lists names; asked only where one may stand. */
  list(kind: NameKind): Promise<readonly Candidate[]>;
}

/**
 * @param words what stands behind `kat`; the last is the one that is being typed, and may be empty.
 * @returns what may stand in place of the last word; nothing where it is for the shell to know, as for files.
 */
export async function complete(words: readonly string[], vocabulary: Vocabulary): Promise<Candidate[]> {
  const typed = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const [, flag, value = ''] = /^(--[\w-]+)=(.*)$/s.exec(typed) ?? [];
  if (flag === undefined) {
    // bash makes a word of the equals sign.
    const [start, place] = typed === '=' ? ['', [...before, '=']] : [typed, before];
    return startingWith(start, await findCandidates(place, start, vocabulary));
  }
  const values = startingWith(value, await findCandidates([...before, flag, '='], value, vocabulary));
  return values.map(({ word, ...rest }) => ({ word: `${flag}=${word}`, ...rest }));
}

/** Each word once. */
function startingWith(typed: string, candidates: readonly Candidate[]): Candidate[] {
  const fitting = candidates.filter(({ word }) => word.startsWith(typed));
  return [...new Map(fitting.map((candidate) => [candidate.word, candidate])).values()];
}

async function findCandidates(
  before: readonly string[],
  typed: string,
  vocabulary: Vocabulary,
): Promise<Candidate[]> {
  const { spec, operands, open } = read(before, vocabulary.commands);
  if (open) return valuesOf(open.flags, open, vocabulary);
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
  words.forEach((word, index) => {
    if (word === '=') reading.open = findOption(words[index - 1] ?? '', reading.spec);
    else if (reading.open) reading.open = undefined;
    else if (word.startsWith('-')) reading.open = findWaiting(word, reading.spec);
    else if (reading.spec) reading.operands += 1;
    else reading.spec = commands.find(({ name }) => name === word);
  });
  return reading;
}

function findOption(flag: string, spec: CommandSpec | undefined): CommandOption | undefined {
  return [...(spec?.options ?? []), ...globalOptions].find(({ flags }) => flagNames(flags).includes(flag));
}

/** The option of this flag, where its value is the next word. */
function findWaiting(flag: string, spec: CommandSpec | undefined): CommandOption | undefined {
  const option = findOption(flag, spec);
  return option?.flags.includes('<') ? option : undefined;
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

function operandsOf(
  { arguments: operands = [] }: CommandSpec,
  count: number,
  vocabulary: Vocabulary,
): Promise<Candidate[]> {
  const last = operands.at(-1);
  const operand = operands[count] ?? (last?.name.includes('...') ? last : undefined);
  return operand ? valuesOf(operand.name, operand, vocabulary) : Promise.resolve([]);
}

/** @param text flags or an argument with their placeholder, such as `--to <migration>` */
async function valuesOf(
  text: string,
  { choices, suggestions = [] }: Pick<CommandOption, 'choices' | 'suggestions'>,
  { list }: Vocabulary,
): Promise<Candidate[]> {
  const [, placeholder = ''] = /[<[]=?([\w-]+)/.exec(text) ?? [];
  const kinds = namesByPlaceholder[placeholder] ?? [];
  const names = await Promise.all(kinds.map(list));
  return [...(choices ?? suggestions).map((word) => ({ word })), ...names.flat()];
}
