/** Puts values into the place of Flyway's `${name}`, where they are known. */

import { report } from './markers.js';
import type { SourceFolder, SourceText } from './source.js';

const placeholder = /\$\{([^}\r\n]*)\}/g;

/** A placeholder without a value is a problem. */
export function fillPlaceholders(
  folder: SourceFolder,
  source: SourceText,
  values: Readonly<Record<string, string>>,
): SourceText {
  for (const { index, 1: name = '' } of source.text.matchAll(placeholder)) {
    if (Object.hasOwn(values, name)) continue;
    report(folder, source, {
      message: `the placeholder \${${name}} has no value`,
      help: `Give one with \`--placeholder ${name}=<value>\`: it is written into the SQL for good.`,
      index,
    });
  }
  return {
    ...source,
    text: source.text.replace(placeholder, (whole, name: string) =>
      Object.hasOwn(values, name) ? (values[name] as string) : whole,
    ),
  };
}
