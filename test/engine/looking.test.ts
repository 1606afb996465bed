/** Looking at a project and its database with the library. */

import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { makeProject, projectOn } from '../support/kat-project.js';
import { eventsOf, failureOf, idsOf, openKat } from './library.js';

const migrations = {
  '1_users': 'SELECT 1;',
  '2_posts': { up: 'SELECT 1;', parents: [1] },
  '3_tags': { up: 'SELECT 1;', parents: [1] },
};

const nowhere = 'postgres://nobody@127.0.0.1:1/none';

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('history takes dates and limits', async () => {
    const project = await projectOn(major, { migrations });
    const { kat } = openKat(project);
    await kat.up();
    const ids = async (filter: Parameters<typeof kat.history>[0]) =>
      (await kat.history(filter)).entries.map(({ migration }) => migration);
    const [newest] = (await kat.history({ limit: 1 })).entries;
    expect(newest).toMatchObject({ migration: '3_tags', direction: 'up', outcome: 'succeeded' });
    expect(await ids({ migrations: ['2_posts', 'tags'], limit: Infinity })).toEqual(['3_tags', '2_posts']);
    const [first, last] = [new Date(-8.64e15), new Date(8.64e15)];
    expect(await ids({ since: first, until: last })).toEqual(['3_tags', '2_posts', '1_users']);
    expect(await ids({ since: last })).toEqual([]);
    expect(await ids({ until: first })).toEqual([]);
  });

  test('show tells the state, heads and roots the ends', async () => {
    const project = await projectOn(major, { migrations });
    const { kat } = openKat(project);
    await kat.up({ count: 1 });
    const { status, children, history } = await kat.show('users');
    expect(status).toMatchObject({ state: 'applied' });
    expect(children).toMatchObject([{ id: '2_posts', waitsFor: [] }, { id: '3_tags' }]);
    expect(history.entries).toHaveLength(1);
    expect(idsOf(await kat.heads())).toEqual(['2_posts', '3_tags']);
    expect(idsOf(await kat.roots())).toEqual(['1_users']);
  });
});

test('filters that mean nothing', async () => {
  const { kat } = openKat(makeProject({ migrations }), { database: nowhere });
  for (const filter of [
    { limit: 0 },
    { limit: 1.5 },
    { limit: Number.NaN },
    { since: new Date('no') },
    { until: new Date('no') },
  ]) {
    expect(await failureOf(kat.history(filter))).toMatchObject({ code: 'USAGE' });
  }
});

test('show tells a warning where the database cannot be reached, and nothing offline', async () => {
  const { kat, events } = openKat(makeProject({ migrations }), { database: nowhere });
  expect(await kat.show('posts')).toMatchObject({ id: '2_posts', isOffline: true, ancestors: 1 });
  expect(eventsOf(events, 'warning')).toMatchObject([
    { message: expect.stringContaining('could not connect') },
  ]);
  events.length = 0;
  expect(await kat.show('posts', { offline: true })).toMatchObject({ id: '2_posts', isOffline: true });
  expect(events).toEqual([]);
  expect(await failureOf(kat.show('+1'))).toMatchObject({ code: 'CONNECTION_FAILED' });
});
