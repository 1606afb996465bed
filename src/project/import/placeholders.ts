/** Replaces placeholders of another tool's files with values. */

import { reportMarker, warn } from './markers.js';
import type { SourceFolder, SourceText } from './source.js';

/** Values by the names that people gave them. */
export type Placeholders = Readonly<Record<string, string>>;

interface MissingPlaceholder {
  name: string;
  /** With what is around the name. */
  text: string;
  index: number;
}

export interface PlaceholderStyle {
  /** With the flag `g`; its first group is the name. */
  pattern: RegExp;
  /** Makes names equal that are one to the tool. */
  normalize?(name: string): string;
  /** Receives a placeholder without a value. */
  onMissing(folder: SourceFolder, source: SourceText, found: MissingPlaceholder): void;
}

/** Placeholders without a value stay as they are. */
export function fillPlaceholders(
  folder: SourceFolder,
  source: SourceText,
  { pattern, normalize = (name) => name, onMissing }: PlaceholderStyle,
  values: Placeholders,
): SourceText {
  const byName = new Map(Object.entries(values).map(([name, value]) => [normalize(name), value]));
  const text = source.text.replace(pattern, (whole, name: string, index: number) => {
    const value = byName.get(normalize(name));
    if (value === undefined) onMissing(folder, source, { name, text: whole, index });
    return value ?? whole;
  });
  return { ...source, text };
}

/** For tools that refuse a placeholder without a value. */
export function refuseMissingValues(
  folder: SourceFolder,
  source: SourceText,
  { name, text, index }: MissingPlaceholder,
): void {
  reportMarker(folder, source, {
    message: `the placeholder ${text} has no value`,
    help: `Give one with \`--placeholder ${name}=<value>\`: Kat writes the value into the SQL.`,
    index,
  });
}

/** For tools that leave a name without a value as it is. */
export function warnOfMissing(
  folder: SourceFolder,
  source: SourceText,
  { name, text, index }: MissingPlaceholder,
): void {
  warn(folder, source, {
    message: `${text} has no value, and stays as it is`,
    help: `If it is a placeholder, give its value with \`--placeholder ${name}=<value>\`.`,
    index,
  });
}
