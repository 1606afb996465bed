/** The shared option of the commands that execute migrations on a throwaway database. */

import type { CommandOption } from './command.js';

export const throwawayOption: CommandOption = {
  flags: '--on <place>',
  description:
    'where to create the throwaway database: `pglite` (in memory), a major version such as `16` (a temporary server on this computer), `server` (any place with the major version of the configured database, which stays unchanged), or the URL of a server; Kat drops the database at the end; SQLite always uses a temporary file',
  suggestions: ['pglite', 'server', '14', '15', '16', '17', '18'],
};
