/** Reads flags whose value may be left out, such as `--wait[=duration]`: a value is only what follows `=`. */

import type { CommandOption } from './command.js';

/** @returns the arguments, with the value `true` for each such flag without a value. */
export function fillBareFlags(argv: readonly string[], options: readonly CommandOption[]): string[] {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  return argv.map((argument, index) => {
    const flag = index < end ? findFlag(argument, options) : undefined;
    return flag ? `${flag.name}=true` : argument;
  });
}

/** @returns `--wait=30s` for the arguments `--wait 30s`; undefined if no such flag is followed by a value that it accepts. */
export function findSeparateValue(
  argv: readonly string[],
  options: readonly CommandOption[],
): { flag: string; joined: string } | undefined {
  for (const [index, argument] of argv.entries()) {
    if (argument === '--') return undefined;
    const flag = findFlag(argument, options);
    const value = argv[index + 1] ?? '';
    if (flag && accepts(flag.option, value)) return { flag: flag.name, joined: `${flag.name}=${value}` };
  }
  return undefined;
}

function findFlag(
  argument: string,
  options: readonly CommandOption[],
): { name: string; option: CommandOption } | undefined {
  for (const option of options) {
    const [, short, name] = /^(?:(-\w), )?(--[\w-]+)\[=/.exec(option.flags) ?? [];
    if (name !== undefined && (argument === name || argument === short)) return { name, option };
  }
  return undefined;
}

function accepts({ choices, parse }: CommandOption, value: string): boolean {
  if (choices) return choices.includes(value);
  try {
    parse?.(value);
    return true;
  } catch {
    return false;
  }
}
