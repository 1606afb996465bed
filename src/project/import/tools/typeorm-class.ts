/** Reads the SQL out of a class of TypeORM whose methods are nothing but `await queryRunner.query('…');`. */

import { cut, locateInSource, type SourceText } from '../source.js';

export interface ClassQueries {
  /** Ends in the digits by which TypeORM orders. */
  className: string;
  /** Nothing when the method does anything else. */
  up: SourceText | undefined;
  down: SourceText | undefined;
  noTransaction: boolean;
}

const literal = String.raw`\x60(?:[^\x60\\$]|\\[\s\S]|\$(?!\{))*\x60|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"`;
const statement = String.raw`\s*(?:\/\/[^\n]*|\/\*[\s\S]*?\*\/|(?:await\s+|return\s+)?\w+\.query\(\s*(${literal})\s*,?\s*\)\s*;?)`;

/** @returns nothing when there is no class. */
export function readQueries(source: SourceText): ClassQueries | undefined {
  const [, className] = /\bclass\s+(\w+)/.exec(source.text) ?? [];
  const [, name = className] = /^\s*(?:this\.)?name\s*=\s*['"\x60](\w+)['"\x60]/m.exec(source.text) ?? [];
  if (name === undefined) return undefined;
  return {
    className: name,
    up: readMethod(source, 'up'),
    down: readMethod(source, 'down'),
    noTransaction: /^\s*(?:this\.)?transaction\s*=\s*false\b/m.test(source.text),
  };
}

/** Keeps each text on its line of the program, followed by a semicolon. */
function readMethod(source: SourceText, method: string): SourceText | undefined {
  const head = new RegExp(String.raw`\b${method}\s*\([^)]*\)\s*(?::\s*Promise<[^>]*>\s*)?\{`).exec(
    source.text,
  );
  if (!head) return undefined;
  const pattern = new RegExp(statement, 'y');
  pattern.lastIndex = head.index + head[0].length;
  let text = '';
  let end = pattern.lastIndex;
  for (let match = pattern.exec(source.text); match; match = pattern.exec(source.text)) {
    end = pattern.lastIndex;
    if (match[1] === undefined) continue;
    const { line } = locateInSource(source, match.index + match[0].indexOf(match[1]));
    text += `${'\n'.repeat(Math.max(0, line - text.split('\n').length))}${contentOf(match[1])}\n;`;
  }
  const isAll = /^\s*\}/.test(source.text.slice(end));
  return isAll ? cut({ ...source, text: `${text}\n` }, 0) : undefined;
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  v: '\v',
  '0': '\0',
  '\n': '',
};

/** The value of a JavaScript literal. */
function contentOf(text: string): string {
  return text
    .slice(1, -1)
    .replace(
      /\\(?:u\{([\da-f]+)\}|u([\da-f]{4})|x([\da-f]{2})|([\s\S]))/gi,
      (_, braced, four, two, other) => {
        const code = braced ?? four ?? two;
        return code === undefined
          ? (escapes[other] ?? other)
          : String.fromCodePoint(Number.parseInt(code, 16));
      },
    );
}
