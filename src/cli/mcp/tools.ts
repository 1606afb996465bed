/** The tools that `kat mcp` offers to agents: commands of Kat with the flags that an agent may give. */

import type { CommandOption, CommandSpec } from '../command.js';
import type { CommandName } from '../output/documents/document-of.js';

/** `read`: changes no file and no row of the database. `write`: writes files of the project. `apply`: changes the database. */
export type ToolAccess = 'read' | 'write' | 'apply';

/** One tool. Flags that are not listed cannot be given, so that a new flag reaches no agent by itself. */
export interface Tool {
  name: string;
  command: CommandName;
  access: ToolAccess;
  /** Long flags, without dashes. */
  flags: readonly string[];
  /** Long flags that must be given. */
  required?: readonly string[];
  /** Flags that are always given. */
  fixed?: readonly string[];
  /** Left out: the summary of the command. */
  summary?: string;
}

const read = (command: CommandName, flags: readonly string[] = []): Tool => ({
  ...{ name: command, command, access: 'read', flags },
});

const apply = (command: CommandName, flags: readonly string[] = []): Tool => ({
  ...{ name: command, command, access: 'apply', flags: [...flags, 'plan-id'], required: ['plan-id'] },
});

export const tools: readonly Tool[] = [
  read('status'),
  read('plan', ['count', 'to', 'all', 'modified', 'allow-missing', 'sql', 'plain', 'single-transaction']),
  read('history', ['outcome', 'direction', 'since', 'until', 'limit', 'all', 'statements']),
  read('show', ['offline']),
  read('graph', [
    ...['pending', 'around', 'from', 'to', 'touching', 'git-base', 'reasons', 'reduce', 'offline'],
  ]),
  read('heads'),
  read('roots'),
  read('doctor'),
  read('validate', ['offline', 'all', 'git-base', 'strict']),
  read('deps', ['strict', 'infer', 'conservative']),
  read('lint', ['rule', 'pending', 'git-base', 'strict']),
  read('check', ['git-base', 'strict']),
  read('verify', ['pending', 'git-base', 'all', 'seed', 'strict']),
  read('blame'),
  read('explain'),
  { ...{ name: 'add', command: 'add', access: 'write', flags: ['description', 'parent', 'no-transaction'] } },
  { ...{ name: 'merge', command: 'merge', access: 'write', flags: ['name', 'force'] } },
  {
    ...{ name: 'fix_deps', command: 'deps', access: 'write', flags: ['dry-run'], fixed: ['--fix'] },
    summary: 'Add the undeclared parents to metadata.yaml',
  },
  {
    ...{ name: 'fix_lint', command: 'lint', access: 'write', flags: ['rule', 'dry-run'], fixed: ['--fix'] },
    summary: 'Rewrite migrations so that findings of lint go away',
  },
  apply('up', ['count', 'to', 'allow-missing', 'single-transaction']),
  apply('down', ['count', 'to', 'all']),
  apply('redo', ['modified']),
  apply('sync', ['modified']),
];

/** How a client may fill one property of a tool's arguments. */
export interface Property {
  /** As JSON Schema. */
  schema: Readonly<Record<string, unknown>>;
  /** `flag`: without a value. `operand`: without a flag. */
  form: 'flag' | 'value' | 'operand';
  /** The long flag; empty for an operand. */
  flag: string;
}

/** The properties of a tool's arguments, in the order of the command line. */
export function propertiesOf(tool: Tool, { options, arguments: operands = [] }: CommandSpec) {
  const given = tool.flags.map((flag): [string, Property] => {
    const option = options.find(({ flags }) => longFlag(flags) === `--${flag}`);
    if (!option) throw new Error(`kat ${tool.command} has no flag --${flag}`);
    return [propertyName(flag), describeOption(option, `--${flag}`)];
  });
  const named = operands.map(({ name, description, choices }): [string, Property] => {
    const type = name.includes('...') ? list(choices) : word(choices);
    return [name.replace(/[^\w]/g, ''), { schema: { ...type, description }, form: 'operand', flag: '' }];
  });
  return new Map([...named, ...given]);
}

/** The names of the properties that a client must give. */
export function requiredOf({ required = [] }: Tool, { arguments: operands = [] }: CommandSpec): string[] {
  const needed = operands.filter(({ name }) => name.startsWith('<')).map(({ name }) => name.slice(1, -1));
  return [...needed.map((name) => name.replace('...', '')), ...required.map(propertyName)];
}

function describeOption(option: CommandOption, flag: string): Property {
  const { flags, description, choices, isRepeatable } = option;
  if (!/[<[]/.test(flags)) return { schema: { type: 'boolean', description }, form: 'flag', flag };
  const type = isRepeatable
    ? list(choices)
    : flags.includes('<number>')
      ? { type: 'integer' }
      : word(choices);
  return { schema: { ...type, description }, form: 'value', flag };
}

function word(choices: readonly string[] | undefined) {
  return { type: 'string', ...(choices ? { enum: choices } : {}) };
}

function list(choices: readonly string[] | undefined) {
  return { type: 'array', items: word(choices) };
}

function longFlag(flags: string): string | undefined {
  return /--[\w-]+/.exec(flags)?.[0];
}

function propertyName(flag: string): string {
  return flag.replaceAll('-', '_');
}
