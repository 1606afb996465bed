/** The names that every database knows from the beginning, so that using them needs no migration. */

import type { ObjectId } from '../syntax/object-id.js';

/** Functions of pg_catalog in PostgreSQL 15 to 18, without those behind operators, types and indexes. */
const functionNames = `
  abbrev abs acldefault aclexplode acos acosd acosh age amvalidate any_value area array_agg
  array_append array_cat array_dims array_fill array_length array_lower array_ndims array_position
  array_positions array_remove array_replace array_reverse array_sample array_shuffle array_sort
  array_to_json array_to_string array_to_tsvector array_upper arraycontains arrayoverlap ascii asin
  asind asinh atan atan2 atan2d atand atanh avg bit bit_and bit_count bit_length bit_or bit_xor bool
  bool_and bool_or box bpchar brin_desummarize_range brin_summarize_new_values brin_summarize_range
  broadcast btrim bytea cardinality casefold cash_words cbrt ceil ceiling center char char_length
  character_length chr cidr circle clock_timestamp col_description concat concat_ws convert
  convert_from convert_to corr cos cosd cosh cot cotd count covar_pop covar_samp crc32 crc32c
  cume_dist current_database current_query current_schema current_schemas current_setting current_user
  currtid2 currval cursor_to_xml cursor_to_xmlschema database_to_xml database_to_xml_and_xmlschema
  database_to_xmlschema date date_add date_bin date_part date_subtract date_trunc datemultirange
  daterange daterange_canonical daterange_subdiff decode degrees dense_rank dexp diagonal diameter div
  dlog1 dlog10 dround dtrunc encode enum_first enum_in enum_last enum_out enum_range enum_send erf
  erfc every exp extract factorial family first_value float4 float8 float8_combine float8_regr_combine
  floor fmgr_c_validator fmgr_internal_validator fmgr_sql_validator format format_type gamma gcd
  gen_random_uuid generate_series generate_subscripts get_bit get_byte get_current_ts_config
  getdatabaseencoding getpgusername gin_clean_pending_list has_any_column_privilege
  has_column_privilege has_database_privilege has_foreign_data_wrapper_privilege
  has_function_privilege has_language_privilege has_largeobject_privilege has_parameter_privilege
  has_schema_privilege has_sequence_privilege has_server_privilege has_table_privilege
  has_tablespace_privilege has_type_privilege height host hostmask icu_unicode_version
  inet_client_addr inet_client_port inet_server_addr inet_server_port initcap int2 int2_avg_accum_inv
  int2int4_sum int4 int4_avg_accum_inv int4_avg_combine int4inc int4multirange int4range
  int4range_canonical int4range_subdiff int8 int8_sum int8dec int8dec_any int8multirange int8range
  int8range_canonical int8range_subdiff interval interval_accum_inv interval_combine is_normalized
  isclosed isempty isfinite ishorizontal isopen isparallel isperp isvertical json_agg json_agg_strict
  json_array_elements json_array_elements_text json_array_length json_build_array json_build_object
  json_each json_each_text json_object json_object_agg json_object_agg_strict json_object_agg_unique
  json_object_agg_unique_strict json_object_keys json_populate_record json_populate_recordset
  json_strip_nulls json_to_record json_to_recordset json_to_tsvector json_typeof jsonb_agg
  jsonb_agg_strict jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_build_array
  jsonb_build_object jsonb_concat jsonb_contains jsonb_delete jsonb_each jsonb_each_text jsonb_exists
  jsonb_insert jsonb_object jsonb_object_agg jsonb_object_agg_strict jsonb_object_agg_unique
  jsonb_object_agg_unique_strict jsonb_object_keys jsonb_path_exists jsonb_path_exists_tz
  jsonb_path_match jsonb_path_match_tz jsonb_path_query jsonb_path_query_array
  jsonb_path_query_array_tz jsonb_path_query_first jsonb_path_query_first_tz jsonb_path_query_tz
  jsonb_populate_record jsonb_populate_record_valid jsonb_populate_recordset jsonb_pretty jsonb_set
  jsonb_set_lax jsonb_strip_nulls jsonb_to_record jsonb_to_recordset jsonb_to_tsvector jsonb_typeof
  justify_days justify_hours justify_interval lag last_value lastval lcm lead left length lgamma like
  like_escape line ln lo_close lo_creat lo_create lo_export lo_from_bytea lo_get lo_import lo_lseek
  lo_lseek64 lo_open lo_put lo_tell lo_tell64 lo_truncate lo_truncate64 lo_unlink log log10 loread
  lower lower_inc lower_inf lowrite lpad lseg ltrim macaddr macaddr8 macaddr8_set7bit make_date
  make_interval make_time make_timestamp make_timestamptz makeaclitem masklen max md5 min min_scale
  mod mode money multirange mxid_age name nameconcatoid netmask network nextval normalize notlike now
  npoints nth_value ntile num_nonnulls num_nulls numeric numeric_div_trunc numeric_exp numeric_inc
  numeric_ln numeric_log numeric_sqrt nummultirange numnode numrange numrange_subdiff obj_description
  octet_length oid oidvectortypes overlaps overlay parse_ident path pclose percent_rank
  percentile_cont percentile_disc pg_advisory_lock pg_advisory_lock_shared pg_advisory_unlock
  pg_advisory_unlock_all pg_advisory_unlock_shared pg_advisory_xact_lock pg_advisory_xact_lock_shared
  pg_available_extension_versions pg_available_extensions pg_available_wal_summaries pg_backend_pid
  pg_backup_start pg_backup_stop pg_basetype pg_blocking_pids pg_cancel_backend pg_char_to_encoding
  pg_clear_attribute_stats pg_clear_relation_stats pg_client_encoding pg_collation_actual_version
  pg_collation_for pg_collation_is_visible pg_column_compression pg_column_is_updatable pg_column_size
  pg_column_toast_chunk_id pg_conf_load_time pg_config pg_control_checkpoint pg_control_init
  pg_control_recovery pg_control_system pg_conversion_is_visible pg_copy_logical_replication_slot
  pg_copy_physical_replication_slot pg_create_logical_replication_slot
  pg_create_physical_replication_slot pg_create_restore_point pg_current_logfile pg_current_snapshot
  pg_current_wal_flush_lsn pg_current_wal_insert_lsn pg_current_wal_lsn pg_current_xact_id
  pg_current_xact_id_if_assigned pg_cursor pg_database_collation_actual_version pg_database_size
  pg_describe_object pg_drop_replication_slot pg_encoding_max_length pg_encoding_to_char
  pg_event_trigger_ddl_commands pg_event_trigger_dropped_objects pg_event_trigger_table_rewrite_oid
  pg_event_trigger_table_rewrite_reason pg_export_snapshot pg_extension_config_dump
  pg_extension_update_paths pg_filenode_relation pg_function_is_visible pg_get_acl pg_get_aios
  pg_get_backend_memory_contexts pg_get_catalog_foreign_keys pg_get_constraintdef pg_get_expr
  pg_get_function_arg_default pg_get_function_arguments pg_get_function_identity_arguments
  pg_get_function_result pg_get_function_sqlbody pg_get_functiondef pg_get_indexdef pg_get_keywords
  pg_get_loaded_modules pg_get_multixact_members pg_get_object_address pg_get_partition_constraintdef
  pg_get_partkeydef pg_get_publication_tables pg_get_replica_identity_index pg_get_replication_slots
  pg_get_ruledef pg_get_sequence_data pg_get_serial_sequence pg_get_shmem_allocations
  pg_get_shmem_allocations_numa pg_get_statisticsobjdef pg_get_statisticsobjdef_columns
  pg_get_statisticsobjdef_expressions pg_get_triggerdef pg_get_userbyid pg_get_viewdef
  pg_get_wait_events pg_get_wal_replay_pause_state pg_get_wal_resource_managers
  pg_get_wal_summarizer_state pg_has_role pg_hba_file_rules pg_ident_file_mappings pg_identify_object
  pg_identify_object_as_address pg_import_system_collations pg_index_column_has_property
  pg_index_has_property pg_indexam_has_property pg_indexam_progress_phasename pg_indexes_size
  pg_input_error_info pg_input_is_valid pg_is_in_recovery pg_is_other_temp_schema
  pg_is_wal_replay_paused pg_isolation_test_session_is_blocked pg_jit_available pg_last_committed_xact
  pg_last_wal_receive_lsn pg_last_wal_replay_lsn pg_last_xact_replay_timestamp pg_listening_channels
  pg_lock_status pg_log_backend_memory_contexts pg_log_standby_snapshot pg_logical_emit_message
  pg_logical_slot_get_binary_changes pg_logical_slot_get_changes pg_logical_slot_peek_binary_changes
  pg_logical_slot_peek_changes pg_ls_archive_statusdir pg_ls_dir pg_ls_logdir pg_ls_logicalmapdir
  pg_ls_logicalsnapdir pg_ls_replslotdir pg_ls_summariesdir pg_ls_tmpdir pg_ls_waldir pg_lsn
  pg_mcv_list_items pg_my_temp_schema pg_nextoid pg_notification_queue_usage pg_notify
  pg_numa_available pg_opclass_is_visible pg_operator_is_visible pg_opfamily_is_visible
  pg_options_to_table pg_partition_ancestors pg_partition_root pg_partition_tree
  pg_postmaster_start_time pg_prepared_statement pg_prepared_xact pg_promote pg_read_binary_file
  pg_read_file pg_read_file_old pg_relation_filenode pg_relation_filepath pg_relation_is_publishable
  pg_relation_is_updatable pg_relation_size pg_reload_conf pg_replication_origin_advance
  pg_replication_origin_create pg_replication_origin_drop pg_replication_origin_oid
  pg_replication_origin_progress pg_replication_origin_session_is_setup
  pg_replication_origin_session_progress pg_replication_origin_session_reset
  pg_replication_origin_session_setup pg_replication_origin_xact_reset
  pg_replication_origin_xact_setup pg_replication_slot_advance pg_restore_attribute_stats
  pg_restore_relation_stats pg_rotate_logfile pg_rotate_logfile_old pg_safe_snapshot_blocking_pids
  pg_sequence_last_value pg_sequence_parameters pg_settings_get_flags pg_show_all_file_settings
  pg_show_all_settings pg_show_replication_origin_status pg_size_bytes pg_size_pretty pg_sleep
  pg_sleep_for pg_sleep_until pg_snapshot_xip pg_snapshot_xmax pg_snapshot_xmin pg_split_walfile_name
  pg_stat_clear_snapshot pg_stat_file pg_stat_force_next_flush pg_stat_get_activity pg_stat_have_stats
  pg_stat_reset pg_stat_reset_backend_stats pg_stat_reset_replication_slot pg_stat_reset_shared
  pg_stat_reset_single_function_counters pg_stat_reset_single_table_counters pg_stat_reset_slru
  pg_stat_reset_subscription_stats pg_statistics_obj_is_visible pg_stop_making_pinned_objects
  pg_switch_wal pg_sync_replication_slots pg_table_is_visible pg_table_size pg_tablespace_databases
  pg_tablespace_location pg_tablespace_size pg_terminate_backend pg_timezone_abbrevs
  pg_timezone_abbrevs_abbrevs pg_timezone_abbrevs_zone pg_timezone_names pg_total_relation_size
  pg_trigger_depth pg_try_advisory_lock pg_try_advisory_lock_shared pg_try_advisory_xact_lock
  pg_try_advisory_xact_lock_shared pg_ts_config_is_visible pg_ts_dict_is_visible
  pg_ts_parser_is_visible pg_ts_template_is_visible pg_type_is_visible pg_typeof
  pg_visible_in_snapshot pg_wal_lsn_diff pg_wal_replay_pause pg_wal_replay_resume
  pg_wal_summary_contents pg_walfile_name pg_walfile_name_offset pg_xact_commit_timestamp
  pg_xact_commit_timestamp_origin pg_xact_status phraseto_tsquery pi plainto_tsquery
  plpgsql_call_handler plpgsql_validator point polygon popen position postgresql_fdw_validator pow
  power query_to_xml query_to_xml_and_xmlschema query_to_xmlschema querytree quote_ident quote_literal
  quote_nullable radians radius random random_normal range_agg range_intersect_agg range_merge rank
  regclass regexp_count regexp_instr regexp_like regexp_match regexp_matches regexp_replace
  regexp_split_to_array regexp_split_to_table regexp_substr regr_avgx regr_avgy regr_count
  regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy repeat replace reverse right round
  row_number row_security_active row_to_json rpad rtrim satisfies_hash_partition scale schema_to_xml
  schema_to_xml_and_xmlschema schema_to_xmlschema session_user set_bit set_byte set_config set_masklen
  setseed setval setweight sha224 sha256 sha384 sha512 shell_in shell_out shobj_description sign
  similar_escape similar_to_escape sin sind sinh slope split_part sqrt starts_with statement_timestamp
  stddev stddev_pop stddev_samp string_agg string_to_array string_to_table strip strpos substr
  substring sum suppress_redundant_updates_trigger system_user table_to_xml table_to_xml_and_xmlschema
  table_to_xmlschema tan tand tanh text textlen time timeofday timestamp timestamptz timetz timezone
  to_ascii to_bin to_char to_date to_hex to_json to_jsonb to_number to_oct to_regclass to_regcollation
  to_regnamespace to_regoper to_regoperator to_regproc to_regprocedure to_regrole to_regtype
  to_regtypemod to_timestamp to_tsquery to_tsvector transaction_timestamp translate trim_array
  trim_scale trunc ts_debug ts_delete ts_filter ts_headline ts_lexize ts_parse ts_rank ts_rank_cd
  ts_rewrite ts_stat ts_token_type tsmultirange tsquery_phrase tsrange tsrange_subdiff tstzmultirange
  tstzrange tstzrange_subdiff tsvector_to_array tsvector_update_trigger tsvector_update_trigger_column
  txid_current txid_current_if_assigned txid_current_snapshot txid_snapshot_xip txid_snapshot_xmax
  txid_snapshot_xmin txid_status txid_visible_in_snapshot unicode_assigned unicode_version
  unique_key_recheck unistr unnest upper upper_inc upper_inf uuid_extract_timestamp
  uuid_extract_version uuidv4 uuidv7 var_pop var_samp varbit varchar variance version
  websearch_to_tsquery width width_bucket xid xml xml_is_well_formed xml_is_well_formed_content
  xml_is_well_formed_document xmlagg xmlcomment xmlexists xmltext xmlvalidate xpath xpath_exists`;

