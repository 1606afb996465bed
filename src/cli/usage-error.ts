/** Formats errors of a command line, and names the help page with more detail. */

import type { CommanderError } from 'commander';
import { KatError, UnconfirmedError } from '../errors.js';
import { nearest } from '../graph/nearest.js';
import type { CommandOption, CommandSpec } from './command.js';
import { commandNames, loadCommands } from './commands.js';
import { runHelp } from './flag-error.js';
import { globalOptions } from './global-options.js';
import { findSeparateValue } from './optional-values.js';
import type { CommandName } from './output/documents/document-of.js';
import { commandMeantBy } from './synonyms.js';

/** Commander puts its suggestion on a line of its own, in brackets, and quotes an unknown flag with its value. */
export async function usageError(
  { code, message }: CommanderError,
  argv: readonly string[],
): Promise<KatError> {
  const withoutValue = message
    .replace(/^error: /, '')
    .replace(/^(unknown option '[^'=]+)=.*'/s, "$1'")
    .replace(/^too many arguments for '(.+?)'\. Expected 0 .*/s, '`kat $1` takes no arguments')
    .replace(/^too many arguments for '(.+?)'\. Expected (\d+) (arguments?) .*/s, '`kat $1` takes $2 $3')
    .replace(/^(option '[^']*(?:db|database)[^']*') argument '.*' is invalid/is, '$1 is invalid');
  const [what = '', suggestion = ''] = withoutValue.split('\n');
  const [, kind, typed = ''] = /^unknown (option|command) '([^']+)'/.exec(what) ?? [];
  const suggested =
    (kind === 'command' ? suggestSynonym(typed) : await suggestFlag(typed, argv)) ||
    suggestion.replace(/^\(|\)$/g, '') ||
    (await showExample(code, what, argv));
  const meant = kind === 'command' ? commandMeantBy(typed) : undefined;
  const help = [suggested, helpOf(meant ? [meant] : argv)];
  return new KatError('USAGE', code === 'commander.help' ? 'no command was given' : what, {
    help: help.filter(Boolean).join(' '),
  });
}

/** @throws KatError USAGE for `kat help NAME` where there is no such command; commander shows all of its help then. */
export function refuseUnknownHelp([first, name]: readonly string[]): void {
  if (first !== 'help' || name === undefined || name.startsWith('-')) return;
  if (name === 'help' || commandNames.some((known) => known === name)) return;
  const [near] = nearest(name, commandNames, 1);
  const suggested = suggestSynonym(name) || (near && `Did you mean ${near}?`);
  throw new KatError('USAGE', `unknown command '${name}'`, {
    help: [suggested, helpOf([commandMeantBy(name) ?? ''])].filter(Boolean).join(' '),
  });
}

/** `--json` and `--format` say what is printed, so that only one of them can be meant. @param flags those before `--` */
export function refuseTwoFormats(flags: readonly string[]): void {
  const given = flags.flatMap((flag, index) =>
    flag === '--format' ? (flags[index + 1] ?? []) : flag.startsWith('--format=') ? flag.slice(9) : [],
  );
  const other = given.find((format) => format !== 'json');
  if (!flags.includes('--json') || other === undefined) return;
  throw new KatError('USAGE', `--json and --format ${other} cannot be combined`, {
    help: `Use one of them. ${helpOf(flags)}`,
  });
}

/**
 * Runs a command.
 * @throws whatever it throws, a KatError USAGE with the name of the command's help where a flag is wrong, or nothing else helps.
 */
export async function runNamingHelp<Result>(
  { name }: Pick<CommandSpec, 'name'>,
  run: () => Promise<Result>,
): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    throw isWrongUse(error) ? withHelpOf(name, error) : error;
  }
}

/** What needs a confirmation names the flag for it. */
function isWrongUse(error: unknown): error is KatError {
  return error instanceof KatError && error.code === 'USAGE' && !(error instanceof UnconfirmedError);
}

