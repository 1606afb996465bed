/** Which extension brings which names, so that a reference to one of them can be explained by its extension. */

/** Functions, types, operator classes and views of extensions, without what works behind their operators and indexes. */
const names: readonly [extension: string, names: string][] = [
  [
    'bloom',
    `
    int4_ops text_ops`,
  ],
  [
    'btree_gin',
    `
    bit_ops bool_ops bpchar_ops bytea_ops char_ops cidr_ops date_ops enum_ops float4_ops float8_ops
    inet_ops int2_ops int4_ops int8_ops interval_ops macaddr8_ops macaddr_ops money_ops name_ops
    numeric_ops oid_ops text_ops time_ops timestamp_ops timestamptz_ops timetz_ops uuid_ops varbit_ops
    varchar_ops`,
  ],
  [
    'btree_gist',
    `
    gbtreekey16 gbtreekey2 gbtreekey32 gbtreekey4 gbtreekey8 gbtreekey_var gist_bit_ops gist_bool_ops
    gist_bpchar_ops gist_bytea_ops gist_cash_ops gist_cidr_ops gist_date_ops gist_enum_ops
    gist_float4_ops gist_float8_ops gist_inet_ops gist_int2_ops gist_int4_ops gist_int8_ops
    gist_interval_ops gist_macaddr8_ops gist_macaddr_ops gist_numeric_ops gist_oid_ops gist_text_ops
    gist_time_ops gist_timestamp_ops gist_timestamptz_ops gist_timetz_ops gist_uuid_ops gist_vbit_ops`,
  ],
  [
    'citext',
    `
    citext citext_larger citext_ops citext_pattern_ops citext_smaller citextsend max min regexp_match
    regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table replace split_part strpos
    translate`,
  ],
  [
    'cube',
    `
    cube cube_dim cube_enlarge cube_inter cube_is_point cube_ll_coord cube_ops cube_send cube_size
    cube_subset cube_union cube_ur_coord gist_cube_ops`,
  ],
  [
    'dblink',
    `
    dblink dblink_build_sql_delete dblink_build_sql_insert dblink_build_sql_update dblink_cancel_query
    dblink_close dblink_connect dblink_connect_u dblink_current_query dblink_disconnect
    dblink_error_message dblink_exec dblink_fdw_validator dblink_fetch dblink_get_connections
    dblink_get_notify dblink_get_pkey dblink_get_result dblink_is_busy dblink_open dblink_pkey_results
    dblink_send_query`,
  ],
  [
    'earthdistance',
    `
    earth earth_box earth_distance gc_to_sec latitude ll_to_earth longitude sec_to_gc`,
  ],
  [
    'fuzzystrmatch',
    `
    difference dmetaphone dmetaphone_alt levenshtein levenshtein_less_equal metaphone soundex
    text_soundex`,
  ],
  [
    'hstore',
    `
    akeys avals btree_hstore_ops defined each ghstore gin_hstore_ops gist_hstore_ops hash_hstore_ops
    hstore hstore_send hstore_to_json hstore_to_json_loose hstore_to_jsonb hstore_to_jsonb_loose
    hstore_version_diag isdefined isexists skeys slice svals tconvert`,
  ],
  [
    'intarray',
    `
    _int_different _int_same gin__int_ops gist__int_ops gist__intbig_ops intbig_gkey intset query_int
    querytree sort sort_asc sort_desc subarray uniq`,
  ],
  [
    'isn',
    `
    ean13 ean13_ops is_valid isbn isbn13 isbn13_ops isbn_ops ismn ismn13 ismn13_ops ismn_ops isn_weak
    issn issn13 issn13_ops issn_ops make_valid upc upc_ops`,
  ],
  [
    'lo',
    `
    lo lo_manage lo_oid`,
  ],
  [
    'ltree',
    `
    gist__ltree_ops gist_ltree_ops index lca lquery lquery_send ltree ltree2text ltree_gist ltree_ops
    ltree_send ltxtq_send ltxtquery nlevel subltree subpath text2ltree`,
  ],
  [
    'pg_stat_statements',
    `
    pg_stat_statements pg_stat_statements_info pg_stat_statements_reset`,
  ],
  [
    'pg_trgm',
    `
    gin_trgm_ops gist_trgm_ops gtrgm set_limit show_limit show_trgm similarity strict_word_similarity
    word_similarity`,
  ],
  [
    'pgcrypto',
    `
    armor crypt dearmor decrypt decrypt_iv digest encrypt encrypt_iv gen_random_bytes gen_random_uuid
    gen_salt hmac pgp_armor_headers pgp_key_id pgp_pub_decrypt pgp_pub_decrypt_bytea pgp_pub_encrypt
    pgp_pub_encrypt_bytea pgp_sym_decrypt pgp_sym_decrypt_bytea pgp_sym_encrypt pgp_sym_encrypt_bytea`,
  ],
  [
    'postgis',
    `
    geometry geography box2d box3d spatial_ref_sys geometry_columns geography_columns addgeometrycolumn
    dropgeometrycolumn st_area st_asgeojson st_astext st_buffer st_centroid st_contains st_distance
    st_dwithin st_envelope st_geogfromtext st_geohash st_geomfromgeojson st_geomfromtext st_intersection
    st_intersects st_isvalid st_length st_makeenvelope st_makepoint st_makevalid st_point st_setsrid
    st_simplify st_srid st_transform st_union st_within st_x st_y gist_geometry_ops_2d
    gist_geometry_ops_nd`,
  ],
  [
    'seg',
    `
    gist_seg_ops seg seg_center seg_inter seg_lower seg_ops seg_size seg_union seg_upper`,
  ],
  [
    'tablefunc',
    `
    connectby crosstab crosstab2 crosstab3 crosstab4 normal_rand tablefunc_crosstab_2
    tablefunc_crosstab_3 tablefunc_crosstab_4`,
  ],
  [
    'unaccent',
    `
    unaccent`,
  ],
  [
    'uuid-ossp',
    `
    uuid_generate_v1 uuid_generate_v1mc uuid_generate_v3 uuid_generate_v4 uuid_generate_v5 uuid_nil
    uuid_ns_dns uuid_ns_oid uuid_ns_url uuid_ns_x500`,
  ],
  [
    'vector',
    `
    vector halfvec sparsevec vector_ops vector_l2_ops vector_ip_ops vector_cosine_ops vector_l1_ops
    halfvec_l2_ops halfvec_ip_ops halfvec_cosine_ops cosine_distance inner_product l1_distance
    l2_distance l2_normalize vector_dims vector_norm`,
  ],
];

const extensionsOf = index();

/** The extensions that are known to bring something of that name; mostly none. */
export function providersOf(name: string): readonly string[] {
  return extensionsOf.get(name) ?? [];
}

function index(): ReadonlyMap<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [extension, list] of names) {
    for (const name of list.trim().split(/\s+/)) found.set(name, [...(found.get(name) ?? []), extension]);
  }
  return found;
}
