import { expect, test } from 'vitest';
import { findBy } from './lint-sql.js';

const update = 'UPDATE q SET a = 1;';

test.each([
  ["SELECT set_config('Time' || 'Zone', 'Asia/Tokyo', false);", 'q'],
  ["SELECT set_config(name, 'audit', false) FROM s;", 'q'],
  ["SELECT set_config('Time' || 'Zone', NULL, false);", 'q'],
  ["SELECT set_config('timezone', 'Asia/Tokyo', false);", 'q'],
  ["SELECT set_config('search_path', 'audit', false);", 'audit.q'],
  ["SELECT set_config('Search_Path', 'audit', false); RESET ALL;", 'q'],
])('%s lets the next statement mean %s', (call, table) => {
  const [found] = findBy('update-without-where', { up: `${call}\n${update}` });
  expect(found).toMatch(new RegExp(` of ${table.replace('.', '\\.')},`));
});

test('another setting with a name that is put together does not take a search path back', () => {
  const up = `SET search_path = audit; SELECT set_config('x.' || 'y', NULL, false);\n${update}`;
  expect(findBy('update-without-where', { up })[0]).toContain(' of audit.q,');
});
