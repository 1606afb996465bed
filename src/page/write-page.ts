/** Writes the HTML page. Whatever migrations contain is data in it: it never becomes markup or script. */

import { pageScript, pageScriptHash, pageStyle } from './assets.js';
import type { PageData } from './page-data.js';

/** A whole document that needs no other file and loads none. Ends with a line break. */
export function writePage(data: PageData): string {
  const policy = `default-src 'none'; script-src '${pageScriptHash}'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(data.title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<noscript>This page draws the migrations with JavaScript, which is switched off.</noscript>
<script type="application/json" id="data">${escapeJson(JSON.stringify(data))}</script>
<script>${pageScript}</script>
</body>
</html>
`;
}

/** JSON that stays inside of its element: HTML reads `<` even in there, and scripts read U+2028 as the end of a line. */
function escapeJson(json: string): string {
  return json.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
