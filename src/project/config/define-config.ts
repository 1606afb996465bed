/** Types the settings of a configuration module. */

import type { KatConfig } from './kat-config.js';

/**
 * The default export of `kat.config.ts`.
 * @returns the same settings.
 * @example
 * export default defineConfig({ database: { url: process.env.DATABASE_URL } });
 */
export function defineConfig(config: KatConfig): KatConfig {
  return config;
}
