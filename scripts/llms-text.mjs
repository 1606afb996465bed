/** Makes `llms.txt`, the table of contents that programs read: the pages that the README lists. */

const introduction = `# Kat

> Kat migrates database schemas of PostgreSQL and PGlite. Its migrations are plain SQL and form a graph instead of a numbered list. It is a command and a TypeScript library in the npm package kat-migrate.

Each migration is a folder with up.sql, down.sql and metadata.yaml, which names its parents. \`npx kat --help\` lists the commands, and every command prints one JSON document with \`--json\`. Agents can use \`kat mcp\`.
`;

/**
 * @param {string} readme the text of README.md
 * @returns {string}
 * @throws Error when the README has no table of pages
 */
export function llmsText(readme) {
  const lines = documentedPages(readme).map(
    ({ title, path, content }) => `- [${title}](${path}): ${content}`,
  );
  return `${introduction}\n## Documentation\n\n${lines.join('\n')}\n`;
}

/**
 * The pages that the README lists.
 * @param {string} readme the text of README.md
 * @returns {{title: string, path: string, content: string}[]}
 * @throws Error when the README has no table of pages
 */
export function documentedPages(readme) {
  const rows = [...readme.matchAll(/^\| \[([^\]]+)\]\(([^)]+\.md)\) +\| (.+?) +\|$/gm)];
  if (rows.length === 0) throw new Error('README.md has no table of pages');
  return rows.map(([, title, path, content]) => ({ title, path, content }));
}
