// Takes the pictures of the docs: the demo's graph in a terminal, and its page in a browser, dark and light.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { importSources, root } from './import-sources.mjs';

const pictures = join(root, 'docs/pictures');

const { openBrowser } = await importSources('test/support/browser.ts');

/** @returns what the program prints. */
function run(args, options = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', ...options });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

const colours = { 31: '#ff7b72', 32: '#3fb950', 33: '#d29922', 36: '#39c5cf' };

const escapeCharacter = String.fromCharCode(27);

/** A terminal's colours as HTML. */
function toHtml(text) {
  const escaped = text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
  return escaped.replace(new RegExp(`${escapeCharacter}\\[(\\d+)m`, 'g'), (_, code) => {
    if (code === '1') return '<span style="font-weight: bold">';
    if (code === '2') return '<span style="opacity: 0.7">';
    return code in colours ? `<span style="color: ${colours[code]}">` : '</span>';
  });
}

async function shootTerminal(browser, folder) {
  const args = [join(root, 'dist/kat.cjs'), 'graph'];
  const output = run(args, { cwd: folder, env: { ...process.env, FORCE_COLOR: '1', NO_COLOR: '' } });
  const style =
    'background: #0d1117; color: #e6edf3; font: 15px/1.17 monospace; padding: 1rem 1.4rem; margin: 0';
  const page = await browser.newPage({ deviceScaleFactor: 2 });
  await page.setContent(
    `<body style="margin: 0"><pre style="${style}; display: inline-block">$ kat graph\n${toHtml(output)}</pre>`,
  );
  await page.locator('pre').screenshot({ path: join(pictures, 'terminal.png') });
  await page.close();
}

async function shootPage(browser, folder, colorScheme) {
  const page = await browser.newPage({ viewport: { width: 1100, height: 620 }, colorScheme });
  await page.goto(pathToFileURL(join(folder, 'graph.html')).href);
  await page.locator('.row', { hasText: 'create_posts' }).click();
  await page.screenshot({ path: join(pictures, `page-${colorScheme}.png`) });
  await page.close();
}

const temporary = mkdtempSync(join(tmpdir(), 'kat-screenshots-'));
const folder = join(temporary, 'shop');
const browser = await openBrowser();
try {
  for (const made of [pictures, folder]) mkdirSync(made, { recursive: true });
  run([join(root, 'examples/demo/run.mjs'), folder], { cwd: root });
  run([join(root, 'dist/kat.cjs'), 'export', '--file', 'graph.html'], { cwd: folder });
  await shootTerminal(browser, folder);
  for (const scheme of ['light', 'dark']) await shootPage(browser, folder, scheme);
} finally {
  await browser.close();
  rmSync(temporary, { recursive: true, force: true });
}
