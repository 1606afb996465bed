/** Parents change in `metadata.yaml`, everything else in it stays, and a disk that refuses leaves all files as they were. */
import { lstatSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeParents } from '../../../src/project/folder/change/rewritten-parents.js';
import { readParents } from '../../../src/project/metadata/metadata.js';
import { failureOf, makeFolder } from '../temporary.js';

const head = 'name: c\ntimestamp: 3\n';

async function rewrite(text: string, parents: readonly string[]): Promise<string> {
  const root = makeFolder({ '3_c/metadata.yaml': text });
  const file = join(root, '3_c/metadata.yaml');
  await writeParents('deps --fix', root, [{ file, parents }]);
  expect(readdirSync(root)).toEqual(['3_c']);
  return readFileSync(file, 'utf8');
}

const [a, b] = ['1_a', '2_b'];

test.each([
  ['an empty list', `${head}parents: []\n# end\n`, [a, b], `${head}parents:\n  - 1 # a\n  - 2 # b\n# end\n`],
  ['no value', `${head}parents:\n  # none\n`, [a], `${head}parents:\n  - 1 # a\n  # none\n`],
  ['a list in brackets', `parents: [1, x] # two\n${head}`, [b], `parents: # two\n  - 2 # b\n${head}`],
  ['brackets on lines', `parents: [\n  1,\n  ] # one\n${head}`, [b], `parents: # one\n  - 2 # b\n${head}`],
  ['no parents yet', head, [a], `${head}parents:\n  - 1 # a\n`],
  ['no parents, and none wanted', head, [], head],
  ['no line end', 'name: c\ntimestamp: 3', [a], `${head}parents:\n  - 1 # a\n`],
  ['an entry more', `parents:\n- 1 # mine\n${head}`, [a, b], `parents:\n- 1 # mine\n- 2 # b\n${head}`],
  [
    'an entry less',
    `${head}parents:\n    # the first\n    - 1_a\n    # the second\n    - b\n\n# end\n`,
    [b],
    `${head}parents:\n    # the second\n    - b\n\n# end\n`,
  ],
  ['all of a list', `# top\nparents:\n  - 1 # a\n  - 2\n${head}`, [], `# top\nparents: []\n${head}`],
  ['a list at the end', `${head}parents:\n  - 1`, [a, b], `${head}parents:\n  - 1\n  - 2 # b\n`],
  [
    'CRLF',
    'name: c\r\ntimestamp: 3\r\nparents:\r\n  - 1\r\nretry_for: 1s\r\n',
    [a, b],
    'name: c\r\ntimestamp: 3\r\nparents:\r\n  - 1\r\n  - 2 # b\r\nretry_for: 1s\r\n',
  ],
  ['a byte order mark', `\ufeff${head}parents: []\n`, [a], `\ufeff${head}parents:\n  - 1 # a\n`],
])('%s', async (_name, text, parents, wanted) => {
  expect(await rewrite(text, parents)).toBe(wanted);
});

test('whatever the layout, the parents are those that were asked for', async () => {
  const ids = ['1_a', '2_b', '4_d', '0005_e', '12345678901234567890_f'];
  const styles = fc.constantFrom('block', 'flow', 'none');
  await fc.assert(
    fc.asyncProperty(fc.subarray(ids), fc.subarray(ids), styles, async (before, after, style) => {
      const entries = before.map((id, index) => (index % 2 === 0 ? id : id.slice(id.indexOf('_') + 1)));
      const block = entries.map((entry) => `  # about ${entry}\n  - ${entry} # ${entry}\n`).join('');
      const list = style === 'flow' || before.length === 0 ? ` [${entries.join(', ')}]\n` : `\n${block}`;
      const text = `# top\n${style === 'none' ? '' : `parents:${list}`}${head}# end\n`;
      const found = await rewrite(text, after);
      const parents = (await readParents(found)) ?? [];
      const meant = parents.map((parent) =>
        ids.find(
          (id) =>
            [id, id.slice(id.indexOf('_') + 1), id.slice(0, id.indexOf('_'))].includes(parent.text) ||
            `000${parent.text}_e` === id,
        ),
      );
      expect([...meant].sort()).toEqual([...after].sort());
      expect(found.startsWith('# top\n') && found.includes(head.trim())).toBe(true);
      expect(found.endsWith('# end\n')).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('a layout without room for a list is left alone, and so are all other files', async () => {
  const texts = {
    '2_b/metadata.yaml': 'name: b\ntimestamp: 2\n',
    '3_c/metadata.yaml': '{name: c, timestamp: 3}\n',
  };
  const root = makeFolder(texts);
  const changes = ['2_b', '3_c'].map((id) => ({ file: join(root, id, 'metadata.yaml'), parents: [a] }));
  const error = await failureOf(() => writeParents('deps --fix', root, changes));
  expect(error).toMatchObject({ code: 'FILES_INVALID', help: 'Write `parents: [1]` into it by hand.' });
  for (const [name, text] of Object.entries(texts)) expect(readFileSync(join(root, name), 'utf8')).toBe(text);
  expect(readdirSync(root)).toEqual(['2_b', '3_c']);
});

test('a symbolic link stays, and what it leads to is rewritten', async () => {
  const root = makeFolder({ '3_c/real.yaml': head });
  symlinkSync('real.yaml', join(root, '3_c/metadata.yaml'));
  await writeParents('deps --fix', root, [{ file: join(root, '3_c/metadata.yaml'), parents: [a] }]);
  expect(lstatSync(join(root, '3_c/metadata.yaml')).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(root, '3_c/real.yaml'), 'utf8')).toBe(`${head}parents:\n  - 1 # a\n`);
});

test('a file that is gone is an error, and nothing is written', async () => {
  const root = makeFolder();
  const change = { file: join(root, '3_c/metadata.yaml'), parents: [] };
  expect((await failureOf(() => writeParents('deps --fix', root, [change]))).code).toBe('FILES_INVALID');
});
