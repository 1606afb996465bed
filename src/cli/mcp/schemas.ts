/** The JSON Schemas of the documents that tools return. */

/** By command. The build replaces this: the published schema, schemas/output.schema.json, is read when it is needed. */
export function readOutputSchemas(): Readonly<Record<string, object>> {
  return {};
}
