/** Cuts SQL into the texts of its statements. */

import { StatementScanner } from './statement-scanner.js';
import { withoutComments } from './without-comments.js';

/** @returns the text of each statement without comments; equal texts do the same in equal surroundings. */
export function statementTexts(text: string): string[] {
  const starts: number[] = [];
  const scanner = new StatementScanner({
    concerns: () => false,
    onStatement: ({ start }) => starts.push(start),
  });
  scanner.push(text);
  scanner.finish();
  return starts.map((start, index) =>
    withoutComments(text.slice(start, starts[index + 1])).replace(/;$/, ''),
  );
}
