/** Tells what PostgreSQL's own functions return. */

/** The functions of PostgreSQL 14 to 18 whose every overload returns the type, without those that administer a server. */
const names: Readonly<Record<string, string>> = {
  'int4[]': `
    array_positions`,
  'text[]': `
    parse_ident regexp_match regexp_split_to_array string_to_array ts_lexize tsvector_to_array`,
  bit: `
    bit`,
  bool: `
    amvalidate arraycontains arrayoverlap bool bool_and bool_or every is_normalized isclosed
    isempty isfinite ishorizontal isopen isparallel isperp isvertical jsonb_contains
    jsonb_exists jsonb_path_exists jsonb_path_exists_tz jsonb_path_match jsonb_path_match_tz
    jsonb_populate_record_valid like lower_inf notlike overlaps postgresql_fdw_validator
    regexp_like row_security_active satisfies_hash_partition starts_with
    txid_visible_in_snapshot unicode_assigned upper_inf xml_is_well_formed
    xml_is_well_formed_content xml_is_well_formed_document xmlexists xmlvalidate xpath_exists`,
  bpchar: `
    bpchar`,
  bytea: `
    bytea convert convert_to decode loread set_byte sha224 sha256 sha384 sha512`,
  cidr: `
    cidr network`,
  date: `
    date make_date to_date`,
  float4: `
    float4 ts_rank ts_rank_cd`,
  float8: `
    acos acosd acosh area asin asind asinh atan atan2 atan2d atand atanh cbrt corr cos cosd
    cosh cot cotd covar_pop covar_samp cume_dist date_part daterange_subdiff degrees dexp
    diameter dlog1 dlog10 dround dtrunc erf erfc float8 gamma height int4range_subdiff
    int8range_subdiff lgamma numrange_subdiff percent_rank pi radians radius random
    random_normal regr_avgx regr_avgy regr_intercept regr_r2 regr_slope regr_sxx regr_sxy
    regr_syy sin sind sinh slope tan tand tanh tsrange_subdiff tstzrange_subdiff width`,
  inet: `
    broadcast hostmask inet_client_addr inet_server_addr netmask`,
  int2: `
    int2 uuid_extract_version`,
  int4: `
    array_length array_lower array_ndims array_position array_upper ascii bit_length
    cardinality char_length character_length family get_bit get_byte inet_client_port
    inet_server_port int4 int4inc json_array_length jsonb_array_length lowrite masklen
    min_scale mxid_age npoints num_nonnulls num_nulls numnode octet_length position
    regexp_count regexp_instr scale strpos textlen to_regtypemod width_bucket`,
  int8: `
    bit_count count crc32 crc32c currval dense_rank int8 lastval nextval rank regr_count
    setval txid_current txid_current_if_assigned txid_snapshot_xmax txid_snapshot_xmin`,
  interval: `
    interval justify_days justify_hours justify_interval make_interval`,
  json: `
    array_to_json json_agg json_agg_strict json_build_array json_build_object json_object
    json_object_agg json_object_agg_strict json_object_agg_unique
    json_object_agg_unique_strict json_strip_nulls row_to_json to_json`,
  jsonb: `
    jsonb_agg jsonb_agg_strict jsonb_build_array jsonb_build_object jsonb_concat jsonb_delete
    jsonb_insert jsonb_object jsonb_object_agg jsonb_object_agg_strict jsonb_object_agg_unique
    jsonb_object_agg_unique_strict jsonb_path_query_array jsonb_path_query_array_tz
    jsonb_path_query_first jsonb_path_query_first_tz jsonb_set jsonb_set_lax jsonb_strip_nulls
    to_jsonb`,
  macaddr: `
    macaddr`,
  macaddr8: `
    macaddr8 macaddr8_set7bit`,
  money: `
    money`,
  name: `
    current_database current_schema current_user getdatabaseencoding name session_user`,
  numeric: `
    div extract factorial numeric numeric_div_trunc to_number trim_scale`,
  oid: `
    oid`,
  text: `
    abbrev array_dims array_to_string casefold cash_words chr col_description concat concat_ws
    convert_from current_query current_setting encode format format_type host
    icu_unicode_version initcap json_typeof jsonb_pretty jsonb_typeof left lpad md5 normalize
    obj_description oidvectortypes querytree quote_ident quote_literal quote_nullable
    regexp_replace regexp_substr repeat replace reverse right rpad set_config
    shobj_description similar_escape similar_to_escape split_part system_user text timeofday
    to_ascii to_bin to_char to_hex to_oct translate txid_status unicode_version unistr version`,
  time: `
    make_time time`,
  timestamp: `
    make_timestamp timestamp`,
  timestamptz: `
    clock_timestamp date_add date_subtract make_timestamptz now statement_timestamp
    timestamptz to_timestamp transaction_timestamp uuid_extract_timestamp`,
  timetz: `
    timetz`,
  tsquery: `
    phraseto_tsquery plainto_tsquery to_tsquery ts_rewrite tsquery_phrase websearch_to_tsquery`,
  tsvector: `
    array_to_tsvector json_to_tsvector jsonb_to_tsvector setweight strip to_tsvector ts_delete
    ts_filter`,
  uuid: `
    gen_random_uuid uuidv4 uuidv7`,
  varbit: `
    varbit`,
  varchar: `
    varchar`,
  xml: `
    cursor_to_xml database_to_xml query_to_xml schema_to_xml table_to_xml xml xmlagg
    xmlcomment xmltext`,
};

const results: ReadonlyMap<string, string> = new Map(
  Object.entries(names).flatMap(([type, list]) =>
    list
      .trim()
      .split(/\s+/)
      .map((name): [string, string] => [name, type]),
  ),
);

/** The type that a function of PostgreSQL's own returns; undefined where it depends on the arguments. */
export function resultOf(name: string): string | undefined {
  return results.get(name);
}
