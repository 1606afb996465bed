import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Problem } from '../../src/errors.js';
import { parseMigrationId } from '../../src/graph/migration.js';
import { checkAgreement, parseMetadata } from '../../src/project/metadata/metadata.js';
import { type Metadata, parseMetadataFast } from '../../src/project/metadata/metadata-fast.js';

const file = '/migrations/1_a/metadata.yaml';

async function accepted(text: string): Promise<Metadata> {
  const { value, problems } = await parseMetadata(file, text);
  if (problems) throw new Error(problems.map(({ message }) => message).join('; '));
  return value;
}

async function refused(text: string): Promise<Problem[]> {
  expect(parseMetadataFast(text)).toBeUndefined();
  const { problems } = await parseMetadata(file, text);
  if (!problems) throw new Error('accepted');
  return problems;
}

describe('both ways read', () => {
  test('what kat add and corpora of Go Kat have', async () => {
    const text = 'name: create_users\ntimestamp: 1679012345\nparents:\n  - 1679012300\n  - create_roles\n';
    const expected: Metadata = {
      name: { text: 'create_users', line: 1, column: 7 },
      timestamp: { text: '1679012345', line: 2, column: 12 },
      parents: [
        { text: '1679012300', line: 4, column: 5, sourceLine: '  - 1679012300' },
        { text: 'create_roles', line: 5, column: 5, sourceLine: '  - create_roles' },
      ],
      noTransaction: false,
    };
    expect(parseMetadataFast(text)).toEqual(expected);
    expect(await accepted(text)).toEqual(expected);
  });

  test.each([
    ['a list in brackets', 'name: a\ntimestamp: 1\nparents: [ 1679012345, b,1_c ] # both\n'],
    ['an empty list', 'name: a\ntimestamp: 1\nparents: []'],
    ['a list without indentation', 'name: a\ntimestamp: 1\nparents:\n- 3\n- 2\nno_transaction: true\n'],
    ['comments and empty lines', '# x\n\nname: a # y\n  # z\ntimestamp: 1\nparents: # w\n\n# v\n  - 1 # u\n'],
    ['CRLF', 'name: a\r\ntimestamp: 1\r\n\r\nparents:\r\n  - 5\r\ndescription: b c\r\n'],
    ['quotes', `name: "1_a"\ntimestamp: "007"\ndescription: 'it''s "fine"' # c\nparents:\n  - '12'\n`],
    ['escapes', 'name: a\ntimestamp: 1\ndescription: "a\\n\\t\\"\\\\\\u00e9 # é 🐘"\n'],
    [
      'more digits than a number holds',
      'name: a\ntimestamp: 123456789012345678901\nparents: [9007199254740993]\n',
    ],
    ['text with punctuation', 'name: a\ntimestamp: 1\ndescription: Adds "x", [y] & {z} - é!  \n'],
    ['a no-break space, which is no space to YAML', 'name: a\ntimestamp: 1\ndescription: b\u00a0\n'],
    ['what it replaces', 'name: c\ntimestamp: 3\nreplaces:\n  - 1_a\n  - "2_b" # gone\nparents: []\n'],
    ['what it replaces, in brackets', 'name: c\ntimestamp: 3\nreplaces: [1_a, 2_b]\n'],
    ['nothing that it replaces', 'name: c\ntimestamp: 3\nreplaces: []\n'],
    ['an empty description', 'name: a\ntimestamp: 1\ndescription: ""\n'],
  ])('%s', async (_what, text) => {
    const fast = parseMetadataFast(text);
    expect(fast).toBeDefined();
    expect(await accepted(text)).toEqual(fast);
  });

  test('ids past 2^53 exactly', async () => {
    const text = 'name: a\ntimestamp: 0x20000000000001 # falls back\nparents: [123456789012345678901]\n';
    expect(parseMetadataFast(text)).toBeUndefined();
    expect(await accepted(text)).toMatchObject({
      timestamp: { text: '9007199254740993' },
      parents: [{ text: '123456789012345678901' }],
    });
  });
});

