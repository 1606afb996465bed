// Generates migration folders: a random graph that is the same each time, and the bodies that a benchmark asks for.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const firstTimestamp = 1_600_000_000;

/** What a migration does: a table with a key is work for the server, a function hardly any. */
export const bodies = {
  'CREATE TABLE': {
    up: (name) => `CREATE TABLE ${name} (id bigint PRIMARY KEY, title text NOT NULL);\n`,
    down: (name) => `DROP TABLE ${name};\n`,
  },
  'CREATE FUNCTION': {
    up: (name) => `CREATE FUNCTION ${name}() RETURNS integer LANGUAGE sql AS 'SELECT 1';\n`,
    down: (name) => `DROP FUNCTION ${name};\n`,
  },
};

/**
 * A random graph: each migration follows up to three of the twenty before it.
 * @param {number} count
 * @param {keyof typeof bodies} body
 * @returns {{id: string, timestamp: number, parents: number[], up: string, down: string}[]} in the order in which Kat
 *   applies them, which is that of their timestamps
 */
export function makeMigrations(count, body = 'CREATE TABLE') {
  const random = seededRandom(count);
  return Array.from({ length: count }, (_, index) => {
    const name = `step_${String(index).padStart(6, '0')}`;
    const wanted = Math.min(index, Math.floor(random() * 4));
    const parents = new Set();
    for (let draw = 0; draw < wanted; draw += 1) {
      parents.add(firstTimestamp + index - 1 - Math.floor(random() * Math.min(index, 20)));
    }
    const timestamp = firstTimestamp + index;
    return {
      id: `${timestamp}_${name}`,
      timestamp,
      parents: [...parents].sort(),
      up: bodies[body].up(name),
      down: bodies[body].down(name),
    };
  });
}

/**
 * Writes migrations into a new temporary project.
 * @returns its folder, and what removes it again
 */
export function writeProject(migrations) {
  const folder = mkdtempSync(join(tmpdir(), 'kat-bench-'));
  for (const { id, timestamp, parents, up, down, noTransaction } of migrations) {
    const place = join(folder, 'migrations', id);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'up.sql'), up);
    writeFileSync(join(place, 'down.sql'), down);
    const list = parents.map((parent) => `\n  - ${parent}`).join('') || ' []';
    const mode = noTransaction ? 'no_transaction: true\n' : '';
    const metadata = `name: ${id}\ntimestamp: ${timestamp}\nparents:${list}\n${mode}`;
    writeFileSync(join(place, 'metadata.yaml'), metadata);
  }
  mkdirSync(join(folder, 'migrations'), { recursive: true });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Names the database that the project's next commands work on. */
export function writeConfig(folder, url) {
  writeFileSync(
    join(folder, 'kat.conf.yaml'),
    `migration:\n  directory: migrations\ndatabase:\n  driver: postgres\n  url: ${url}\n`,
  );
}

/** mulberry32, in public use everywhere: good enough for shapes, and the same on every machine. */
export function seededRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
