/** Reads objects of text search. */

import { type Branch, isFree, nameBy, role } from './parts.js';

/** The qualified name of the row of a text search catalog whose columns begin with `prefix`. */
const qualified = (catalog: string, prefix: string, oid: string) =>
  `(SELECT quote_ident(s.nspname) || '.' || quote_ident(q.${prefix}name) FROM ${catalog} q
    JOIN pg_namespace s ON s.oid = q.${prefix}namespace WHERE q.oid = ${oid})`;

/** A branch for a catalog of text search, whose columns begin with `prefix`. */
function searchBranch(
  kind: string,
  catalog: string,
  prefix: string,
  properties: Branch['properties'],
): Branch {
  return {
    kind: `'text search ${kind}'`,
    schema: 'n.name',
    name: `quote_ident(o.${prefix}name)`,
    properties,
    from: `${catalog} o JOIN spaces n ON n.oid = o.${prefix}namespace WHERE ${isFree(catalog, 'o.oid')}`,
  };
}

const mappings = `(SELECT string_agg(x.token || ': ' || x.dictionaries, '; ' ORDER BY x.token COLLATE "C") FROM (
  SELECT (SELECT alias FROM ts_token_type(o.cfgparser) k WHERE k.tokid = m.maptokentype) AS token,
    string_agg(${qualified('pg_ts_dict', 'dict', 'm.mapdict')}, ', ' ORDER BY m.mapseqno) AS dictionaries
  FROM pg_ts_config_map m WHERE m.mapcfg = o.oid GROUP BY m.maptokentype) x)`;

export const searchBranches: readonly Branch[] = [
  searchBranch('parser', 'pg_ts_parser', 'prs', {
    start: 'o.prsstart::text',
    token: 'o.prstoken::text',
    end: 'o.prsend::text',
    headline: nameBy('regproc', 'o.prsheadline'),
    types: 'o.prslextype::text',
  }),
  searchBranch('template', 'pg_ts_template', 'tmpl', {
    init: nameBy('regproc', 'o.tmplinit'),
    lexize: 'o.tmpllexize::text',
  }),
  searchBranch('dictionary', 'pg_ts_dict', 'dict', {
    owner: role('o.dictowner'),
    template: qualified('pg_ts_template', 'tmpl', 'o.dicttemplate'),
    options: 'o.dictinitoption',
  }),
  searchBranch('configuration', 'pg_ts_config', 'cfg', {
    owner: role('o.cfgowner'),
    parser: qualified('pg_ts_parser', 'prs', 'o.cfgparser'),
    mappings,
  }),
];
