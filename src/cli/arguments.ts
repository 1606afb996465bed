/** Accepts the spellings of flags that users know from elsewhere, before the parser sees them. */

/** `--table-name` for `--tableName`, and so on: flags that were promised in camel case. */
function kebabCase(flag: string): string {
  return flag
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
}

/** Go's Kat takes its long flags with one dash, too. No cluster of short flags reads like one of these. */
const flagsOfGo = [
  'config',
  'count',
  'description',
  'dry-run',
  'file',
  'retry-count',
  'retry-delay',
  'verbose',
  'yes',
  'directory',
  'driver',
  'path',
];

/**
 * @param camelFlags long flags as they are promised, such as `--tableName`.
 * @returns the arguments with kebab-case flags, `-rd` and the flags of Go's Kat in their promised spelling; what follows `--` is left
 *   alone.
 */
export function normalizeArguments(argv: readonly string[], camelFlags: readonly string[]): string[] {
  const spellings = new Map(camelFlags.map((flag) => [kebabCase(flag), flag]));
  for (const flag of [...flagsOfGo.map((name) => `--${name}`), ...camelFlags])
    spellings.set(flag.slice(1), flag);
  spellings.set('-rd', '--retry-delay').set('--rd', '--retry-delay');
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  return argv.map((argument, index) => {
    const [flag, ...value] = argument.split('=');
    const promised = index < end ? spellings.get(flag ?? '') : undefined;
    return promised ? [promised, ...value].join('=') : argument;
  });
}

/**
 * Whether the output is JSON: `--json`, `--events`, or `--format json` of the commands that report findings.
 * @param flags the arguments before `--`, unchanged, so that errors can quote them.
 */
export function asksForJson(flags: readonly string[]): boolean {
  return flags.some(
    (flag, index) =>
      flag === '--json' ||
      flag === '--events' ||
      flag === '--format=json' ||
      (flag === 'json' && flags[index - 1] === '--format'),
  );
}