/** Types of pg_catalog. */
const typeNames = `
  aclitem any anyarray anycompatible anycompatiblearray anycompatiblemultirange anycompatiblenonarray
  anycompatiblerange anyelement anyenum anymultirange anynonarray anyrange bit bool box bpchar bytea
  char cid cidr circle cstring date datemultirange daterange event_trigger fdw_handler float4 float8
  gtsvector index_am_handler inet int2 int2vector int4 int4multirange int4range int8 int8multirange
  int8range internal interval json jsonb jsonpath language_handler line lseg macaddr macaddr8 money
  name numeric nummultirange numrange oid oidvector path pg_brin_bloom_summary
  pg_brin_minmax_multi_summary pg_ddl_command pg_dependencies pg_lsn pg_mcv_list pg_ndistinct
  pg_node_tree pg_snapshot point polygon record refcursor regclass regcollation regconfig
  regdictionary regnamespace regoper regoperator regproc regprocedure regrole regtype table_am_handler
  text tid time timestamp timestamptz timetz trigger tsm_handler tsmultirange tsquery tsrange
  tstzmultirange tstzrange tsvector txid_snapshot unknown uuid varbit varchar void xid xid8 xml xid8
  bigint smallint`;

/** Operators of pg_catalog. */
const operatorNames = `
  !! !~ !~* !~~ !~~* # ## #- #> #>> % & && &< &<| &> * *< *<= *<> *= *> *>= + - -> ->> -|- / < <-> <<
  <<= <<| <= <> <@ <^ = > >= >> >>= >^ ? ?# ?& ?- ?-| ?| ?|| @ @-@ @> @? @@ @@@ ^ ^@ | |&> |/ |>> ||
  ||/ ~ ~* ~<=~ ~<~ ~= ~>=~ ~>~ ~~ ~~*`;

