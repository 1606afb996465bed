/**
 * `npm run site`: makes a web site of the docs in `.cache/site/dist`, with search, and with the demo's graph as a page.
 * It installs VitePress beside it, which nothing else needs. A link that leads nowhere fails it.
 */

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from './import-sources.mjs';
import { installInto } from './install-into.mjs';
import { documentedPages } from './llms-text.mjs';

const site = join(root, '.cache/site');
const pages = join(site, 'pages');

/** Pages outside of docs/ that the README links. */
const rootPages = ['CHANGELOG.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md'];

function run(args, cwd) {
  const { status } = spawnSync(process.execPath, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
}

/** Links to files that are no pages, such as tests, become plain text. `{{` would be a template. */
function toPage(text) {
  return text
    .replaceAll(/\]\((?:\.\/)?docs\//g, '](')
    .replaceAll(
      /\]\(\.\.\/((?:README|CHANGELOG|ARCHITECTURE|CONTRIBUTING)\.md)/g,
      (_, file) => `](${nameOf(file)}`,
    )
    .replaceAll(/\]\(((?:README|CHANGELOG|ARCHITECTURE|CONTRIBUTING)\.md)/g, (_, file) => `](${nameOf(file)}`)
    .replaceAll(/(?<!!)\[([^\]]+)\]\((?!https?:|#|(?:\.\.?\/)*(?:[\w-]+\/)*[\w-]+\.md)[^)]+\)/g, '$1')
    .replaceAll('{{', '&#123;&#123;');
}

function nameOf(file) {
  return file === 'README.md' ? 'index.md' : file.toLowerCase();
}

function copyPage(from, to) {
  const target = join(pages, to);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, toPage(readFileSync(join(root, from), 'utf8')));
}

function copyPages() {
  rmSync(pages, { recursive: true, force: true });
  for (const path of readdirSync(join(root, 'docs'), { recursive: true }))
    if (path.endsWith('.md')) copyPage(join('docs', path), path);
  for (const file of ['README.md', ...rootPages]) copyPage(file, nameOf(file));
  cpSync(join(root, 'docs/pictures'), join(pages, 'pictures'), { recursive: true });
}

/** The graph of the demo, as `kat export` writes it. */
function addDemo() {
  const temporary = mkdtempSync(join(tmpdir(), 'kat-site-'));
  try {
    const folder = join(temporary, 'shop');
    mkdirSync(folder);
    run([join(root, 'examples/demo/run.mjs'), folder], root);
    mkdirSync(join(pages, 'public'), { recursive: true });
    run([join(root, 'dist/kat.cjs'), 'export', '--file', join(pages, 'public/demo.html')], folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function writeConfig() {
  const items = documentedPages(readFileSync(join(root, 'README.md'), 'utf8')).map(({ title, path }) => {
    const page = path.startsWith('docs/') ? path.slice('docs/'.length) : nameOf(path);
    return { text: title, link: `/${page.replace(/\.md$/, '')}` };
  });
  const config = {
    title: 'Kat',
    description: 'Database migrations as a graph',
    outDir: join(site, 'dist'),
    themeConfig: {
      search: { provider: 'local' },
      nav: [{ text: 'The graph of the demo', link: '/demo.html', target: '_blank' }],
      sidebar: [{ text: 'Kat', link: '/' }, ...items],
    },
  };
  mkdirSync(join(pages, '.vitepress'), { recursive: true });
  writeFileSync(join(pages, '.vitepress/config.mjs'), `export default ${JSON.stringify(config, null, 2)};\n`);
}

installInto(site, { vitepress: { version: '1.6.4' } });
copyPages();
addDemo();
writeConfig();
run([join(site, 'node_modules/vitepress/bin/vitepress.js'), 'build', pages], site);
console.log(
  `The site is in ${join('.cache/site/dist')}. Look at it with a web server, such as npx serve .cache/site/dist`,
);
