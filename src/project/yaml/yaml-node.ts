/** The nodes of a YAML document, each with its position in the text. */

export interface YamlScalar {
  kind: 'scalar';
  value: string | number | bigint | boolean | null;
  /** As written; a quoted scalar without its quotes. */
  source: string;
  offset: number;
}

interface YamlList {
  kind: 'list';
  items: YamlNode[];
  offset: number;
}

export interface YamlMap {
  kind: 'map';
  entries: Map<string, { keyOffset: number; node: YamlNode }>;
  offset: number;
}

export type YamlNode = YamlScalar | YamlList | YamlMap;
