/** Compares what intervals can hold: which fields, and how many digits of a second. */

/** The grammar's value for an interval with all fields (INTERVAL_FULL_RANGE, utils/timestamp.h). */
const allFields = 0x7fff;
const allDigits = 6;

/** The bits of second, minute, hour, day, month and year (utils/datetime.h), the smallest unit first. */
const unitBits = [12, 11, 10, 3, 1, 2];

/**
 * Whether every interval of the one kind is one of the other (timestamp.c, interval_support).
 * @param from and `to`: the modifiers of the types: the fields, and the digits where they are given
 */
export function isWiderInterval(
  [oldFields = allFields, oldDigits = allDigits]: readonly number[],
  [fields = allFields, digits = allDigits]: readonly number[],
): boolean {
  const smallest = smallestUnit(oldFields);
  return smallestUnit(fields) <= smallest && (smallest > 0 || digits >= Math.min(oldDigits, allDigits));
}

function smallestUnit(fields: number): number {
  return unitBits.findIndex((bit) => (fields & (1 << bit)) !== 0);
}
