// Writes the files that are made from the sources, so that none of them can say anything else than the program does.
//
//   node scripts/generate.mjs                 writes them
//   node scripts/generate.mjs --check         writes nothing, exits 1 and names the files that differ
//   node scripts/generate.mjs --into FOLDER   writes or checks below FOLDER instead of the project

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { toJsonSchema } from '@valibot/to-json-schema';
import { configType } from './config-type.mjs';
import { formatFile, pageProducers } from './generate-docs.mjs';
import { importSources, root } from './import-sources.mjs';
import { llmsText } from './llms-text.mjs';
import { manPage } from './man-page.mjs';

/**
 * What is generated: each producer gives the content of the file at `path`, which is relative to the project.
 * @type {readonly {path: string, content: () => Promise<string>}[]}
 */
const producers = [
  {
    path: 'schemas/kat.conf.schema.json',
    content: async () =>
      formatSchema('kat.conf', (await importSources('src/project/config/config-schema.ts')).configSchema),
  },
  {
    path: 'schemas/metadata.schema.json',
    content: async () =>
      formatSchema(
        'metadata',
        (await importSources('src/project/metadata/metadata-schema.ts')).metadataSchema,
      ),
  },
  {
    path: 'schemas/output.schema.json',
    content: async () =>
      formatSchema('output', (await importSources('src/cli/output/documents/documents.ts')).documents),
  },
  {
    path: 'schemas/events.schema.json',
    content: async () =>
      formatSchema('events', (await importSources('src/cli/output/run/event-documents.ts')).eventDocuments),
  },
  {
    path: 'src/project/config/kat-config.ts',
    content: async () =>
      formatFile(
        root,
        'src/project/config/kat-config.ts',
        configType(
          await importSources('src/project/config/config-fields.ts', 'src/project/config/config-schema.ts'),
        ),
      ),
  },
  { path: 'man/kat.1', content: async () => manPage(await describeProgram()) },
  { path: 'llms.txt', content: async () => llmsText(await readFile(resolve(root, 'README.md'), 'utf8')) },
  ...pageProducers(root, importSources),
];

const { values: options } = parseArgs({
  options: { check: { type: 'boolean', default: false }, into: { type: 'string', default: root } },
});
process.exitCode = await generate(options);

async function generate({ check, into }) {
  let isStale = false;
  for (const { path, content } of producers) {
    const file = resolve(into, path);
    const wanted = await content();
    const present = await readFile(file, 'utf8').catch(() => undefined);
    if (present === wanted) continue;
    if (check) {
      console.error(`${path} is out of date: run \`npm run generate\` and commit the result`);
      isStale = true;
    } else {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, wanted);
      console.log(`wrote ${path}`);
    }
  }
  return isStale ? 1 : 0;
}

function describeProgram() {
  const sources = ['commands', 'global-options', 'exit-code'].map((name) => `src/cli/${name}.ts`);
  return importSources(...sources, 'src/version.ts');
}

/** A JSON Schema with the address under which the npm package publishes it. */
function formatSchema(name, schema) {
  const { $schema, ...rest } = toJsonSchema(schema, {
    typeMode: 'input',
    ignoreActions: ['check'],
    // JSON has one kind of number: exact integers are bigint in the program only.
    overrideSchema: ({ valibotSchema, jsonSchema }) =>
      valibotSchema.type === 'bigint' ? { ...jsonSchema, type: 'integer' } : undefined,
  });
  const $id = `https://unpkg.com/kat-migrate@0/schemas/${name}.schema.json`;
  return `${JSON.stringify({ $schema, $id, ...rest }, null, 2)}\n`;
}
