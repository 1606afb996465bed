/** A down.sql that drops an object of another migration loses its rows, and no migration creates it again. */

import { describeObject } from '../../dependencies/keys.js';
import type { Rule } from '../rule.js';

export const downDropsMore: Rule = {
  id: 'down-drops-more',
  severity: 'error',
  topic: 'design',
  summary: 'a down.sql that drops what up.sql did not make',
  checkMigration: (whole) =>
    whole.roundTrip().taken.map(({ object, effect }) => ({
      at: effect.place.start,
      direction: 'down',
      message: `the ${describeObject(object)} was there before this migration, and its down.sql takes it away`,
      help: 'Take the statement out, or make the object again behind it.',
    })),
};
