/** Reads foreign-data wrappers, servers and user mappings. */

import { type Branch, foreignOptions, isNew, nameBy, role } from './parts.js';

const wrappers: Branch = {
  kind: `'foreign-data wrapper'`,
  name: 'quote_ident(w.fdwname)',
  properties: {
    owner: role('w.fdwowner'),
    handler: nameBy('regproc', 'w.fdwhandler'),
    validator: nameBy('regproc', 'w.fdwvalidator'),
    options: foreignOptions('w.fdwoptions'),
  },
  from: `pg_foreign_data_wrapper w WHERE ${isNew('pg_foreign_data_wrapper', 'w.oid')}`,
};

const servers: Branch = {
  kind: `'server'`,
  name: 'quote_ident(s.srvname)',
  properties: {
    owner: role('s.srvowner'),
    wrapper: '(SELECT quote_ident(fdwname) FROM pg_foreign_data_wrapper w WHERE w.oid = s.srvfdw)',
    type: 's.srvtype',
    version: 's.srvversion',
    options: foreignOptions('s.srvoptions'),
  },
  from: `pg_foreign_server s WHERE ${isNew('pg_foreign_server', 's.oid')}`,
};

/** Without options: they hold passwords, and PostgreSQL shows them to few roles. */
const userMappings: Branch = {
  kind: `'user mapping'`,
  of: 'quote_ident(m.srvname)',
  name: role('m.umuser'),
  properties: {},
  from: 'pg_user_mappings m',
};

export const foreignBranches: readonly Branch[] = [wrappers, servers, userMappings];