/** Operator classes of pg_catalog. */
const operatorClassNames = `
  aclitem_ops array_ops bit_minmax_ops bit_ops bool_ops box_inclusion_ops box_ops bpchar_bloom_ops
  bpchar_minmax_ops bpchar_ops bpchar_pattern_ops bytea_bloom_ops bytea_minmax_ops bytea_ops
  char_bloom_ops char_minmax_ops char_ops cid_ops cidr_ops circle_ops date_bloom_ops
  date_minmax_multi_ops date_minmax_ops date_ops enum_ops float4_bloom_ops float4_minmax_multi_ops
  float4_minmax_ops float4_ops float8_bloom_ops float8_minmax_multi_ops float8_minmax_ops float8_ops
  inet_bloom_ops inet_inclusion_ops inet_minmax_multi_ops inet_minmax_ops inet_ops int2_bloom_ops
  int2_minmax_multi_ops int2_minmax_ops int2_ops int4_bloom_ops int4_minmax_multi_ops int4_minmax_ops
  int4_ops int8_bloom_ops int8_minmax_multi_ops int8_minmax_ops int8_ops interval_bloom_ops
  interval_minmax_multi_ops interval_minmax_ops interval_ops jsonb_ops jsonb_path_ops kd_point_ops
  macaddr8_bloom_ops macaddr8_minmax_multi_ops macaddr8_minmax_ops macaddr8_ops macaddr_bloom_ops
  macaddr_minmax_multi_ops macaddr_minmax_ops macaddr_ops money_ops multirange_ops name_bloom_ops
  name_minmax_ops name_ops numeric_bloom_ops numeric_minmax_multi_ops numeric_minmax_ops numeric_ops
  oid_bloom_ops oid_minmax_multi_ops oid_minmax_ops oid_ops oidvector_ops pg_lsn_bloom_ops
  pg_lsn_minmax_multi_ops pg_lsn_minmax_ops pg_lsn_ops point_ops poly_ops quad_point_ops
  range_inclusion_ops range_ops record_image_ops record_ops text_bloom_ops text_minmax_ops text_ops
  text_pattern_ops tid_bloom_ops tid_minmax_multi_ops tid_minmax_ops tid_ops time_bloom_ops
  time_minmax_multi_ops time_minmax_ops time_ops timestamp_bloom_ops timestamp_minmax_multi_ops
  timestamp_minmax_ops timestamp_ops timestamptz_bloom_ops timestamptz_minmax_multi_ops
  timestamptz_minmax_ops timestamptz_ops timetz_bloom_ops timetz_minmax_multi_ops timetz_minmax_ops
  timetz_ops tsquery_ops tsvector_ops uuid_bloom_ops uuid_minmax_multi_ops uuid_minmax_ops uuid_ops
  varbit_minmax_ops varbit_ops varchar_ops varchar_pattern_ops xid8_ops xid_ops`;

