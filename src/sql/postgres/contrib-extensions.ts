/** What PostgreSQL's own extensions bring. Made by scripts/read-extensions.mjs from the catalogs of a server. */

import type { ExtensionContents } from './extension-contents.js';

/** In the order of their names. */
export const contribExtensions: readonly ExtensionContents[] = [
  {
    name: 'amcheck',
    names: `
      bt_index_check bt_index_parent_check gin_index_check verify_heapam`,
  },
  {
    name: 'autoinc',
    names: `
      autoinc`,
  },
  {
    name: 'bloom',
    names: `
      bloom int4_ops text_ops`,
    classes: `
      bloom:int4 bloom:text`,
  },
  {
    name: 'btree_gin',
    names: `
      bit_ops bool_ops bpchar_ops bytea_ops char_ops cidr_ops date_ops enum_ops float4_ops
      float8_ops gin_enum_cmp gin_numeric_cmp inet_ops int2_ops int4_ops int8_ops interval_ops
      macaddr8_ops macaddr_ops money_ops name_ops numeric_ops oid_ops text_ops time_ops
      timestamp_ops timestamptz_ops timetz_ops uuid_ops varbit_ops varchar_ops`,
    classes: `
      gin:anyenum gin:bit gin:bool gin:bpchar gin:bytea gin:char gin:cidr gin:date gin:float4
      gin:float8 gin:inet gin:int2 gin:int4 gin:int8 gin:interval gin:macaddr gin:macaddr8
      gin:money gin:name gin:numeric gin:oid gin:text gin:time gin:timestamp gin:timestamptz
      gin:timetz gin:uuid gin:varbit gin:varchar`,
  },
  {
    name: 'btree_gist',
    names: `
      cash_dist date_dist float4_dist float8_dist gbtreekey16 gbtreekey2 gbtreekey32 gbtreekey4
      gbtreekey8 gbtreekey_var gist_bit_ops gist_bool_ops gist_bpchar_ops gist_bytea_ops
      gist_cash_ops gist_cidr_ops gist_date_ops gist_enum_ops gist_float4_ops gist_float8_ops
      gist_inet_ops gist_int2_ops gist_int4_ops gist_int8_ops gist_interval_ops gist_macaddr8_ops
      gist_macaddr_ops gist_numeric_ops gist_oid_ops gist_text_ops gist_time_ops
      gist_timestamp_ops gist_timestamptz_ops gist_timetz_ops gist_translate_cmptype_btree
      gist_uuid_ops gist_vbit_ops int2_dist int4_dist int8_dist interval_dist oid_dist time_dist
      ts_dist tstz_dist`,
    classes: `
      gist:anyenum gist:bit gist:bool gist:bpchar gist:bytea gist:cidr gist:date gist:float4
      gist:float8 gist:inet gist:int2 gist:int4 gist:int8 gist:interval gist:macaddr gist:macaddr8
      gist:money gist:numeric gist:oid gist:text gist:time gist:timestamp gist:timestamptz
      gist:timetz gist:uuid gist:varbit`,
    operators: `
      <->:date <->:float4 <->:float8 <->:int2 <->:int4 <->:int8 <->:interval <->:money <->:oid
      <->:time <->:timestamp <->:timestamptz`,
  },
  {
    name: 'citext',
    names: `
      citext citext_cmp citext_eq citext_ge citext_gt citext_hash citext_hash_extended
      citext_larger citext_le citext_lt citext_ne citext_ops citext_pattern_cmp citext_pattern_ge
      citext_pattern_gt citext_pattern_le citext_pattern_lt citext_pattern_ops citext_smaller
      citextsend max min regexp_match regexp_matches regexp_replace regexp_split_to_array
      regexp_split_to_table replace split_part strpos texticlike texticnlike texticregexeq
      texticregexne translate`,
    coercions: `
      citext:text`,
  },
  {
    name: 'cube',
    names: `
      <#> <=> cube cube_cmp cube_contained cube_contains cube_coord cube_coord_llur cube_dim
      cube_distance cube_enlarge cube_eq cube_ge cube_gt cube_inter cube_is_point cube_le
      cube_ll_coord cube_lt cube_ne cube_ops cube_overlap cube_send cube_size cube_subset
      cube_union cube_ur_coord distance_chebyshev distance_taxicab gist_cube_ops ~>`,
    operators: `
      ~>:int4`,
  },
  {
    name: 'dblink',
    names: `
      dblink dblink_build_sql_delete dblink_build_sql_insert dblink_build_sql_update
      dblink_cancel_query dblink_close dblink_connect dblink_connect_u dblink_current_query
      dblink_disconnect dblink_error_message dblink_exec dblink_fdw dblink_fdw_validator
      dblink_fetch dblink_get_connections dblink_get_notify dblink_get_pkey dblink_get_result
      dblink_is_busy dblink_open dblink_pkey_results dblink_send_query`,
  },
  {
    name: 'dict_int',
    names: `
      intdict intdict_template`,
  },
  {
    name: 'dict_xsyn',
    names: `
      xsyn xsyn_template`,
  },
  {
    name: 'earthdistance',
    requires: `
      cube`,
    names: `
      <@> earth earth_box earth_distance gc_to_sec geo_distance latitude ll_to_earth longitude
      sec_to_gc`,
    operators: `
      <@>:point`,
  },
  {
    name: 'file_fdw',
    names: `
      file_fdw file_fdw_handler file_fdw_validator`,
  },
  {
    name: 'fuzzystrmatch',
    names: `
      daitch_mokotoff difference dmetaphone dmetaphone_alt levenshtein levenshtein_less_equal
      metaphone soundex text_soundex`,
  },
  {
    name: 'hstore',
    names: `
      #<# #<=# #= #># #>=# %# %% akeys avals btree_hstore_ops defined delete each exist exists_all
      exists_any fetchval ghstore gin_hstore_ops gist_hstore_ops hash_hstore_ops hs_concat
      hs_contained hs_contains hstore hstore_cmp hstore_eq hstore_ge hstore_gt hstore_hash
      hstore_hash_extended hstore_le hstore_lt hstore_ne hstore_send hstore_to_array
      hstore_to_json hstore_to_json_loose hstore_to_jsonb hstore_to_jsonb_loose hstore_to_matrix
      hstore_version_diag isdefined isexists populate_record skeys slice slice_array svals
      tconvert`,
    operators: `
      ->:text[]`,
  },
  {
    name: 'insert_username',
    names: `
      insert_username`,
  },
  {
    name: 'intagg',
    names: `
      int_array_aggregate int_array_enum`,
  },
  {
    name: 'intarray',
    names: `
      _int_contained _int_contains _int_different _int_inter _int_overlap _int_same _int_union
      boolop gin__int_ops gist__int_ops gist__intbig_ops icount idx intarray_del_elem
      intarray_push_array intarray_push_elem intbig_gkey intset intset_subtract intset_union_elem
      query_int querytree rboolop sort sort_asc sort_desc subarray uniq`,
    classes: `
      gist:int4[]`,
    operators: `
      #:int4[] &:int4[] +:int4[] -:int4[] @@:int4[] |:int4[] ~~:int4[]`,
  },
  {
    name: 'isn',
    names: `
      btean13cmp btisbn13cmp btisbncmp btismn13cmp btismncmp btissn13cmp btissncmp btupccmp ean13
      ean13_ops hashean13 hashisbn hashisbn13 hashismn hashismn13 hashissn hashissn13 hashupc
      is_valid isbn isbn13 isbn13_ops isbn_ops ismn ismn13 ismn13_ops ismn_ops isn_weak isneq
      isnge isngt isnle isnlt isnne issn issn13 issn13_ops issn_ops make_valid upc upc_ops`,
  },
  {
    name: 'lo',
    names: `
      lo lo_manage lo_oid`,
  },
  {
    name: 'ltree',
    names: `
      ?<@ ?@ ?@> ?~ ^<@ ^? ^@> ^~ _lt_q_regex _lt_q_rregex _ltq_extract_regex _ltq_regex
      _ltq_rregex _ltree_extract_isparent _ltree_extract_risparent _ltree_isparent
      _ltree_r_isparent _ltree_r_risparent _ltree_risparent _ltxtq_exec _ltxtq_extract_exec
      _ltxtq_rexec gist__ltree_ops gist_ltree_ops hash_ltree hash_ltree_extended hash_ltree_ops
      index lca lquery lquery_send lt_q_regex lt_q_rregex ltq_regex ltq_rregex ltree ltree2text
      ltree_addltree ltree_addtext ltree_cmp ltree_eq ltree_ge ltree_gist ltree_gt ltree_isparent
      ltree_le ltree_lt ltree_ne ltree_ops ltree_risparent ltree_send ltree_textadd ltxtq_exec
      ltxtq_rexec ltxtq_send ltxtquery nlevel subltree subpath text2ltree`,
  },
  {
    name: 'moddatetime',
    names: `
      moddatetime`,
  },
  {
    name: 'pageinspect',
    names: `
      brin_metapage_info brin_page_items brin_page_type brin_revmap_data bt_metap
      bt_multi_page_stats bt_page_items bt_page_stats fsm_page_contents get_raw_page
      gin_leafpage_items gin_metapage_info gin_page_opaque_info gist_page_items
      gist_page_items_bytea gist_page_opaque_info hash_bitmap_info hash_metapage_info
      hash_page_items hash_page_stats hash_page_type heap_page_item_attrs heap_page_items
      heap_tuple_infomask_flags page_checksum page_header tuple_data_split`,
  },
  {
    name: 'pg_buffercache',
    names: `
      pg_buffercache pg_buffercache_evict pg_buffercache_evict_all pg_buffercache_evict_relation
      pg_buffercache_numa pg_buffercache_numa_pages pg_buffercache_pages pg_buffercache_summary
      pg_buffercache_usage_counts`,
  },
  {
    name: 'pg_freespacemap',
    names: `
      pg_freespace`,
  },
  {
    name: 'pg_logicalinspect',
    names: `
      pg_get_logical_snapshot_info pg_get_logical_snapshot_meta`,
  },
  {
    name: 'pg_prewarm',
    names: `
      autoprewarm_dump_now autoprewarm_start_worker pg_prewarm`,
  },
  {
    name: 'pg_stat_statements',
    names: `
      pg_stat_statements pg_stat_statements_info pg_stat_statements_reset`,
  },
  {
    name: 'pg_surgery',
    names: `
      heap_force_freeze heap_force_kill`,
  },
  {
    name: 'pg_trgm',
    names: `
      %> %>> <% <->> <->>> <<% <<-> <<<-> gin_trgm_ops gist_trgm_ops gtrgm set_limit show_limit
      show_trgm similarity similarity_dist similarity_op strict_word_similarity
      strict_word_similarity_commutator_op strict_word_similarity_dist_commutator_op
      strict_word_similarity_dist_op strict_word_similarity_op word_similarity
      word_similarity_commutator_op word_similarity_dist_commutator_op word_similarity_dist_op
      word_similarity_op`,
    operators: `
      %:text %>:text %>>:text <%:text <->:text <->>:text <->>>:text <<%:text <<->:text <<<->:text`,
  },
  {
    name: 'pg_visibility',
    names: `
      pg_check_frozen pg_check_visible pg_truncate_visibility_map pg_visibility pg_visibility_map
      pg_visibility_map_summary`,
  },
  {
    name: 'pg_walinspect',
    names: `
      pg_get_wal_block_info pg_get_wal_record_info pg_get_wal_records_info pg_get_wal_stats`,
  },
  {
    name: 'pgcrypto',
    names: `
      armor crypt dearmor decrypt decrypt_iv digest encrypt encrypt_iv fips_mode gen_random_bytes
      gen_random_uuid gen_salt hmac pgp_armor_headers pgp_key_id pgp_pub_decrypt
      pgp_pub_decrypt_bytea pgp_pub_encrypt pgp_pub_encrypt_bytea pgp_sym_decrypt
      pgp_sym_decrypt_bytea pgp_sym_encrypt pgp_sym_encrypt_bytea`,
  },
  {
    name: 'pgrowlocks',
    names: `
      pgrowlocks`,
  },
  {
    name: 'pgstattuple',
    names: `
      pg_relpages pgstatginindex pgstathashindex pgstatindex pgstattuple pgstattuple_approx`,
  },
  {
    name: 'pltcl',
    names: `
      pltcl pltcl_call_handler`,
  },
  {
    name: 'pltclu',
    names: `
      pltclu pltclu_call_handler`,
  },
  {
    name: 'postgres_fdw',
    names: `
      postgres_fdw postgres_fdw_disconnect postgres_fdw_disconnect_all
      postgres_fdw_get_connections postgres_fdw_handler postgres_fdw_validator`,
  },
  {
    name: 'refint',
    names: `
      check_foreign_key check_primary_key`,
  },
  {
    name: 'seg',
    names: `
      gist_seg_ops seg seg_center seg_cmp seg_contained seg_contains seg_different seg_ge seg_gt
      seg_inter seg_le seg_left seg_lower seg_lt seg_ops seg_over_left seg_over_right seg_overlap
      seg_right seg_same seg_size seg_union seg_upper`,
  },
  {
    name: 'sslinfo',
    names: `
      ssl_cipher ssl_client_cert_present ssl_client_dn ssl_client_dn_field ssl_client_serial
      ssl_extension_info ssl_is_used ssl_issuer_dn ssl_issuer_field ssl_version`,
  },
  {
    name: 'tablefunc',
    names: `
      connectby crosstab crosstab2 crosstab3 crosstab4 normal_rand tablefunc_crosstab_2
      tablefunc_crosstab_3 tablefunc_crosstab_4`,
  },
  {
    name: 'tcn',
    names: `
      triggered_change_notification`,
  },
  {
    name: 'tsm_system_rows',
    names: `
      system_rows`,
  },
  {
    name: 'tsm_system_time',
    names: `
      system_time`,
  },
  {
    name: 'unaccent',
    names: `
      unaccent`,
  },
  {
    name: 'uuid-ossp',
    names: `
      uuid_generate_v1 uuid_generate_v1mc uuid_generate_v3 uuid_generate_v4 uuid_generate_v5
      uuid_nil uuid_ns_dns uuid_ns_oid uuid_ns_url uuid_ns_x500`,
  },
  {
    name: 'xml2',
    names: `
      xml_encode_special_chars xml_valid xpath_bool xpath_list xpath_nodeset xpath_number
      xpath_string xpath_table xslt_process`,
  },
];
