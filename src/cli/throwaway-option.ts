/** The shared option of the commands that execute migrations on a throwaway database. */

import type { CommandOption } from './command.js';

export const throwawayOption: CommandOption = {
  flags: '--on <place>',
  description:
    'where to execute: `pglite` (in memory), a major version such as `16` (a temporary server on this computer), `server` (like the configured database), or the URL of a server, where Kat creates a database and drops it; SQLite always uses a temporary file',
  suggestions: ['pglite', 'server', '14', '15', '16', '17', '18'],
};
