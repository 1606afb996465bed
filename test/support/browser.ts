/** Opens a real browser: Chromium from npm on Linux, elsewhere an installed Chrome or Edge. */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { type Browser, chromium, type LaunchOptions } from 'playwright-core';

/** It has no access to the network. @throws where the computer has none of these browsers. */
export async function openBrowser(): Promise<Browser> {
  const choices = platform() === 'linux' && arch() === 'x64' ? [unpackedChromium()] : installedBrowsers;
  const failures: unknown[] = [];
  for (const choice of choices) {
    const opened = await chromium.launch({ args, ...choice }).catch((error) => failures.push(error));
    if (typeof opened === 'object') return opened;
  }
  throw new AggregateError(failures, 'no browser starts: install Chrome or Edge to run these tests');
}

/** Chromium refuses to sandbox what root runs. */
const args = ['--no-sandbox', '--disable-gpu', '--host-resolver-rules=MAP * ~NOTFOUND'];

const installedBrowsers: readonly LaunchOptions[] = [
  { channel: 'chrome' },
  { channel: 'msedge' },
  { channel: 'chromium' },
];

/** The package has the browser, and the libraries and fonts that a computer without a screen may lack. */
function unpackedChromium(): LaunchOptions {
  const source = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '../../bin');
  const { version } = JSON.parse(readFileSync(join(source, '../package.json'), 'utf8'));
  const folder = resolve(import.meta.dirname, `../../node_modules/.cache/chromium-${version}`);
  if (!existsSync(folder)) unpack(source, folder);
  const libraries = [join(folder, 'lib'), process.env.LD_LIBRARY_PATH ?? ''];
  const fonts = existsSync('/etc/fonts') ? {} : { FONTCONFIG_PATH: folder };
  const env = { ...process.env, LD_LIBRARY_PATH: libraries.filter(Boolean).join(':'), ...fonts } as Record<
    string,
    string
  >;
  return { executablePath: join(folder, 'chromium'), env };
}

/** Beside its place, which it takes at once when it is whole. */
function unpack(source: string, folder: string): void {
  mkdirSync(dirname(folder), { recursive: true });
  const made = mkdtempSync(`${folder}-`);
  const read = (name: string) => brotliDecompressSync(readFileSync(join(source, `${name}.br`)));
  writeFileSync(join(made, 'chromium'), read('chromium'), { mode: 0o755 });
  for (const name of ['al2023', 'fonts'])
    spawnSync('tar', ['-x', '-C', made], { input: read(`${name}.tar`) });
  try {
    renameSync(made, folder);
  } catch {
    // Another process was faster.
    rmSync(made, { recursive: true, force: true });
  }
}
