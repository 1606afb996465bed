/** Builds the parser with help texts from the commands. */

import { Command, Option } from 'commander';
import { version } from '../version.js';
import type { CommandOption, CommandSpec } from './command.js';
import { commandGroups } from './commands.js';
import type { GlobalOptions } from './context.js';
import { exitCodeMeanings } from './exit-code.js';
import { globalOptions } from './global-options.js';
import { findMissingValue } from './missing-value.js';
import { fillBareFlags } from './optional-values.js';

/** Listener of the parser. */
export interface ProgramListener {
  /** Receives the parsed command line; must not throw. */
  onInvocation(invocation: Invocation): void;
  /** Is given the texts that the parser answers with by itself: help, version. */
  onAnswer(text: string): void;
}

/** A command line that was understood. */
export interface Invocation {
  spec: CommandSpec;
  options: Record<string, unknown>;
  operands: readonly string[];
  global: GlobalOptions;
}

const intro = 'Migrates database schemas. Migrations form a graph instead of a numbered list.';

/**
 * @param argv the arguments: where they begin with a command, the others are left out.
 * @param specs the commands that may be asked for; the others are only listed.
 */
export function buildProgram(
  argv: readonly string[],
  specs: readonly CommandSpec[],
  { onInvocation, onAnswer }: ProgramListener,
): Command {
  const program = new Command('kat')
    .description(intro)
    .usage('<command> [options]')
    .helpOption('-h, --help', 'show help for kat or for a command')
    .version(version, '-V, --version', 'print the version')
    .addHelpCommand(helpCommand())
    .configureHelp({
      showGlobalOptions: true,
      subcommandTerm: (command) => command.name(),
      optionDescription: describeOption,
    })
    .showSuggestionAfterError()
    .configureOutput({ outputError: () => undefined, writeOut: onAnswer })
    .exitOverride();
  for (const option of globalOptions) program.addOption(toOption(option));
  readArguments(program, globalOptions);
  const isNamed = specs.some(({ name }) => name === argv[0]);
  for (const { heading, commands } of commandGroups) {
    for (const { name, summary } of commands) {
      if (isNamed && name !== argv[0]) continue;
      const command = program.command(name).summary(summary).helpGroup(`${heading}:`);
      const spec = specs.find((one) => one.name === name);
      if (spec) describeCommand(command, spec, (found) => onInvocation({ ...found, global: program.opts() }));
    }
  }
  program.addHelpText(
    'after',
    `\n${exitCodesText()}\n\nRun \`kat <command> --help\` for its options and examples.\nDocumentation: node_modules/kat-migrate/docs, and \`kat explain\` for codes.`,
  );
  return program;
}

function helpCommand(): Command {
  return new Command('help')
    .argument('[command]')
    .description('Show help for kat or for a command')
    .helpOption(false)
    .helpGroup('About Kat:');
}

function describeCommand(
  command: Command,
  spec: CommandSpec,
  onInvocation: (invocation: Omit<Invocation, 'global'>) => void,
): void {
  command
    .description(`${command.summary()}\n\n${spec.description}`)
    .helpOption('-h, --help', 'show help for this command');
  for (const { name, description } of spec.arguments ?? []) command.argument(name, description);
  for (const option of spec.options) command.addOption(toOption(option));
  readArguments(command, spec.options);
  command.addHelpText('after', `\n${examplesText(spec)}`);
  command.action(() => {
    onInvocation({ spec, options: command.opts(), operands: command.args });
  });
}

/** Without this, commander takes the operand behind `--dry-run` for the flag's value, and `--dry-run` for the value of `--adopt`. */
function readArguments(command: Command, options: readonly CommandOption[]): void {
  const parseOptions = command.parseOptions.bind(command);
  command.parseOptions = (argv) => {
    const missing = findMissingValue(argv, command.options);
    if (missing) command.error(missingValueText(missing), { code: 'commander.optionMissingArgument' });
    return parseOptions(fillBareFlags(argv, options));
  };
}

/** In commander's words, with our advice on a line of its own. */
function missingValueText({ flags, long }: Option): string {
  return `error: option '${flags}' argument missing\n(A value for ${long} that begins with \`--\` must follow \`=\`.)`;
}

function exitCodesText(): string {
  const lines = exitCodeMeanings.map(([code, meaning]) => `  ${String(code).padEnd(4)} ${meaning}`);
  return ['Exit codes:', ...lines].join('\n');
}

function examplesText({ examples }: CommandSpec): string {
  const lines = examples.map(({ command, explanation }) => `  $ ${command}\n      ${explanation}`);
  return ['Examples:', ...lines].join('\n');
}

/** With the choices, the default and the environment variable in one form, whoever reads the variable. */
function describeOption({ description, argChoices, defaultValue, envVar }: Option): string {
  const facts = [
    ...(argChoices ? [`choices: ${argChoices.join(', ')}`] : []),
    ...(defaultValue === undefined || typeof defaultValue === 'boolean' ? [] : [`default: ${defaultValue}`]),
  ];
  const variable = envVar === undefined ? '' : ` [env: ${envVar}]`;
  return `${description}${facts.length > 0 ? ` (${facts.join('; ')})` : ''}${variable}`;
}

function toOption(spec: CommandOption): Option {
  const option = new Option(spec.flags.replace('[=', ' ['), spec.description);
  option.flags = spec.flags;
  // An empty variable counts as not set; where it would choose another target, the configuration refuses it.
  if (spec.env && process.env[spec.env] !== '') option.env(spec.env);
  if (spec.default !== undefined) option.default(spec.default);
  if (spec.choices) option.choices(spec.choices);
  if (spec.parse) option.argParser(usageErrors(spec.parse));
  if (spec.isRequired) option.makeOptionMandatory();
  if (spec.isRepeatable) option.argParser((text: string, before: string[] = []) => [...before, text]);
  return option;
}

/** Commander reports errors of this code as "option … argument … is invalid", with our words behind it. */
function usageErrors(parse: (text: string) => unknown): (text: string) => unknown {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw Object.assign(error as Error, { code: 'commander.invalidArgument' });
    }
  };
}

/** Long flags in camel case; the kebab-case forms are aliases. */
export function camelCaseFlags(specs: readonly CommandSpec[]): string[] {
  const options = specs.flatMap((spec) => spec.options);
  const flags = options.flatMap((option) => option.flags.match(/--\w+/g) ?? []);
  return flags.filter((flag) => /[A-Z]/.test(flag));
}