const functions = setOf(functionNames);
const types = setOf(typeNames);
const operators = setOf(operatorNames);
const operatorClasses = setOf(operatorClassNames);
const languages = new Set(['internal', 'c', 'sql', 'plpgsql']);
const collations = new Set(['default', 'C', 'POSIX', 'ucs_basic', 'unicode', 'pg_c_utf8', 'pg_unicode_fast']);

/** Functions of pg_catalog, in lower case; whatever begins with `pg_` counts as one. */
export function isBuiltinFunction(name: string): boolean {
  return functions.has(name) || name.startsWith('pg_');
}

/** Types of pg_catalog, and the array types that go with them. */
export function isBuiltinType(name: string): boolean {
  return types.has(name) || (name.startsWith('_') && types.has(name.slice(1))) || name.startsWith('pg_');
}

/** Operators of pg_catalog, whatever they are defined for. */
export function isBuiltinOperator(name: string): boolean {
  return operators.has(name);
}

/** Operator classes of pg_catalog. */
export function isBuiltinOperatorClass(name: string): boolean {
  return operatorClasses.has(name);
}

/** Languages that need no extension. */
export function isBuiltinLanguage(name: string): boolean {
  return languages.has(name);
}

/** Collations that every database has. */
export function isBuiltinCollation(name: string): boolean {
  return collations.has(name);
}

/**
 * Whether a name that no migration creates may be one of PostgreSQL's own: the operating system brings collations such as
 * `de_DE` or `en-x-icu`, and operators and types have support functions that are not in the list above.
 */
export function maySupplyName({ kind, name }: ObjectId): boolean {
  if (kind === 'collation') return /^[a-z]{2,3}([_-].*)?$/i.test(name);
  return (
    kind === 'function' &&
    /^(array|bool|btree|text|int[248]|float[48]|numeric|json|range|enum|record)/.test(name)
  );
}

/** Taken apart when somebody asks: most commands never do. */
function setOf(words: string): Pick<ReadonlySet<string>, 'has'> {
  let set: ReadonlySet<string> | undefined;
  return {
    has: (word) => {
      set ??= new Set(words.split(/\s+/));
      return set.has(word);
    },
  };
}
