/** Bundles the script and the style of the HTML page, as texts that `kat export` puts into it. */

import { createHash } from 'node:crypto';
import { build } from 'esbuild';

/** @returns the source of `src/page/assets.ts` with the texts in it. */
export async function readPageAssets() {
  const [script, style] = await Promise.all([
    bundle('src/page/browser/main.ts', 'iife'),
    bundle('src/page/style.css'),
  ]);
  const hash = `sha256-${createHash('sha256').update(script).digest('base64')}`;
  const constants = { pageScript: script, pageStyle: style, pageScriptHash: hash };
  return Object.entries(constants)
    .map(([name, text]) => `export const ${name} = ${JSON.stringify(text)};`)
    .join('\n');
}

async function bundle(entry, format) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    ...(format ? { format } : {}),
    minify: true,
    lineLimit: 120,
    legalComments: 'none',
    target: ['chrome123', 'firefox120', 'safari17.5'],
    write: false,
    logLevel: 'warning',
  });
  const [{ text }] = outputFiles;
  // In an element of HTML the text must not end the element.
  if (/<\/(script|style)|<!--/i.test(text)) throw new Error(`${entry} contains what ends its element`);
  return text;
}
