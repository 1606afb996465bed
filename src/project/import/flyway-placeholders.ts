/** Puts values into the place of Flyway's `${name}`, where they are known. */

import { reportMarker } from './markers.js';
import type { SourceFolder, SourceText } from './source.js';

const placeholder = /\$\{([^}\r\n]*)\}/g;

/** A placeholder without a value is a problem. Names take no account of case, as in Flyway. */
export function fillPlaceholders(
  folder: SourceFolder,
  source: SourceText,
  values: Readonly<Record<string, string>>,
): SourceText {
  const byName = new Map(Object.entries(values).map(([name, value]) => [name.toLowerCase(), value]));
  for (const { index, 1: name = '' } of source.text.matchAll(placeholder)) {
    if (byName.has(name.toLowerCase())) continue;
    reportMarker(folder, source, {
      message: `the placeholder \${${name}} has no value`,
      help: `Give one with \`--placeholder ${name}=<value>\`: it is written into the SQL for good.`,
      index,
    });
  }
  return {
    ...source,
    text: source.text.replace(placeholder, (whole, name: string) => byName.get(name.toLowerCase()) ?? whole),
  };
}
