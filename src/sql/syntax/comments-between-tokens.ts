/** Parses SQL whose comments stand where libpg-query takes none, though PostgreSQL does. */

import { visitTokens } from './tokens.js';

interface TextParser {
  parseSync(text: string): unknown;
}

/**
 * PostgreSQL's scanner drops comments. libpg-query's makes tokens of them, which parts what belongs together: `NOT IN`,
 * `WITH TIME ZONE`, `NULLS FIRST`, `U&'…' UESCAPE '!'` (parser.c, `base_yylex`), and literals that go on in the next line. A
 * text that it refuses is therefore parsed once more, with blanks in place of its comments.
 */
export function withCommentsAnywhere<P extends TextParser>(parser: P): P {
  const parseSync = (text: string) => {
    try {
      return parser.parseSync(text);
    } catch (error) {
      const blanked = blankComments(text, byCharacters);
      if (blanked === text) throw error;
      // An error's place counts characters, and the tree's places count bytes.
      const tree = parser.parseSync(blanked);
      const inBytes = blankComments(text, byBytes);
      return inBytes === blanked ? tree : parser.parseSync(inBytes);
    }
  };
  return { ...parser, parseSync };
}

/** @returns as many blanks as the text has characters, or bytes of UTF-8. */
type Blanks = (text: string) => string;
const byCharacters: Blanks = (text) => ' '.repeat([...text].length);
const byBytes: Blanks = (text) => ' '.repeat(new TextEncoder().encode(text).length);

function blankComments(text: string, blanks: Blanks): string {
  let result = '';
  let behind = 0;
  visitTokens(text, (start, end) => {
    const gap = text.slice(behind, start);
    const partsLiterals = text[behind - 1] === "'" && text[start] === "'";
    result +=
      (partsLiterals ? blankLineComments(gap, blanks) : blankWhole(gap, blanks)) + text.slice(start, end);
    behind = end;
  });
  return result + text.slice(behind);
}

function blankWhole(gap: string, blanks: Blanks): string {
  return hasComment.test(gap) ? gap.replace(/[^\r\n]+/g, blanks) : gap;
}

const hasComment = /--|\/\*/;

/** No literal goes on behind a comment of the other form. */
function blankLineComments(gap: string, blanks: Blanks): string {
  const blanked = gap.replace(/--[^\r\n]*/g, blanks);
  return hasComment.test(blanked) ? gap : blanked;
}
