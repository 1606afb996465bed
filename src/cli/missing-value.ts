/** Finds an option whose value was left out, so that the next option stands in its place. */

import type { Option } from 'commander';

/**
 * Commander takes the next argument for a value, even `--dry-run`.
 * @returns the first option that requires a value and is followed by an argument that begins with `--`.
 */
export function findMissingValue(argv: readonly string[], options: readonly Option[]): Option | undefined {
  for (let index = 0; index < argv.length && argv[index] !== '--'; index++) {
    const option = findRequiring(argv[index] ?? '', options);
    if (!option) continue;
    index++;
    if (argv[index]?.startsWith('--')) return option;
  }
  return undefined;
}

/** @returns the option whose value is the next argument; of `-vn`, the one of `-n`. */
function findRequiring(argument: string, options: readonly Option[]): Option | undefined {
  const named = options.find(({ short, long }) => argument === short || argument === long);
  if (named) return named.required ? named : undefined;
  if (!/^-[^-]./.test(argument)) return undefined;
  const first = options.find(({ short }) => short === argument.slice(0, 2));
  return first?.isBoolean() ? findRequiring(`-${argument.slice(2)}`, options) : undefined;
}
