import { beforeAll, expect, test } from 'vitest';
import { dropHarmlessCommands } from '../../src/sql/psql/harmless-commands.js';
import { loadParser, type Parser } from '../../src/sql/syntax/parse.js';

let parser: Parser;

beforeAll(async () => {
  parser = await loadParser();
});

test('commands that change nothing in the database go, and everything else stays where it was', () => {
  const text = [
    '\\restrict abc',
    '\\set ON_ERROR_STOP on',
    "SELECT '",
    '\\set inside a string',
    "';",
    '\\ir other.sql',
    'SELECT 1 \\gset',
    '  \\echo done',
    '',
  ].join('\r\n');
  const { text: kept, dropped } = dropHarmlessCommands(parser, text);
  expect(dropped.map(({ command }) => command)).toEqual([
    '\\restrict abc',
    '\\set ON_ERROR_STOP on',
    '\\echo done',
  ]);
  expect(kept).toHaveLength(text.length);
  expect(kept.split('\r\n').map((line) => line.trim())).toEqual([
    '',
    '',
    "SELECT '",
    '\\set inside a string',
    "';",
    '\\ir other.sql',
    'SELECT 1 \\gset',
    '',
    '',
  ]);
});

test.each(['SELECT 1;\n', 'SELEC 1;\n\\echo behind an error\n', ''])('%j stays as it is', (text) => {
  expect(dropHarmlessCommands(parser, text)).toEqual({ text, dropped: [] });
});