test('whatever the fast way accepts, the library reads the same', async () => {
  const scalar = fc.oneof(
    fc.constantFrom(
      '1',
      '007',
      '1_a',
      'a-b',
      'null',
      'true',
      'No',
      '~',
      '1.5',
      '1e3',
      '0x1f',
      '-1',
      '',
      '.',
      'a b',
      '- 1',
    ),
    fc.constantFrom(
      '"x"',
      "'it''s'",
      '"a\\nb"',
      '"\\q"',
      '[1, 2]',
      '[a,]',
      '[]',
      '[ 1 , b ]',
      '{a: 1}',
      '&x 1',
      '*x',
      '|',
    ),
    fc.string({
      unit: fc.constantFrom(
        'a',
        ' ',
        '#',
        ':',
        "'",
        '"',
        '\\',
        ',',
        '[',
        ']',
        '\u00a0',
        '\u2028',
        '🐘',
        '\t',
      ),
    }),
  );
  const ending = fc.constantFrom('', ' ', ' # c', '#c', '\r', '\t');
  const entry = fc.tuple(
    fc.constantFrom(
      'name: ',
      'timestamp: ',
      'description: ',
      'parents:',
      'parents: ',
      'replaces:',
      'replaces: ',
      'no_transaction: ',
      'nam: ',
      'name:',
    ),
    scalar,
    ending,
  );
  const item = fc.tuple(fc.constantFrom('- ', '  - ', '   -  ', '-', '    '), scalar, ending);
  const other = fc.tuple(
    fc.constantFrom('', '# c', '  # c', '---', '...', '  ', '\t'),
    fc.constant(''),
    ending,
  );
  const likely = fc.record({
    head: fc.constantFrom('', '# c\n', '\ufeff', '---\n', '%YAML 1.1\n---\n'),
    name: fc.constantFrom('name: a\n', 'name: "1_a" # c\n', 'name: 1_a\n', ''),
    timestamp: fc.constantFrom('timestamp: 1\n', 'timestamp: 12345678901234567890\n', "timestamp: '01'\n"),
    rest: fc.array(fc.oneof({ weight: 3, arbitrary: entry }, { weight: 3, arbitrary: item }, other), {
      maxLength: 5,
    }),
  });
  let acceptedCount = 0;
  await fc.assert(
    fc.asyncProperty(likely, async ({ head, name, timestamp, rest }) => {
      const text = head + name + timestamp + rest.map((parts) => `${parts.join('')}\n`).join('');
      const fast = parseMetadataFast(text);
      if (!fast) return;
      acceptedCount++;
      expect(await parseMetadata(file, text)).toEqual({ value: fast });
    }),
    { numRuns: 5000 },
  );
  expect(acceptedCount).toBeGreaterThan(100);
});

describe('refused, with place', () => {
  test.each([
    ['an empty file', '', 'is empty', 1],
    ['only comments', '# nothing\n', 'is empty', 1],
    ['only a document marker', '---\n', 'is empty', 1],
    ['a duplicate key', 'name: a\ntimestamp: 1\nname: b\n', '`name` appears twice', 3],
    ['several documents', 'name: a\ntimestamp: 1\n---\nname: b\n', 'several YAML documents', 3],
    ['an anchor', 'name: &x a\ntimestamp: 1\n', 'anchors and aliases', 1],
    ['an alias', 'name: a\ntimestamp: 1\nparents: [*x]\n', 'anchors and aliases', 3],
    ['a tag', 'name: !thing a\ntimestamp: 1\n', 'tag', 1],
    ['parents as a scalar', 'name: a\ntimestamp: 1\nparents: 123\n', '`parents` must be a list', 3],
    ['parents without value', 'name: a\ntimestamp: 1\nparents:\n', '`parents` must be a list', 3],
    ['parents null', 'name: a\ntimestamp: 1\nparents: null\n', '`parents` must be a list', 3],
    ['a parent that is null', 'name: a\ntimestamp: 1\nparents:\n  - 1\n  -\n', '`parents[1]` must be', 5],
    [
      'a parent that is a number with a point',
      'name: a\ntimestamp: 1\nparents: [1.5]\n',
      '`parents[0]` must be',
      3,
    ],
    ['a negative timestamp', 'name: a\ntimestamp: -1\n', '`timestamp` must be', 2],
    ['a timestamp in words', 'name: a\ntimestamp: soon\n', '`timestamp` must be', 2],
    ['a name that is a number', 'name: 42\ntimestamp: 1\n', '`name` must be text', 1],
    ['a missing name', 'timestamp: 1\n', '`name` is missing', 1],
    ['a missing timestamp', 'name: a\n', '`timestamp` is missing', 1],
    ['a misspelt key', 'name: a\ntimestamp: 1\nparent: [1]\n', 'did you mean `parents`?', 3],
    [
      'no_transaction in words',
      'name: a\ntimestamp: 1\nno_transaction: maybe\n',
      '`no_transaction` must be',
      3,
    ],
    ['a list', '- a\n', '`key: value`', 1],
    ['a scalar', 'hello\n', '`key: value`', 1],
    ['a tab', 'name: a\ntimestamp: 1\nparents:\n\t- 1\n', 'not valid YAML', 4],
    ['an open quote', 'name: "a\ntimestamp: 1\n', 'not valid YAML', undefined],
  ])('%s', async (_what, text, message, line) => {
    const [problem] = await refused(text);
    expect(problem?.message).toContain(message);
    expect(problem?.location?.file).toBe(file);
    if (line !== undefined) expect(problem?.location?.line).toBe(line);
  });

  test('says how to write no parents', async () => {
    const [problem] = await refused('name: a\ntimestamp: 1\nparents:\n');
    expect(problem?.help).toBe('Write `parents: []` or delete the line.');
    expect(problem?.location).toMatchObject({ column: 1, sourceLine: 'parents:' });
  });

  test('everything at once', async () => {
    const problems = await refused('nam: a\ntimestamp: x\nparents: 5\ndescription: [a]\nno_transaction: 7\n');
    expect(problems.map(({ location }) => location?.line).sort()).toEqual([1, 1, 2, 3, 4, 5]);
  });

  test('alias bombs, deep nesting and huge files, before they cost anything', async () => {
    const bomb = [
      'a: &a [x, x]',
      ...[...'bcdefghij'].map((key, i) => `${key}: &${key} [*${'abcdefghi'[i]}, *${'abcdefghi'[i]}]`),
    ];
    expect((await refused(`${bomb.join('\n')}\n`))[0]?.message).toContain('anchors and aliases');
    for (const nested of [
      '['.repeat(50_000),
      '{a: '.repeat(20_000),
      '- '.repeat(20_000),
      '? '.repeat(20_000),
    ]) {
      expect((await refused(`name: ${nested}`))[0]?.message).toMatch(/nested too deeply|not valid YAML/);
      expect((await refused(nested))[0]?.message).toMatch(/nested too deeply/);
    }
    const keys = Array.from({ length: 200_000 }, (_, index) => `key${index}: 1`).join('\n');
    expect((await refused(keys))[0]?.message).toContain('is larger than');
  });

  test('a key that is a trap of JavaScript', async () => {
    const [problem] = await refused('name: a\ntimestamp: 1\n__proto__: {b: 1}\n');
    expect(problem?.message).toContain('unknown key `__proto__`');
  });
});

