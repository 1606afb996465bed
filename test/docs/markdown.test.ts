import { describe, expect, test } from 'vitest';
import { parsePage } from './markdown.js';

const page = (...lines: string[]) => parsePage(lines.join('\n'));

describe('a page', () => {
  test('is for PGlite unless it says otherwise at its head', () => {
    expect(page('# Title').databases).toEqual(['pglite']);
    expect(page('<!-- databases: pglite, postgres -->', '# Title').databases).toEqual(['pglite', 'postgres']);
  });

  test('console blocks are commands with the output below them', () => {
    const { blocks } = page('```console', '$ kat up', 'one', '', 'two', '$ kat down', '```');
    expect(blocks).toEqual([
      {
        kind: 'commands',
        line: 1,
        only: undefined,
        commands: [
          { text: 'kat up', output: ['one', '', 'two'], mayFail: false, line: 2 },
          { text: 'kat down', output: [], mayFail: false, line: 6 },
        ],
      },
    ]);
  });

  test('a backslash continues a command on the next line', () => {
    const { blocks } = page('```console', '$ kat add x \\', '    --parent y', 'made', '```');
    expect(blocks[0]).toMatchObject({
      commands: [{ text: 'kat add x \\\n    --parent y', output: ['made'] }],
    });
  });

  test('only a command whose exit code is asked for may fail', () => {
    const { blocks } = page('```console', '$ kat up', '$ kat down', '$ echo $?', '2', '```');
    expect(blocks[0]).toMatchObject({
      commands: [{ mayFail: false }, { mayFail: true }, { mayFail: false }],
    });
  });

  test('sh blocks are commands whose output is not shown', () => {
    const { blocks } = page('```sh', '# comment', 'kat up', '', 'kat down', '```');
    expect(blocks[0]).toMatchObject({
      commands: [
        { text: 'kat up', output: undefined, line: 3 },
        { text: 'kat down', output: undefined, line: 5 },
      ],
    });
  });

  test('a here-document belongs to its command', () => {
    const { blocks } = page('```sh', "cat > x.sql <<'SQL'", 'SELECT 1;', '', '# x', 'SQL', 'kat up', '```');
    expect(blocks[0]).toMatchObject({
      commands: [
        { text: "cat > x.sql <<'SQL'\nSELECT 1;\n\n# x\nSQL", line: 2 },
        { text: 'kat up', line: 7 },
      ],
    });
    expect(() => page('```sh', "cat <<'SQL'", 'SELECT 1;', '```')).toThrow('does not end');
  });

  test('a block with a path is a file, and the prose before it is kept', () => {
    const { blocks } = page('Write `up.sql`:', '', '```sql migrations/*_x/up.sql', 'SELECT 1;', '```');
    expect(blocks).toEqual([
      {
        kind: 'file',
        path: 'migrations/*_x/up.sql',
        text: 'SELECT 1;\n',
        prose: 'Write `up.sql`:\n',
        line: 3,
        only: undefined,
      },
    ]);
  });

  test('a block may be for one database only', () => {
    const { blocks } = page('<!-- only: postgres -->', '```sh', 'kat init', '```', '```sh', 'kat up', '```');
    expect(blocks.map(({ only }) => only)).toEqual(['postgres', undefined]);
  });

  test('longer fences hold shorter ones', () => {
    const { blocks } = page('````text', '```sh', 'rm -rf everything', '```', '````');
    expect(blocks).toEqual([]);
  });

  test.each(['sql', 'yaml', 'js', 'bash', ''])(
    'a block of "%s" that would not be run is refused',
    (language) => {
      expect(() => page(`\`\`\`${language}`, 'x', '```')).toThrow('without a path would not be run');
    },
  );

  test('output without a command and a block without an end are refused', () => {
    expect(() => page('```console', 'kat up', '```')).toThrow('line 2: output without a command');
    expect(() => page('```sh', 'kat up')).toThrow('line 1: the block does not end');
  });
});
