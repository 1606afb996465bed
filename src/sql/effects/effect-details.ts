/** Details of effects: the arguments of a call, the parameters of a function, and the bounds of a partition. */

/** The arguments of a call, in their order; an empty text where the type or the name is not said. */
export interface CallArguments {
  types: readonly string[];
  names: readonly string[];
}

/** The parameters of a function that take arguments, in their order. */
export interface RoutineParameters {
  types: readonly string[];
  names: readonly string[];
  /** How many of the last ones have a default. */
  defaults: number;
  /** The last one takes any number of arguments. */
  isVariadic: boolean;
}

/** One end of a range: a literal, or -1 for MINVALUE and 1 for MAXVALUE. */
export type Bound = string | number;

/** Which rows a partition is for. */
export type PartitionBounds =
  | { kind: 'default' }
  | { kind: 'list'; values: readonly string[] }
  | { kind: 'range'; from: readonly Bound[]; to: readonly Bound[] }
  | { kind: 'hash'; modulus: number; remainder: number };
