/** Splits an ALTER TABLE into one statement per command, so that each can be fixed separately. */

import type { AlterTableCmd, Node } from '@pgsql/types';
import { inOrderOfPasses } from '../../postgres/alter-table-order.js';
import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import { type Parser, parseStatements } from '../../syntax/parse.js';
import { indexBytes } from '../../syntax/text-places.js';
import { findCommandStarts, splitCommands } from '../command-starts.js';
import { alterWords } from './quote-name.js';
import { type Fixer, together } from './statement-fix.js';

/** @returns a fixer that leaves statements with a single command to `next`, and splits those one of whose commands that can fix. */
export function splitFirst(parser: Parser, next: Fixer): Fixer {
  return (statement, at) => {
    if (countCommands(statement.node) < 2) return next(statement, at);
    const texts = alterApart(statement);
    const starts = findCommandStarts(statement.text);
    const found = starts.findLastIndex((start) => start <= at - statement.start);
    const [only, ...others] = parseAll(parser, texts?.[found] ?? '');
    if (!texts || !only || others.length > 0) return undefined;
    const indexOf = indexBytes(only.text);
    const alone = { ...statement, ...only, indexOf: (location?: number) => indexOf(location ?? 0) };
    return next(alone, 0) && inOrderOfRuns(parser, texts).map((text) => together(text));
  };
}

function parseAll(parser: Parser, text: string) {
  return parseStatements(parser, text).statements ?? [];
}

function countCommands(node: Node): number {
  return nodesOf(nodeOf(node, 'AlterTableStmt')?.cmds, 'AlterTableCmd').length;
}

/** A statement for each command of an ALTER TABLE, in the order of the text; undefined for what is none. */
function alterApart({ node, text }: { node: Node; text: string }): string[] | undefined {
  const alter = nodeOf(node, 'AlterTableStmt');
  if (alter?.objtype !== 'OBJECT_TABLE') return undefined;
  const texts = splitCommands(text);
  return texts.length === countCommands(node)
    ? texts.map((command) => `${alterWords(alter)} ${command}`)
    : undefined;
}

/**
 * What a statement of a down.sql does, in several statements; itself where it is no list.
 * @param statement as it was parsed
 */
export function splitStatement(parser: Parser, statement: { node: Node; text: string }): string[] {
  const drop = nodeOf(statement.node, 'DropStmt');
  if (drop?.removeType === 'OBJECT_INDEX' && (drop.objects ?? []).length > 1) {
    const [, words = '', names = ''] =
      /^(drop\s+index\s+(?:concurrently\s+)?(?:if\s+exists\s+)?)([\s\S]*)$/i.exec(statement.text) ?? [];
    const isPlain = /^[\w".\s,]+$/.test(names) && !/\b(cascade|restrict)\b/i.test(names);
    return isPlain ? names.split(',').map((name) => words + name.trim()) : [statement.text];
  }
  const texts = countCommands(statement.node) > 1 ? alterApart(statement) : undefined;
  return texts ? inOrderOfRuns(parser, texts) : [statement.text];
}

function inOrderOfRuns(parser: Parser, texts: readonly string[]): string[] {
  const commandOf = (text: string) => {
    const alter = nodeOf(parseAll(parser, text)[0]?.node, 'AlterTableStmt');
    return asEarlyAsItMay(nodesOf(alter?.cmds, 'AlterTableCmd')[0] ?? {});
  };
  return inOrderOfPasses(
    texts.map((text) => ({ text, command: commandOf(text) })),
    ({ command }) => command,
  ).map(({ text }) => text);
}

/** A default depends on nothing but the column, and must be there before nulls are refused. */
function asEarlyAsItMay(command: AlterTableCmd): AlterTableCmd {
  return command.subtype === 'AT_ColumnDefault' && command.def ? { subtype: 'AT_AddColumn' } : command;
}
