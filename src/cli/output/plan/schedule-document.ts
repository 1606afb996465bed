/** The shape of the predicted schedule of `kat plan --jobs`. */

import * as v from 'valibot';
import { apartReasons } from '../../../engine/plan/plan-schedule.js';

/** @param location the shape of a place in a file. */
export function scheduleDocument<L extends v.GenericSchema>(location: L) {
  const deed = v.strictObject({
    id: v.string(),
    words: v.pipe(v.string(), v.description('the action, such as `drops type mood`')),
    location,
  });
  return v.strictObject({
    jobs: v.pipe(v.number(), v.description('how many sessions were asked for')),
    width: v.pipe(v.number(), v.description('how many steps can run at the same time, at most 64')),
    lanes: v.pipe(v.array(v.array(v.string())), v.description('ids by session, in order')),
    criticalPath: v.pipe(v.array(v.string()), v.description('the longest chain of steps')),
    apart: v.pipe(
      v.array(
        v.strictObject({
          reason: v.picklist(apartReasons),
          own: deed,
          other: v.optional(v.pipe(deed, v.description('the first step that it is kept apart from'))),
          others: v.pipe(v.number(), v.description('how many further steps it is kept apart from')),
        }),
      ),
      v.description('steps that run alone or not beside all others, in execution order'),
    ),
  });
}