/** @returns the error; for a wrong command line with `--wait 30s`, with the advice to write `--wait=30s`. */
export async function adviseOnSeparateValue(error: KatError, argv: readonly string[]): Promise<KatError> {
  const named = commandOf(argv);
  if (!isWrongUse(error) || !named) return error;
  const [command] = await loadCommands([named]);
  const found = findSeparateValue(argv, command?.options ?? []);
  if (!found) return error;
  const { message, problems, cause } = error;
  const help = `Did you mean \`${found.joined}\`? A value for ${found.flag} must follow \`=\`. ${runHelp(named)}`;
  return new KatError('USAGE', message, { problems, help, cause });
}

function withHelpOf(command: CommandSpec['name'], error: KatError): KatError {
  const { message, help = '', problems, cause } = error;
  const isAboutFlags = /(?:^|[\s`])--\w/.test(message);
  if (/--(?:help|yes)\b/.test(help) || (help !== '' && !isAboutFlags)) return error;
  const sentences = [help, runHelp(command)].filter(Boolean);
  return new KatError('USAGE', message, { problems, help: sentences.join(' '), cause });
}

function helpOf(argv: readonly string[]): string {
  const command = commandOf(argv);
  return command ? runHelp(command) : 'Run `kat --help` to see the commands and their options.';
}

/** The first word, where it is a command: flags of every command may stand before it, with their values. */
function commandOf(argv: readonly string[]): CommandName | undefined {
  const takesValue = (word = '') =>
    globalOptions.some(({ flags }) => flags.includes('<') && flags.split(/[ ,]+/).includes(word));
  const first = argv.find((word, index) => !word.startsWith('-') && !takesValue(argv[index - 1]));
  return commandNames.find((name) => name === first);
}

function suggestSynonym(typed: string): string {
  const meant = commandMeantBy(typed);
  return meant === undefined ? '' : `In Kat this is \`kat ${meant}\`.`;
}

/** The flags that begin with what was typed, which no spelling checker takes for near. */
async function suggestFlag(typed: string, argv: readonly string[]): Promise<string> {
  if (!/^--\w/.test(typed)) return '';
  const named = commandOf(argv);
  const commands = await loadCommands(named && [named]);
  const options: readonly CommandOption[] = [
    ...commands.flatMap((command) => command.options),
    ...globalOptions,
  ];
  const flags = options.flatMap((option) => option.flags.match(/--[\w-]+/g) ?? []);
  if (flags.includes(typed))
    return `Write ${typed} behind a command, as in \`kat ${ownerOf(typed, commands)} ${typed}\`.`;
  const meant = [...new Set(flags.filter((flag) => flag.startsWith(typed)))];
  return meant.length === 0 ? '' : `Did you mean ${meant.join(' or ')}?`;
}

/** What may be written in place of what is missing: its choices, or an example where the command's help has one. */
async function showExample(code: string, what: string, argv: readonly string[]): Promise<string> {
  const missing = missingParts[code]?.(what);
  const named = commandOf(argv);
  if (!missing || !named) return '';
  const [command] = await loadCommands([named]);
  const choices = command?.arguments?.find(({ name }) =>
    what.endsWith(`argument '${name.slice(1, -1)}'`),
  )?.choices;
  if (choices) return `Write one of ${choices.join(', ')}.`;
  const found = command?.examples.find(({ command }) => missing.test(command));
  return found ? `For example: \`${found.command}\`.` : '';
}

/** How an example looks that has the missing argument or flag with its value, by commander's code of the error. */
const missingParts: Readonly<Record<string, (what: string) => RegExp | undefined>> = {
  'commander.missingArgument': () => /^kat \S+ [^-]/,
  'commander.excessArguments': () => / --to [^-]/,
  'commander.missingMandatoryOptionValue': flagOf,
  'commander.optionMissingArgument': flagOf,
};

function flagOf(what: string): RegExp | undefined {
  const [flag] = /--[\w-]+/.exec(what) ?? [];
  return flag === undefined ? undefined : new RegExp(` ${flag}[ =][^-]`);
}

/** The first command with a flag, such as `up`, which most flags belong to. */
function ownerOf(flag: string, commands: readonly CommandSpec[]): string {
  const hasFlag = ({ options }: CommandSpec) =>
    options.some(({ flags }) => flags.split(/[ ,[]+/).includes(flag));
  const owners = commands.filter(hasFlag).map(({ name }) => name);
  return owners.find((name) => name === 'up') ?? owners[0] ?? '';
}
