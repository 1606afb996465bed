/** Colours, where the reader has a terminal and wants them. */

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

export type Style = Record<keyof typeof codes, (text: string) => string>;

/** @param isColoured whether to colour at all. */
export function createStyle(isColoured: boolean): Style {
  const paint = (code: number) => (text: string) => (isColoured ? `\u001b[${code}m${text}\u001b[0m` : text);
  const entries = Object.entries(codes).map(([name, code]) => [name, paint(code)]);
  return Object.fromEntries(entries) as Style;
}

/** As https://no-color.org and https://force-color.org ask for. */
export function wantsColour(
  stream: { isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
  flag: boolean,
): boolean {
  if (!flag || env.NO_COLOR) return false;
  if (env.FORCE_COLOR && env.FORCE_COLOR !== '0') return true;
  return Boolean(stream.isTTY) && env.TERM !== 'dumb';
}
