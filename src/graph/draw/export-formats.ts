/** Lists the formats of `kat export`. */

export const exportFormats = ['dot', 'mermaid', 'json', 'svg'] as const;

export type ExportFormat = (typeof exportFormats)[number];

const extensions: Readonly<Record<string, ExportFormat>> = {
  mmd: 'mermaid',
  mermaid: 'mermaid',
  json: 'json',
  svg: 'svg',
};

/** @returns the format that a file's extension stands for: `dot` unless it is known. */
export function formatOfFile(file: string): ExportFormat {
  const extension = /\.([a-z]+)$/i.exec(file)?.[1] ?? '';
  return extensions[extension.toLowerCase()] ?? 'dot';
}
