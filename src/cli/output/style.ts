/** Colours, where the reader has a terminal and wants them. */

import { outsideText } from '../../outside-text.js';

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

export type Style = Record<keyof typeof codes, (text: string) => string>;

/**
 * Stands before the number of a colour until it is written. Nobody outside of the process can know it, so text from outside has none.
 * Node.js takes 2 ms to load what makes a UUID.
 */
const mark = `\0${String(Math.random()).slice(2)}:`;
const marked = new RegExp(`${mark}(\\d+);`, 'g');

const mostInLine = 10_000;

/** The characters of a coloured text, to measure it. */
export function withoutColours(text: string): string {
  return text.replaceAll(marked, '');
}

/** @param options whether to colour at all. A coloured text is fit for `terminalText` only. */
export function createStyle({ isColoured }: { isColoured: boolean }): Style {
  const paint = (code: number) => (text: string) => (isColoured ? `${mark}${code};${text}${mark}0;` : text);
  const entries = Object.entries(codes).map(([name, code]) => [name, paint(code)]);
  return Object.fromEntries(entries) as Style;
}

/**
 * A text as it is written for people: Kat's own colours are the only escape sequences in it, no line of it is a command
 * to a CI service, and no password is in it.
 */
export function terminalText(text: string): string {
  return text
    .split(marked)
    .map((part, index) => (index % 2 === 1 ? `\u001b[${part}m` : printableLines(part)))
    .join('');
}

function printableLines(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => outsideText(line, mostInLine))
    .join('\n');
}

/** As https://no-color.org and https://force-color.org ask for. */
export function wantsColour(
  stream: { isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
  { allowed }: { allowed: boolean },
): boolean {
  if (!allowed || env.NO_COLOR) return false;
  if (env.FORCE_COLOR && env.FORCE_COLOR !== '0') return true;
  return Boolean(stream.isTTY) && env.TERM !== 'dumb';
}
