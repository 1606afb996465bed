/** Pairs of migrations around members of roles. */

import { named, type Pair } from './pairs.js';

export const pairsOfMembers: Readonly<Record<string, readonly Pair[]>> = {
  'members of roles': named([
    ['create role ra; create role rb', 'grant ra to rb', 'revoke ra from rb'],
    ['create role ra; create role rb; grant ra to rb', 'grant ra to rb', 'revoke ra from rb'],
    [
      'create role ra; create role rb',
      'grant ra to rb with admin option',
      'revoke admin option for ra from rb',
    ],
    ['create role ra; create role rb', 'grant ra to rb', 'revoke admin option for ra from rb'],
    [
      'create role ra; create role rb; grant ra to rb with admin option',
      'grant ra to rb',
      'revoke admin option for ra from rb',
    ],
    [
      'create role ra; create role rb; grant ra to rb with admin option',
      'revoke ra from rb',
      'revoke admin option for ra from rb',
    ],
    [
      'create role ra; create role rb',
      'grant ra to rb with inherit true',
      'revoke inherit option for ra from rb',
    ],
    ['create role ra; create role rb', 'grant ra to rb with set true', 'revoke set option for ra from rb'],
    [
      'create role ra; create role rb',
      'grant ra to rb with inherit true',
      'grant ra to rb with inherit false',
    ],
    ['create role ra; create role rb', 'grant ra to rb with admin option', 'grant ra to rb'],
    ['create role ra; create role rb', 'grant ra to rb with admin option', 'grant ra to rb with set false'],
    ['create role ra; create role rb; create role rc', 'grant ra to rb', 'revoke ra from rc'],
    ['create role ra; create role rb; create role rc', 'grant ra to rb', 'revoke rc from rb'],
    ['create role ra; create role rb', 'grant ra to rb', 'grant ra to rb'],
    [
      'create role ra; create role rb; grant ra to rb with admin option',
      'revoke ra from rb',
      'revoke ra from rb',
    ],
    ['create role ra; create role rb', 'grant ra to rb', 'grant rb to ra'],
    ['create role ra; create role rb', 'create role rc in role ra', 'revoke ra from rb'],
    ['create role ra; create role rb', 'alter group ra add user rb', 'revoke ra from rb'],
    ['create role ra; create role rb', 'alter group ra add user rb', 'alter group ra drop user rb'],
    ['create role ra; create role rb', 'revoke ra from rb; grant ra to rb', 'revoke ra from rb'],
    ['create role ra; create role rb; grant ra to rb with admin option', 'drop role rb', 'revoke ra from rb'],
    ['create role ra; create role rb', 'drop role rb', 'grant ra to rb'],
  ]),
  'memberships that a member gives': named([
    [
      'create role ra; create role rb; grant ra to rb with admin option; create role rc',
      'grant ra to rc granted by rb',
      'revoke ra from rb cascade',
    ],
    [
      'create role ra; create role rb; grant ra to rb with admin option; create role rc',
      'grant ra to rc granted by rb',
      'revoke ra from rb',
    ],
    [
      'create role ra; create role rb; grant ra to rb with admin option; create role rc',
      'grant ra to rc granted by rb',
      'revoke admin option for ra from rb cascade',
    ],
    [
      'create role ra; create role rb; grant ra to rb with admin option; create role rc',
      'grant ra to rc granted by rb',
      'revoke admin option for ra from rb',
    ],
    [
      'create role ra; create role rb; grant ra to rb with admin option; create role rc',
      'grant ra to rc',
      'revoke ra from rb cascade',
    ],
    [
      'create role ra; create role rb; grant ra to rb with admin option; create role rc',
      'grant ra to rc granted by rb',
      'revoke ra from rc',
    ],
    [
      'create role ra; create role rb; grant ra to rb with admin option; create role rc',
      'grant ra to rc granted by rb',
      'drop role rb',
    ],
    [
      'create role ra; create role rb; grant ra to rb with admin option; create role rc; grant ra to rc granted by rb',
      'revoke ra from rc granted by rb',
      'revoke ra from rb cascade',
    ],
    [
      'create role ra; create role rb; grant ra to rb with admin option; create role rc; grant ra to rc granted by rb',
      'revoke ra from rc granted by rb',
      'revoke ra from rb',
    ],
    [
      'create table t (a int); create role ra; create role rb; grant select on t to ra with grant option',
      'set role ra; grant select on t to rb; reset role',
      'revoke grant option for select on t from ra cascade',
    ],
    [
      'create table t (a int); create role ra; create role rb; grant select on t to ra with grant option',
      'grant select on t to rb',
      'revoke all on t from ra cascade',
    ],
  ]),
};
