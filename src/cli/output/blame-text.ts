/** The screen of `blame`: objects, the statements that changed them, and their authors. */

import type { BlamedObject, BlamedStatement, BlameResult, UnreadSql } from '../../index.js';
import { shortPath } from './excerpt.js';
import type { Style } from './style.js';

/** How the screen is drawn. */
export interface BlameScreen {
  /** The folder that file names are shown relative to. */
  cwd: string;
  style: Style;
  /** Shows whole statements. */
  isVerbose: boolean;
}

/** Longer statements are shown by the line that is meant. */
const shownLines = 3;

/** One section for each object, then what may have changed it unseen. */
export function formatBlame({ objects, unread, gitProblem }: BlameResult, screen: BlameScreen): string {
  return [
    ...objects.map((object) => formatObject(object, screen)),
    formatUnread(unread, screen),
    ...(gitProblem === undefined ? [] : [`No authors: ${gitProblem}.\n`]),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function formatObject({ kind, name, ...object }: BlamedObject, screen: BlameScreen): string {
  const { formerNames, isDropped, statements } = object;
  const formerly = formerNames.length === 0 ? '' : `, formerly ${formerNames.join(', ')}`;
  const title = screen.style.bold(`${kind} ${name}`) + formerly + (isDropped ? ' (dropped)' : '');
  return `${title}\n${statements.map((one) => formatStatement(one, screen)).join('')}`;
}

function formatStatement(statement: BlamedStatement, { cwd, style, isVerbose }: BlameScreen): string {
  const { migration, deeds, location, isConditional } = statement;
  const place = `${shortPath(location.file, cwd)}:${location.line}:${location.column}`;
  const lines = [
    `  ${migration} ${deeds.join(', ')}${isConditional ? ', conditionally' : ''}`,
    style.dim(`    ${[place, ...commitFacts(statement)].join(', ')}`),
    ...excerptOf(statement, isVerbose).map((line) => `      ${line}`.trimEnd()),
  ];
  return `${lines.join('\n')}\n`;
}

function commitFacts({ commit, isCommitted }: BlamedStatement): string[] {
  if (isCommitted === false) return ['not committed'];
  if (!commit) return [];
  const { author, authoredAt, isBoundary } = commit;
  const end = isBoundary ? ['or earlier, as the clone is shallow'] : [];
  return [author, authoredAt.slice(0, 10), commit.commit.slice(0, 10), ...end];
}

function excerptOf({ statement, location }: BlamedStatement, isVerbose: boolean): string[] {
  const lines = statement.split(/\r?\n/);
  if (isVerbose || lines.length <= shownLines) return lines;
  return [location.sourceLine.trim(), '…'];
}

function formatUnread(unread: readonly UnreadSql[], { cwd }: BlameScreen): string {
  const named = unread.filter(({ isNamed }) => isNamed);
  const others = [...new Set(unread.filter(({ isNamed }) => !isNamed).map(({ migration }) => migration))];
  const lines = named.map(
    ({ reason, location: { file, line, column } }) =>
      `  ${shortPath(file, cwd)}:${line}:${column} runs ${reason}`,
  );
  return [
    ...(named.length === 0
      ? []
      : ['Kat cannot read this SQL of migrations that contain the name:', ...lines]),
    ...(others.length === 0
      ? []
      : [`Kat cannot read all SQL of ${others.join(', ')}, which may change anything.`]),
  ]
    .map((line) => `${line}\n`)
    .join('');
}
