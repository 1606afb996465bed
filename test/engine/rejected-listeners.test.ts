/** Listeners that reject: no migration and no process ends with them. */

import { expect, test } from 'vitest';
import { createKat, type KatOptions, type Logger } from '../../src/index.js';

const migrations = [
  { id: '1_a', up: 'CREATE TABLE a (id int);' },
  { id: '2_b', up: 'CREATE TABLE b (id int);' },
];

const fails = async () => {
  throw new Error('no room on the board');
};
const logger: Logger = { debug: fails, info: fails, warn: fails, error: fails };
const once = (type: string) => async (event: { type: string }) => (event.type === type ? fails() : undefined);

test.each([
  ['onEvent', { onEvent: fails }],
  ['onEvent behind the first migration', { onEvent: once('succeeded') }],
  ['logger', { logger }],
] satisfies [string, Partial<KatOptions>][])(
  '%s that rejects is a warning of Node.js',
  async (_, options) => {
    const warnings: string[] = [];
    const listen = ({ message }: Error) => warnings.push(message);
    process.on('warning', listen);
    const kat = createKat({ migrations, database: { driver: 'pglite' }, ...options });
    try {
      expect((await kat.up()).migrations).toHaveLength(2);
      await expect.poll(() => warnings.length).toBeGreaterThan(0);
    } finally {
      await kat.close();
      process.off('warning', listen);
    }
    expect(warnings[0]).toBe('onEvent or logger of Kat failed: Error: no room on the board');
  },
);

test('onEvent that throws still reaches the caller', async () => {
  const throws = () => {
    throw new Error('no room on the board');
  };
  const kat = createKat({ migrations, database: { driver: 'pglite' }, onEvent: throws });
  await expect(kat.up()).rejects.toThrow('no room on the board');
  await kat.close();
});
