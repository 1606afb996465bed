/** Follows which publications publish UPDATEs and DELETEs. */

import type { Node } from '@pgsql/types';
import { literalOf, type NodeOf, nodesOf } from '../syntax/node-of.js';
import { partsOf } from '../syntax/object-names.js';
import type { Schema } from './schema.js';

/** CREATE PUBLICATION. */
export function addPublication(
  { publications }: Schema,
  { pubname = '', options }: NodeOf<'CreatePublicationStmt'>,
): void {
  publications.set(pubname, publishesChanges(options) ?? true);
}

/** ALTER PUBLICATION … SET. */
export function followPublication(
  { publications }: Schema,
  { pubname = '', options }: NodeOf<'AlterPublicationStmt'>,
): void {
  const isChanging = publishesChanges(options);
  if (isChanging !== undefined) publications.set(pubname, isChanging);
}

/** Undefined where the options do not tell. */
function publishesChanges(options: readonly Node[] | undefined): boolean | undefined {
  const option = nodesOf(options, 'DefElem').find(({ defname }) => defname === 'publish');
  const value = literalOf(option?.arg) ?? partsOf(option?.arg)[0];
  return option && /update|delete/i.test(value ?? '');
}