describe('agreement with the folder', () => {
  const folder = parseMigrationId('0012_create_users');
  if (!folder) throw new Error('no id');

  function check(text: string): Problem[] {
    const metadata = parseMetadataFast(text);
    if (!folder || !metadata) throw new Error('not read');
    return checkAgreement(folder, metadata, { file, text });
  }

  test.each(['create_users', '0012_create_users', '12_create_users'])('name %s', (name) => {
    expect(check(`name: ${name}\ntimestamp: 12\n`)).toEqual([]);
    expect(check(`name: ${name}\ntimestamp: "0012"\n`)).toEqual([]);
  });

  test('reports both fields with their places', () => {
    const problems = check('# c\nname: 13_create_users\ntimestamp: 13\n');
    expect(problems).toMatchObject([
      {
        location: { line: 2, column: 7, sourceLine: 'name: 13_create_users' },
      },
      { location: { line: 3, column: 12, sourceLine: 'timestamp: 13' } },
    ]);
    expect(problems[0]?.message).toBe('`name` and the folder disagree: the folder is 0012_create_users');
  });
});

describe('how long a migration may wait', () => {
  const head = 'name: create_users\ntimestamp: 1679012345\n';

  test('is read in milliseconds, and only what is given', async () => {
    const text = `${head}lock_timeout: 1.5s\nstatement_timeout: 1h30m\n`;
    expect(await accepted(text)).toMatchObject({
      waits: { lockTimeoutMs: 1500, statementTimeoutMs: 5_400_000 },
    });
    expect(await accepted(`${head}retry_for: 0\n`)).toMatchObject({
      waits: { retryForMs: 0 },
    });
    expect(await accepted(head)).not.toHaveProperty('waits');
  });

  test.each(['5', 'soon', '-1s', 'null'])('%s is no duration', async (value) => {
    const [problem] = await refused(`${head}lock_timeout: ${value}\n`);
    expect(problem?.message).toMatch(/^`lock_timeout` must be a duration/);
    expect(problem?.location).toMatchObject({ line: 3 });
  });
});

test('what is replaced is named by id', async () => {
  const text = 'name: c\ntimestamp: 3\nreplaces:\n  - 1_a\n  - 0002_b\n';
  expect((await accepted(text)).replaces).toEqual(['1_a', '0002_b']);
  for (const wrong of [
    'replaces: [1]',
    'replaces: [a]',
    'replaces: 1_a',
    'replaces:',
    'replaces: [1_a]\nreplaces: [2_b]',
  ])
    expect(await refused(`name: c\ntimestamp: 3\n${wrong}\n`)).not.toEqual([]);
});
