/** Checks SQL that the parser does not take as a whole, because it is too long or nests too deeply, statement by statement. */

import type { Problem } from '../../errors.js';
import { cutLine } from '../../source-line.js';
import { type Parser, tryParse } from '../syntax/parse.js';
import { indexOfCharacter, type TextPosition } from '../syntax/position.js';
import { type ScannedStatement, StatementScanner } from '../syntax/statement-scanner.js';
import { asSqlError, findStatementProblem, type SqlOrigin } from './statement-problems.js';

/** Takes a text in pieces, and says at its end why it must not be run in a transaction. */
export interface UnparsedCheck {
  push(piece: string): void;
  finish(): Problem[];
}

/** Statements that only read or write rows: nothing in them ends a transaction, and long files consist of little else. */
const rowStatements: ReadonlySet<string> = new Set([
  'INSERT',
  'SELECT',
  'UPDATE',
  'DELETE',
  'MERGE',
  'VALUES',
  'WITH',
]);

/** Looks into every statement of a transactional migration that may do something to its transaction. */
export function checkUnparsed(parser: Parser, { file, migration }: SqlOrigin): UnparsedCheck {
  const problems: Problem[] = [];
  const scanner = new StatementScanner({
    concerns: (word) => !rowStatements.has(word),
    onStatement: ({ outline, ...place }) => {
      // The server refuses invalid SQL inside of the transaction.
      const [statement] = (outline !== undefined && tryParse(parser, outline)) || [];
      const problem = statement && findStatementProblem(statement.node, 'transaction');
      if (!problem) return;
      const location = { file, ...cutPlace(place) };
      problems.push(asSqlError({ ...problem, location, migration }));
    },
  });
  return {
    push: (piece) => scanner.push(piece),
    finish: () => {
      scanner.finish();
      return problems;
    },
  };
}

function cutPlace({ line, column, sourceLine }: Omit<ScannedStatement, 'outline'>): TextPosition {
  const end = sourceLine.length;
  return { line, column, ...cutLine(sourceLine, { start: 0, end }, indexOfCharacter(sourceLine, column)) };
}
