/** Holds what `--json` prints to the published shape, in every test that runs the command so. */

import { toJsonSchema } from '@valibot/to-json-schema';
import { Ajv } from 'ajv';
import { documents } from '../../src/cli/output/documents/documents.js';

const schema: Record<string, unknown> = { ...toJsonSchema(documents) };

/** Whether the schema allows it. */
export const isDocument = new Ajv({ strict: false, allErrors: true }).compile(schema);

/** @throws Error unless the text is one document that the schema allows. */
export function checkDocument(text: string): Record<string, unknown> & { error?: Record<string, unknown> } {
  const document = JSON.parse(text);
  if (!isDocument(document))
    throw new Error(`no such document: ${JSON.stringify(isDocument.errors?.slice(0, 5))}\n${text}`);
  return document as Record<string, unknown> & { error?: Record<string, unknown> };
}
