import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const inFolder = (folder: string) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
const pages = [...inFolder('.'), ...inFolder('docs')];

describe('every link inside of the project leads somewhere', () => {
  test.each(pages)('%s', (page) => {
    const text = withoutBlocks(readFileSync(join(root, page), 'utf8'));
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] as string);
    const inside = links.filter((link) => !/^[a-z]+:/.test(link));
    expect(inside.filter((link) => !leadsSomewhere(page, link))).toEqual([]);
  });

  test('and the check notices one that does not', () => {
    expect(leadsSomewhere('README.md', 'docs/nowhere.md')).toBe(false);
    expect(leadsSomewhere('README.md', 'docs/errors.md#nothing')).toBe(false);
    expect(leadsSomewhere('README.md', 'docs/errors.md#exit-codes')).toBe(true);
  });
});

test('the README leads to every page', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const others = pages.map((page) => relative('.', page)).filter((page) => page !== 'README.md');
  expect(others.filter((page) => !readme.includes(`](${page})`))).toEqual([]);
});

function leadsSomewhere(page: string, link: string): boolean {
  const [path, anchor] = link.split('#') as [string, string | undefined];
  const target = path === '' ? join(root, page) : resolve(root, dirname(page), path);
  if (!existsSync(target)) return false;
  return anchor === undefined || anchorsOf(readFileSync(target, 'utf8')).includes(anchor);
}

/** As GitHub makes them of headings. */
function anchorsOf(text: string): string[] {
  return [...withoutBlocks(text).matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] as string)
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function withoutBlocks(text: string): string {
  return text.replace(/^(`{3,})[\s\S]*?^\1$/gm, '');
}
