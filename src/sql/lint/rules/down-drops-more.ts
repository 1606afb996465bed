/** A down.sql that drops an object of another migration loses its rows, and no migration creates it again. */

import { describeObject } from '../../dependencies/keys.js';
import type { Rule } from '../rule.js';

export const downDropsMore: Rule = {
  id: 'down-drops-more',
  severity: 'error',
  topic: 'design',
  summary: 'a down.sql that drops an object that up.sql did not create',
  checkMigration: (whole) =>
    whole.roundTrip().taken.map(({ object, effect }) => ({
      at: effect.place.start,
      direction: 'down',
      message: `the ${describeObject(object)} existed before this migration, and its down.sql drops it`,
      help: 'Remove the statement from down.sql. An object that is created again has lost its rows and privileges.',
    })),
};
