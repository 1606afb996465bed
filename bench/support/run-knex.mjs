// Runs knex's migrations as its users' programs do, without the start-up of its command line: `latest` or `down`.

import { createRequire } from 'node:module';
import { join } from 'node:path';

const [peers, connection, directory, command] = process.argv.slice(2);
const { default: createKnex } = await import(createRequire(join(peers, 'package.json')).resolve('knex'));
const knex = createKnex({ client: 'pg', connection, migrations: { directory }, pool: { min: 1, max: 1 } });
await knex.migrate[command]();
await knex.destroy();
