/** The JSON Schemas of the documents that tools return. */

/** By command. The build fills it from schemas/output.schema.json. */
export const outputSchemas: Readonly<Record<string, object>> = {};
