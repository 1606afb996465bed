// Stands in for psql where there is none: sends the statements of a JSON file one by one.

import { readFileSync } from 'node:fs';
import pg from 'pg';

const [url, file] = process.argv.slice(2);
const client = new pg.Client({ connectionString: url });
await client.connect();
for (const statement of JSON.parse(readFileSync(file, 'utf8'))) await client.query(statement);
await client.end();
