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
  summary: 'a down.sql that does not undo what up.sql does',
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
    message: `down.sql does not drop the ${text}, so it remains after a rollback`,
    help: 'Drop it in down.sql. Otherwise the migration may fail when it is applied again.',
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
    help: `Restore the name ${describeObject(object)} in down.sql.`,
  };
}

function describeLost({ object, effect }: RoundTripTrace): Found {
  const text = describeObject(object);
  const isDirect = keyOf(object) === keyOf(effect.object);
  const because = isDirect ? '' : `, which is dropped with the ${describeObject(effect.object)}`;
  return {
    at: effect.place.start,
    message: `down.sql does not create the ${text} again${because}`,
    help: 'Create it in down.sql as it was, so that a rollback restores the schema of the ancestors.',
  };
}

function describeAlteration({ object, property, effect }: AlteredProperty): Found {
  return {
    at: effect.place.start,
    message: `down.sql does not change ${property} of the ${describeObject(object)} back`,
    help: 'Restore the former value in down.sql.',
  };
}
