/** Reads PostgreSQL's version from what the server calls itself. */

import type { ServerInfo } from './driver.js';

/** @param text `server_version`, such as `18.4`, `14.23 (Debian 14.23-1)`, `19beta1` or `9.6.24`. */
export function parseServerVersion(text: string): ServerInfo {
  const [version = ''] = text.split(' ');
  const [major = 0, minor = 0, patch = 0] = (version.match(/\d+/g) ?? []).map(Number);
  const isOldScheme = major < 10;
  // "19beta1" has no minor version yet: the number behind the word is not one.
  const isRelease = /^[\d.]+$/.test(version);
  const rest = isOldScheme ? minor * 100 + patch : isRelease ? minor : 0;
  return { version, versionNumber: major * 10_000 + rest };
}
