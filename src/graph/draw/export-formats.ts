/** Lists the formats of `kat export`. */

/** The formats that are text. */
export const exportFormats = ['dot', 'mermaid', 'json', 'svg', 'html'] as const;

export type ExportFormat = (typeof exportFormats)[number];

/** All formats of files. */
export const fileFormats = [...exportFormats, 'png'] as const;

export type FileFormat = (typeof fileFormats)[number];

/** The formats that show the graph alone. */
export type GraphFormat = Exclude<ExportFormat, 'html'>;

const extensions: Readonly<Record<string, FileFormat>> = {
  mmd: 'mermaid',
  mermaid: 'mermaid',
  json: 'json',
  svg: 'svg',
  html: 'html',
  htm: 'html',
  png: 'png',
};

/** @returns the format that a file's extension stands for: `dot` unless it is known. */
export function formatOfFile(file: string): FileFormat {
  const extension = /\.([a-z]+)$/i.exec(file)?.[1] ?? '';
  return extensions[extension.toLowerCase()] ?? 'dot';
}
