/** Holds what `--json` prints to the published shape. */
import { toJsonSchema } from '@valibot/to-json-schema';
import { Ajv } from 'ajv';
import { expect } from 'vitest';
import { documents } from '../../src/cli/output/documents.js';
import type { KatRun } from './kat-command.js';

const schema: Record<string, unknown> = { ...toJsonSchema(documents) };

/** Whether the schema allows it. */
export const isDocument = new Ajv({ strict: false, allErrors: true }).compile(schema);

/** What a run printed, which must be one document that the schema allows. */
export function documentOf({
  stdout,
}: KatRun): Record<string, unknown> & { error?: Record<string, unknown> } {
  const document = JSON.parse(stdout);
  expect(isDocument(document) ? [] : isDocument.errors).toEqual([]);
  return document;
}
