/** The routes of the application, on any database that answers queries. */

import express, { type Express } from 'express';

/** What a Pool of `pg` and a PGlite have in common. */
export interface Database {
  query(sql: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

export function createApp(database: Database): Express {
  const app = express();
  app.use(express.json());
  app.get('/notes', async (_request, response) => {
    const { rows } = await database.query('SELECT body, words FROM notes ORDER BY id');
    response.json(rows);
  });
  app.post('/notes', async (request, response) => {
    const body = String(request.body.body);
    await database.query('INSERT INTO notes (body, words) VALUES ($1, $2)', [body, body.split(' ').length]);
    response.sendStatus(201);
  });
  return app;
}
