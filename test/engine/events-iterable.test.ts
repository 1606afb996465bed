/** `kat.events`: the events of a call as an iteration, which ends and fails with it. */

import { describe, expect, test } from 'vitest';
import type { KatEvent } from '../../src/index.js';
import { idsUpTo, tableMigrations } from '../reliability/scene.js';
import { majors } from '../support/database.js';
import { makeProject, projectOn } from '../support/kat-project.js';
import { failureOf, openKat, told } from './library.js';

async function collect(events: AsyncIterable<KatEvent>): Promise<KatEvent[]> {
  const found: KatEvent[] = [];
  for await (const event of events) found.push(event);
  return found;
}

describe.each(majors())('PostgreSQL %i', (major) => {
  test('a run: the same events as for onEvent, in the same order, and then the end', async () => {
    const project = await projectOn(major, { migrations: tableMigrations(3) });
    const { kat, events } = openKat(project);
    expect(await collect(kat.events(() => kat.up()))).toEqual(events);
    expect(told(events)).toContain('succeeded 3_t3');
    expect(await project.applied()).toEqual(idsUpTo(3));
  });
});

const [major = 18] = majors();
const failing = { ...tableMigrations(1), '2_bad': 'SELECT 1 / 0;' };

test('a call that fails: its events, and then its error', async () => {
  const { kat } = openKat(await projectOn(major, { migrations: failing }));
  const seen: KatEvent[] = [];
  const reading = async () => {
    for await (const event of kat.events(() => kat.up())) seen.push(event);
  };
  expect(await failureOf(reading())).toMatchObject({ code: 'MIGRATION_FAILED' });
  expect(told(seen)).toEqual(expect.arrayContaining(['succeeded 1_t1', 'failed 2_bad']));
});

test('leaving the loop waits for the call, and throws what it throws', async () => {
  const project = await projectOn(major, { migrations: tableMigrations(3) });
  const { kat } = openKat(project);
  for await (const { type } of kat.events(() => kat.up())) if (type === 'started') break;
  expect(await project.applied()).toEqual(idsUpTo(3));
  const broken = openKat(await projectOn(major, { migrations: failing }));
  const leaving = async () => {
    for await (const _ of broken.kat.events(() => broken.kat.up())) break;
  };
  expect(await failureOf(leaving())).toMatchObject({ code: 'MIGRATION_FAILED' });
});

test('nothing begins before the first event is asked for', async () => {
  const project = await projectOn(major, { migrations: tableMigrations(1) });
  const { kat, events } = openKat(project);
  kat.events(() => kat.up());
  await kat.status();
  expect(told(events)).not.toContain('started 1_t1');
});

test('without a call it goes on over several, until the Kat is closed; two iterations see the same', async () => {
  const project = makeProject({ migrations: tableMigrations(2) });
  const { kat, events } = openKat(project);
  const readings = [collect(kat.events()), collect(kat.events())];
  await kat.up({ count: 1 });
  await kat.up();
  await kat.close();
  for (const reading of readings) expect(await reading).toEqual(events);
  expect(told(events)).toEqual(expect.arrayContaining(['succeeded 1_t1', 'succeeded 2_t2']));
});

test('what is no function is refused', () => {
  const { kat } = openKat(makeProject({ migrations: tableMigrations(1) }));
  expect(() => kat.events(5 as never)).toThrow('`work` must be a function');
});
