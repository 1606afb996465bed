/** Lists the formats of `kat export`. */

export const exportFormats = ['dot', 'mermaid', 'json', 'svg', 'html'] as const;

export type ExportFormat = (typeof exportFormats)[number];

/** The formats that show the graph alone. */
export type GraphFormat = Exclude<ExportFormat, 'html'>;

const extensions: Readonly<Record<string, ExportFormat>> = {
  mmd: 'mermaid',
  mermaid: 'mermaid',
  json: 'json',
  svg: 'svg',
  html: 'html',
  htm: 'html',
};

/** @returns the format that a file's extension stands for: `dot` unless it is known. */
export function formatOfFile(file: string): ExportFormat {
  const extension = /\.([a-z]+)$/i.exec(file)?.[1] ?? '';
  return extensions[extension.toLowerCase()] ?? 'dot';
}
