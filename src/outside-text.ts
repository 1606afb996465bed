/** Makes outside text safe to print: text of servers, files, other sessions and the environment. */

import { maskSecrets } from './secrets.js';

/**
 * Characters that control a terminal or are invisible: control characters (including ESC and C1) except tab and line feed,
 * marks that change the writing direction, invisible characters, halves of surrogate pairs. The joiners U+200C and U+200D
 * stay, as scripts and emoji need them.
 */
const unprintable = /(?![\t\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Texts that CI services read as commands: GitHub (actions/runner, ActionCommand.cs), Azure Pipelines, TeamCity. */
const commandAtStart = /^(\s*)::/gm;
const commandAnywhere = /##(?=\[|vso\[|teamcity\[)/g;

/** Most characters of one text from outside: a server's message may have a gigabyte. */
const mostCharacters = 4_000;

/** Shows what cannot be seen as an escape such as `\x1b`. Line feeds and tabs stay. */
export function visible(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(unprintable, escapeOf);
}

/** Whether nothing in a text is invisible or acts on a terminal. */
export function isVisible(text: string): boolean {
  return text.search(unprintable) < 0;
}

/** Visible, and nothing that CI services act upon. A result that comes here again stays as it is. */
export function printable(text: string): string {
  return visible(text).replace(commandAtStart, String.raw`$1\::`).replace(commandAnywhere, String.raw`#\#`);
}

/** The same in one line. */
export function printableLine(text: string): string {
  return printable(text.replace(/\s*[\r\n]+\s*/g, ' '));
}

/** Text from outside as it may stand in a message: short, visible, without passwords. */
export function outsideText(text: string, most = mostCharacters): string {
  // What is behind twice the length is cut anyway; a password at the cut must be seen whole to be masked.
  return printable(cut(maskSecrets(text.slice(0, 2 * most)), text.length, most));
}

/** Escapes in a JSON text what `JSON.stringify` leaves as it is; programs read the same values as before. */
export function printableJson(json: string): string {
  return json.replace(unprintable, jsonEscapes).replace(commandAnywhere, `#${jsonEscapes('#')}`);
}

function jsonEscapes(text: string): string {
  const units = text.split('');
  return units.map((unit) => `\\u${hex(unit.charCodeAt(0), 4)}`).join('');
}

/** @param length of the whole text, of which `start` is the beginning. */
function cut(start: string, length: number, most: number): string {
  if (length <= most && start.length <= most) return start;
  const end = most - `… (${length} more characters)`.length;
  const isSplit = /[\ud800-\udbff]/.test(start[end - 1] ?? '');
  const kept = start.slice(0, isSplit ? end - 1 : end);
  return `${kept}… (${Math.max(length, start.length) - kept.length} more characters)`;
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${hex(code, 2)}`;
  return code > 0xffff ? `\\u{${hex(code, 1)}}` : `\\u${hex(code, 4)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
