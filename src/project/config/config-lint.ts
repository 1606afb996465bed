/** Reads the section `lint` of kat.conf.yaml. */

import { present } from '../../present.js';
import { configFields } from './config-fields.js';
import type { LintConfig } from './config-names.js';
import type { Settings } from './config-settings.js';

export function readLintConfig(read: Settings['read']): LintConfig {
  const serverVersion = read(configFields.lintServerVersion);
  const startAfter = read(configFields.lintStartAfter);
  const lists = [
    ['info', read(configFields.lintInfos)],
    ['warning', read(configFields.lintWarnings)],
    ['error', read(configFields.lintErrors)],
    ['off', read(configFields.lintDisable)],
  ] as const;
  const levels = lists.flatMap(([level, names]) => splitNames(names).map((name) => [name, level] as const));
  return {
    onUp: read(configFields.lintOnUp) ?? configFields.lintOnUp.default,
    ...present({ serverVersion, startAfter }),
    rules: Object.fromEntries(levels),
  };
}

/** A list that is separated by commas or blanks. */
export function splitNames(names = ''): string[] {
  return names.split(/[\s,]+/).filter(Boolean);
}
