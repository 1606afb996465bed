/** The state of a walk through a PL/pgSQL body. */

import type { PlBody, Signature } from '../../syntax/plpgsql-parse.js';
import type { Constant, ReaderContext } from '../context.js';

/** The reader's position in one body. */
export interface Walk {
  context: ReaderContext;
  body: BodyText;
  tree: PlBody;
  /** Queries come in the order of the text, so each is looked for behind the last. */
  cursor: { index: number };
  /** The known values of the variables here. */
  values: Map<string, Constant>;
}

/** A body and its place. */
export interface BodyText {
  text: string;
  /** UTF-16 index of its beginning in the file; undefined where it is not written as it is. */
  offset: number | undefined;
  signature?: Signature;
}
