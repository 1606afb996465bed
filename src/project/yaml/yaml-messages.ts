/** Kat's own words for what the YAML parser finds: its texts may quote a value, and a value may be a password. */

import type { YAMLError } from 'yaml';
import type { Problem, SourceLocation } from '../../errors.js';

const messages: Partial<Record<YAMLError['code'], string>> = {
  BAD_ALIAS: 'an alias without an anchor',
  BAD_DIRECTIVE: 'an invalid YAML directive',
  BAD_DQ_ESCAPE: 'an escape in double quotes that YAML does not have',
  BAD_INDENT: 'the indentation is wrong',
  BAD_SCALAR_START: 'a plain value cannot start with this character',
  BLOCK_AS_IMPLICIT_KEY: 'a second `key: value` on the same line, or wrong indentation',
  BLOCK_IN_FLOW: 'an indented block inside brackets',
  KEY_OVER_1024_CHARS: 'a key of more than 1024 characters',
  MISSING_CHAR: 'a closing quote, bracket, comma or colon is missing',
  MULTILINE_IMPLICIT_KEY: 'a line without `key: value`, or wrong indentation',
  NON_STRING_KEY: 'a key that is not text',
  TAB_AS_INDENT: 'a tab used as indentation',
  TAG_RESOLVE_FAILED: 'a YAML tag, which is not allowed here',
  UNEXPECTED_TOKEN: 'an unexpected character or word',
};

const helps: Partial<Record<YAMLError['code'], string>> = {
  BAD_DQ_ESCAPE: 'Use single quotes: a backslash has no special meaning in them.',
  BAD_SCALAR_START: 'Put the value in quotes.',
  TAB_AS_INDENT: 'Indent with spaces.',
};

/** The problem of the YAML and its place, without any quote of the text. */
export function yamlErrorProblem(
  error: YAMLError,
  text: string,
  locate: (offset: number) => SourceLocation,
): Problem {
  const help = helps[error.code];
  // The library reports a bracket that nothing closes by the indentation of what follows.
  const isOpen = error.code === 'BAD_INDENT' && /^Flow .* end with a /.test(error.message);
  const [end] = error.pos;
  const opened = isOpen ? findOpenBracket(text, end) : findOpenQuote(error, text);
  return {
    message: `not valid YAML: ${isOpen ? messages.MISSING_CHAR : (messages[error.code] ?? 'it cannot be parsed')}`,
    location: locate(opened ?? end),
    ...(help ? { help } : {}),
  };
}

/** The quote that nothing closes; the library reports the end of the text, which the quote has swallowed. */
function findOpenQuote({ code, message }: YAMLError, text: string): number | undefined {
  if (code !== 'MISSING_CHAR' || !/quote/.test(message)) return undefined;
  const quoted = /(?<![^\s:,[{-])(?:"(?:[^"\\]|\\.)*(?<closed>"?)|'(?:[^']|'')*(?<closedSingle>'?))|#[^\n]*/g;
  for (const { index, groups = {}, 0: found } of text.matchAll(quoted))
    if (!found.startsWith('#') && !groups.closed && !groups.closedSingle) return index;
  return undefined;
}

/** The last bracket before a place that nothing closes there; quoted texts are left out. */
function findOpenBracket(text: string, end: number): number | undefined {
  const open: number[] = [];
  for (const { 0: sign, index } of text
    .slice(0, end)
    .matchAll(/"(?:[^"\\]|\\.)*"|'[^']*'|#[^\n]*|[[\]{}]/g)) {
    if (sign === '[' || sign === '{') open.push(index);
    else if (sign === ']' || sign === '}') open.pop();
  }
  return open.at(-1);
}
