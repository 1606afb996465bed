/** After an incomplete down.sql, up.sql cannot run again. */

import { describeObject } from '../../dependencies/keys.js';
import { keyOf } from '../../effects/object-key.js';
import type { AlteredProperty } from '../../round-trip/alterations.js';
import type { RoundTripTrace } from '../../round-trip/round-trip.js';
import type { Found, Rule } from '../rule.js';

export const incompleteDown: Rule = {
  id: 'incomplete-down',
  severity: 'warning',
  topic: 'design',
  summary: 'a down.sql that does not take back what up.sql does',
  checkMigration: (whole) => {
    const { left, renamed, lost, altered } = whole.roundTrip();
    return [
      ...left.map(describeLeft),
      ...renamed.map(describeRename),
      ...lost.map(describeLost),
      ...altered.map(describeAlteration),
    ];
  },
};

function describeLeft({ object, effect }: RoundTripTrace): Found {
  const text = describeObject(object);
  return {
    at: effect.place.start,
    message: `down.sql does not drop the ${text}, so it stays behind`,
    help: 'Drop it in down.sql; otherwise the migration cannot be applied again, or finds what is there already.',
  };
}

function describeRename({ object, effect }: RoundTripTrace): Found {
  const { to = object, change } = effect;
  const verb =
    change?.kind === 'set schema'
      ? `move the ${describeObject(to)} back`
      : `rename the ${describeObject(to)} back`;
  return {
    at: effect.place.start,
    message: `down.sql does not ${verb}`,
    help: `Make it the ${describeObject(object)} again in down.sql.`,
  };
}

function describeLost({ object, effect }: RoundTripTrace): Found {
  const text = describeObject(object);
  const isDirect = keyOf(object) === keyOf(effect.object);
  const because = isDirect ? '' : `, which goes with the ${describeObject(effect.object)}`;
  return {
    at: effect.place.start,
    message: `down.sql does not make the ${text} again${because}`,
    help: 'Make it again in down.sql as it was, so that what the ancestors made is there after a rollback.',
  };
}

function describeAlteration({ object, property, effect }: AlteredProperty): Found {
  return {
    at: effect.place.start,
    message: `down.sql does not change ${property} of the ${describeObject(object)} back`,
    help: 'Change it back in down.sql to what it was before.',
  };
}
