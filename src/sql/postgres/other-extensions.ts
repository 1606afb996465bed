/** What other extensions bring. Made by scripts/read-extension-files.mjs from the SQL files in their repositories. */

import type { ExtensionContents } from './extension-contents.js';

/** In the order of their names. */
export const otherExtensions: readonly ExtensionContents[] = [
  {
    name: 'citus',
    names: `
      alter_columnar_table_reset alter_columnar_table_set alter_distributed_table
      alter_old_partitions_set_access_method alter_role_if_exists alter_table_set_access_method
      assign_distributed_transaction_id authinfo_valid broadcast_intermediate_result
      check_distributed_deadlocks citus citus_activate_node citus_add_clone_node
      citus_add_clone_node_with_nodeid citus_add_inactive_node citus_add_local_table_to_metadata
      citus_add_node citus_add_rebalance_strategy citus_add_secondary_node citus_backend_gpid
      citus_blocking_pids citus_calculate_gpid citus_check_cluster_node_health
      citus_check_connection_to_node citus_check_defaults_for_sslmode
      citus_cleanup_orphaned_resources citus_cleanup_orphaned_shards citus_cluster_changes_block
      citus_cluster_changes_block_status citus_cluster_changes_unblock citus_coordinator_nodeid
      citus_copy_format citus_copy_shard_placement citus_create_restore_point citus_disable_node
      citus_dist_stat_activity citus_drain_node citus_drop_all_shards citus_drop_trigger
      citus_executor_name citus_finalize_upgrade_to_citus11 citus_finish_citus_upgrade
      citus_finish_pg_upgrade citus_get_active_worker_nodes citus_get_node_clock
      citus_get_transaction_clock citus_is_clock_after citus_is_coordinator citus_is_primary_node
      citus_isolation_test_session_is_blocked citus_job_cancel citus_job_list citus_job_status
      citus_job_wait citus_json_concatenate citus_json_concatenate_final citus_jsonb_concatenate
      citus_jsonb_concatenate_final citus_local_disk_space_stats citus_lock_waits citus_locks
      citus_move_shard_placement citus_node_capacity_1 citus_nodeid_for_gpid
      citus_nodename_for_nodeid citus_nodeport_for_nodeid citus_nodes citus_pause_node_within_txn
      citus_pid_for_gpid citus_prepare_pg_upgrade citus_promote_clone_and_rebalance
      citus_query_stats citus_rebalance_start citus_rebalance_status citus_rebalance_stop
      citus_rebalance_wait citus_relation_size citus_remote_connection_stats
      citus_remove_clone_node citus_remove_clone_node_with_nodeid citus_remove_node
      citus_run_local_command citus_schema_distribute citus_schema_move citus_schema_undistribute
      citus_server_id citus_set_coordinator_host citus_set_default_rebalance_strategy
      citus_set_node_property citus_setup_ssl citus_shard_allowed_on_node_true citus_shard_cost_1
      citus_shard_cost_by_disk_size citus_shard_indexes_on_worker citus_shard_sizes citus_shards
      citus_shards_on_worker citus_split_shard_by_split_points citus_stat_activity
      citus_stat_counters citus_stat_counters_reset citus_stat_statements
      citus_stat_statements_reset citus_stat_tenants citus_stat_tenants_local
      citus_stat_tenants_local_internal citus_stat_tenants_local_reset citus_stat_tenants_reset
      citus_stats citus_table_is_visible citus_table_size citus_tables citus_task_status
      citus_task_wait citus_text_send_as_jsonb citus_total_relation_size citus_truncate_trigger
      citus_unmark_object_distributed citus_update_node citus_update_shard_statistics
      citus_update_table_statistics citus_validate_rebalance_strategy_functions citus_version
      citus_worker_stat_activity cluster_clock cluster_clock_cmp cluster_clock_eq cluster_clock_ge
      cluster_clock_gt cluster_clock_le cluster_clock_logical cluster_clock_lt cluster_clock_ne
      cluster_clock_ops cluster_clock_send colocation_placement_type column_name_to_column
      column_to_column_name columnar columnar_ensure_am_depends_catalog columnar_finish_pg_upgrade
      coord_binary_combine_agg coord_combine_agg create_citus_local_table
      create_distributed_function create_distributed_table create_distributed_table_concurrently
      create_intermediate_result create_reference_table create_time_partitions
      distributed_tables_colocated distribution_type downgrade_columnar_storage
      drop_old_time_partitions dump_global_wait_edges dump_local_wait_edges
      ensure_truncate_trigger_is_after fetch_intermediate_results find_groupid_for_node
      fix_all_partition_shard_index_names fix_partition_shard_index_names
      fix_pre_citus10_partitioned_table_constraint_names
      fix_pre_citus14_colocation_group_collation_mismatches get_all_active_transactions
      get_colocated_shard_array get_colocated_table_array get_current_transaction_id
      get_global_active_transactions get_missing_time_partition_ranges get_nodeid_for_groupid
      get_rebalance_progress get_rebalance_table_shards_plan get_shard_id_for_distribution_column
      get_snapshot_based_node_split_plan get_storage_id isolate_tenant_to_new_shard json_cat_agg
      jsonb_cat_agg lock_relation_if_exists lock_shard_metadata lock_shard_resources
      mark_tables_colocated master_activate_node master_add_inactive_node master_add_node
      master_add_secondary_node master_append_table_to_shard master_apply_delete_command
      master_copy_shard_placement master_create_distributed_table master_create_empty_shard
      master_create_worker_shards master_disable_node master_drain_node master_drop_all_shards
      master_drop_distributed_table_metadata master_drop_sequences master_get_active_worker_nodes
      master_get_new_placementid master_get_new_shardid master_get_table_ddl_events
      master_get_table_metadata master_modify_multiple_shards master_move_shard_placement
      master_remove_distributed_table_metadata_from_workers master_remove_node
      master_remove_partition_metadata master_run_on_worker master_set_node_property
      master_unmark_object_distributed master_update_node master_update_shard_statistics
      master_update_table_statistics noderole notify_constraint_dropped pg_dist_authinfo
      pg_dist_background_job pg_dist_background_task pg_dist_background_task_depend
      pg_dist_cleanup pg_dist_colocation pg_dist_local_group pg_dist_node pg_dist_node_metadata
      pg_dist_object pg_dist_partition pg_dist_placement pg_dist_poolinfo
      pg_dist_rebalance_strategy pg_dist_schema pg_dist_shard pg_dist_shard_placement
      pg_dist_transaction poolinfo_valid read_intermediate_result read_intermediate_results
      rebalance_table_shards recover_prepared_transactions
      refresh_isolation_tester_prepared_statement relation_is_a_known_shard
      remove_local_tables_from_metadata replace_isolation_tester_func replicate_reference_tables
      replicate_table_shards replication_slot_info restore_isolation_tester_func role_exists
      run_command_on_all_nodes run_command_on_colocated_placements run_command_on_coordinator
      run_command_on_placements run_command_on_shards run_command_on_workers shard_name
      shard_transfer_mode split_copy_info split_shard_info start_metadata_sync_to_all_nodes
      start_metadata_sync_to_node stop_metadata_sync_to_node time_partition_range time_partitions
      truncate_local_data_after_distributing_table undistribute_table
      update_distributed_table_colocation upgrade_columnar_storage upgrade_to_reference_table`,
  },
  {
    name: 'citus_columnar',
    names: `
      alter_columnar_table_reset alter_columnar_table_set columnar
      columnar_ensure_am_depends_catalog columnar_ensure_objects_exist columnar_finish_pg_upgrade
      downgrade_columnar_storage get_storage_id upgrade_columnar_storage`,
  },
  {
    name: 'pg_cron',
    names: `
      alter_job cron job_cache_invalidate schedule schedule_in_database unschedule`,
  },
  {
    name: 'pg_partman',
    names: `
      apply_cluster apply_constraints apply_privileges autovacuum_off autovacuum_reset
      calculate_time_partition_info check_automatic_maintenance_value check_control_type
      check_default check_default_table check_epoch_type check_name_length check_partition_type
      check_subpart_sameconfig check_subpartition_limits create_parent create_partition_id
      create_partition_time create_sub_parent drop_constraints drop_partition_id
      drop_partition_time dump_partitioned_table_definition inherit_replica_identity
      inherit_template_properties part_config part_config_sub partition_data_id
      partition_data_proc partition_data_time partition_gap_fill reapply_constraints_proc
      reapply_privileges run_analyze run_maintenance run_maintenance_proc show_partition_info
      show_partition_name show_partitions stop_sub_partition table_privs undo_partition
      undo_partition_proc`,
  },
  {
    name: 'plperl',
    names: `
      plperl`,
  },
  {
    name: 'plperlu',
    names: `
      plperlu`,
  },
  {
    name: 'plpython3u',
    names: `
      plpython3u`,
  },
  {
    name: 'pltcl',
    names: `
      pltcl`,
  },
  {
    name: 'pltclu',
    names: `
      pltclu`,
  },
  {
    name: 'plv8',
    names: `
      plv8`,
  },
  {
    name: 'postgis',
    names: `
      &&& &/& <#> <<->> <<@ @>> addgeometrycolumn box2d box2df box3d box3dtobox
      brin_geography_inclusion_ops brin_geometry_inclusion_ops_2d brin_geometry_inclusion_ops_3d
      brin_geometry_inclusion_ops_4d btree_geography_ops btree_geometry_ops contains_2d
      dropgeometrycolumn dropgeometrytable equals find_srid geography geography_cmp
      geography_columns geography_distance_knn geography_eq geography_ge geography_gt geography_le
      geography_lt geography_overlaps geography_send geometry geometry_above geometry_below
      geometry_cmp geometry_columns geometry_contained_3d geometry_contains geometry_contains_3d
      geometry_contains_nd geometry_distance_box geometry_distance_centroid
      geometry_distance_centroid_nd geometry_distance_cpa geometry_dump geometry_eq geometry_ge
      geometry_gt geometry_hash geometry_le geometry_left geometry_lt geometry_neq
      geometry_overabove geometry_overbelow geometry_overlaps geometry_overlaps_3d
      geometry_overlaps_nd geometry_overleft geometry_overright geometry_right geometry_same
      geometry_same_3d geometry_same_nd geometry_send geometry_within geometry_within_nd
      geometrytype geomfromewkb geomfromewkt get_proj4_from_srid gidx gist_geography_ops
      gist_geometry_ops_2d gist_geometry_ops_nd hash_geometry_ops is_contained_2d overlaps_2d
      overlaps_geog overlaps_nd populate_geometry_columns postgis_addbbox postgis_cache_bbox
      postgis_constraint_dims postgis_constraint_srid postgis_constraint_type postgis_dropbbox
      postgis_extensions_upgrade postgis_full_version postgis_geos_compiled_version
      postgis_geos_noop postgis_geos_version postgis_getbbox postgis_hasbbox
      postgis_lib_build_date postgis_lib_revision postgis_lib_version postgis_libjson_version
      postgis_liblwgeom_version postgis_libprotobuf_version postgis_libxml_version postgis_noop
      postgis_proj_compiled_version postgis_proj_version postgis_scripts_build_date
      postgis_scripts_installed postgis_scripts_released postgis_srs postgis_srs_all
      postgis_srs_codes postgis_srs_search postgis_svn_version postgis_transform_geometry
      postgis_transform_pipeline_geometry postgis_type_name postgis_typmod_dims
      postgis_typmod_srid postgis_typmod_type postgis_version postgis_wagyu_version
      spatial_ref_sys spgist_geography_ops_nd spgist_geometry_ops_2d spgist_geometry_ops_3d
      spgist_geometry_ops_nd spheroid st_3dclosestpoint st_3ddfullywithin st_3ddistance
      st_3ddwithin st_3dextent st_3dinterpolatepoint st_3dintersects st_3dlength
      st_3dlineinterpolatepoint st_3dlongestline st_3dmakebox st_3dmaxdistance st_3dperimeter
      st_3dshortestline st_addmeasure st_addpoint st_affine st_angle st_area st_area2d st_asbinary
      st_asencodedpolyline st_asewkb st_asewkt st_asflatgeobuf st_asgeobuf st_asgeojson st_asgml
      st_ashexewkb st_askml st_aslatlontext st_asmarc21 st_asmvt st_asmvtgeom st_assvg st_astext
      st_astwkb st_asx3d st_azimuth st_bdmpolyfromtext st_bdpolyfromtext st_boundary
      st_boundingdiagonal st_box2dfromgeohash st_buffer st_buildarea st_catmullromsmoothing
      st_centroid st_chaikinsmoothing st_cleangeometry st_clipbybox2d st_closestpoint
      st_closestpointofapproach st_clusterdbscan st_clusterintersecting st_clusterintersectingwin
      st_clusterkmeans st_clusterrelatewin st_clusterwithin st_clusterwithinwin st_collect
      st_collectionextract st_collectionhomogenize st_combinebbox st_concavehull st_contains
      st_containsproperly st_controlpoints st_convexhull st_coorddim st_coverageclean
      st_coverageedges st_coverageinvalidedges st_coveragesimplify st_coverageunion st_coveredby
      st_covers st_cpawithin st_crosses st_curven st_curvetoline st_degree st_delaunaytriangles
      st_dfullywithin st_difference st_dimension st_disjoint st_distance st_distancecpa
      st_distancesphere st_distancespheroid st_dump st_dumppoints st_dumprings st_dumpsegments
      st_dwithin st_endm st_endpoint st_envelope st_equals st_estimatedextent st_evaluate
      st_expand st_extent st_exteriorring st_filterbym st_findextent st_flipcoordinates st_force2d
      st_force3d st_force3dm st_force3dz st_force4d st_forcecollection st_forcecurve
      st_forcepolygonccw st_forcepolygoncw st_forcerhr st_forcesfs st_frechetdistance
      st_fromflatgeobuf st_fromflatgeobuftotable st_generatepoints st_geogfromtext st_geogfromwkb
      st_geographyfromtext st_geohash st_geomcollfromtext st_geomcollfromwkb st_geometricmedian
      st_geometryfromtext st_geometryn st_geometrytype st_geomfromewkb st_geomfromewkt
      st_geomfromgeohash st_geomfromgeojson st_geomfromgml st_geomfromkml st_geomfrommarc21
      st_geomfromtext st_geomfromtwkb st_geomfromwkb st_gmltosql st_hasarc st_hasm st_hasz
      st_hausdorffdistance st_hexagon st_hexagongrid st_interiorringn st_interpolatepoint
      st_intersection st_intersects st_inversetransformpipeline st_isclosed st_iscollection
      st_isempty st_isnurbscurve st_ispolygonccw st_ispolygoncw st_isring st_issimple st_isvalid
      st_isvaliddetail st_isvalidreason st_isvalidtrajectory st_knots st_largestemptycircle
      st_length st_length2d st_length2dspheroid st_lengthspheroid st_letters
      st_linecrossingdirection st_lineextend st_linefromencodedpolyline st_linefrommultipoint
      st_linefromtext st_linefromwkb st_lineinterpolatepoint st_lineinterpolatepoints
      st_linelocatepoint st_linemerge st_linestringfromwkb st_linesubstring st_linetocurve
      st_locatealong st_locatebetween st_locatebetweenelevations st_longestline st_m st_makebox2d
      st_makeenvelope st_makeline st_makenurbscurve st_makepoint st_makepointm st_makepolygon
      st_makevalid st_maxdistance st_maximuminscribedcircle st_memsize st_memunion
      st_minimumboundingcircle st_minimumboundingradius st_minimumclearance
      st_minimumclearanceline st_minimumspanningtree st_mlinefromtext st_mlinefromwkb st_mmax
      st_mmin st_mpointfromtext st_mpointfromwkb st_mpolyfromtext st_mpolyfromwkb st_msize
      st_multi st_multilinefromwkb st_multilinestringfromtext st_multipointfromtext
      st_multipointfromwkb st_multipolyfromwkb st_multipolygonfromtext st_ndims st_node
      st_normalize st_npoints st_nrings st_numcontrolpoints st_numcurves st_numgeometries
      st_numinteriorring st_numinteriorrings st_numpatches st_numpoints st_nurbscurveisrational
      st_nurbstolinestring st_offsetcurve st_orderingequals st_orientedenvelope st_overlaps
      st_patchn st_perimeter st_perimeter2d st_point st_pointfromgeohash st_pointfromtext
      st_pointfromwkb st_pointinsidecircle st_pointm st_pointn st_pointonsurface st_points
      st_pointz st_pointzm st_polyfromtext st_polyfromwkb st_polygon st_polygonfromtext
      st_polygonfromwkb st_polygonize st_project st_quantizecoordinates st_reduceprecision
      st_relate st_relatematch st_removeirrelevantpointsforview st_removepoint
      st_removerepeatedpoints st_removesmallparts st_reverse st_rotate st_rotatex st_rotatey
      st_rotatez st_scale st_scroll st_segmentize st_seteffectivearea st_setendm st_setpoint
      st_setsrid st_setstartm st_sharedpaths st_shiftlongitude st_shortestline st_simplify
      st_simplifypolygonhull st_simplifypreservetopology st_simplifyvw st_snap st_snaptogrid
      st_split st_square st_squaregrid st_srid st_startm st_startpoint st_subdivide st_summary
      st_symdifference st_symmetricdifference st_tileenvelope st_touches st_transform
      st_transformpipeline st_translate st_transscale st_triangulatepolygon st_unaryunion st_union
      st_voronoilines st_voronoipolygons st_weights st_within st_wkbtosql st_wkttosql st_wrapx
      st_x st_xmax st_xmin st_xsize st_y st_ymax st_ymin st_ysize st_z st_zmax st_zmflag st_zmin
      st_zsize updategeometrysrid valid_detail |=| ~== ~~=`,
  },
  {
    name: 'postgis_raster',
    requires: `
      postgis`,
    names: `
      addbandarg addoverviewconstraints addrasterconstraints agg_count agg_samealignment
      dropoverviewconstraints droprasterconstraints geometry_contained_by_raster
      geometry_raster_contain geometry_raster_overlap geomval hash_raster_ops postgis_gdal_version
      postgis_raster_lib_build_date postgis_raster_lib_version postgis_raster_scripts_installed
      rastbandarg raster raster_above raster_below raster_columns raster_contain raster_contained
      raster_contained_by_geometry raster_eq raster_geometry_contain raster_geometry_overlap
      raster_hash raster_left raster_overabove raster_overbelow raster_overlap raster_overleft
      raster_overright raster_overviews raster_right raster_same reclassarg st_addband
      st_approxcount st_approxhistogram st_approxquantile st_approxsummarystats st_asgdalraster
      st_ashexwkb st_asjpeg st_aspect st_aspng st_asraster st_asrasteragg st_astiff st_aswkb
      st_band st_bandfilesize st_bandfiletimestamp st_bandisnodata st_bandmetadata
      st_bandnodatavalue st_bandpath st_bandpixeltype st_clip st_colormap st_contour st_count
      st_countagg st_createoverview st_distinct4ma st_dumpaspolygons st_dumpvalues
      st_fromgdalraster st_gdaldrivers st_georeference st_geotransform st_grayscale st_hasnoband
      st_height st_hillshade st_histogram st_interpolateraster st_intersectionfractions
      st_invdistweight4ma st_iscoveragetile st_makeemptycoverage st_makeemptyraster st_mapalgebra
      st_mapalgebraexpr st_mapalgebrafct st_mapalgebrafctngb st_max4ma st_mean4ma st_metadata
      st_min4ma st_minconvexhull st_mindist4ma st_minpossiblevalue st_nearestvalue st_neighborhood
      st_notsamealignmentreason st_numbands st_pixelascentroid st_pixelascentroids st_pixelaspoint
      st_pixelaspoints st_pixelaspolygon st_pixelaspolygons st_pixelheight st_pixelofvalue
      st_pixelwidth st_quantile st_range4ma st_rastertoworldcoord st_rastertoworldcoordx
      st_rastertoworldcoordy st_rastfromhexwkb st_rastfromwkb st_reclass st_reclassexact
      st_resample st_rescale st_resize st_reskew st_retile st_rotation st_roughness
      st_samealignment st_scalex st_scaley st_setbandindex st_setbandisnodata
      st_setbandnodatavalue st_setbandpath st_setgeoreference st_setgeotransform st_setm
      st_setrotation st_setscale st_setskew st_setupperleft st_setvalue st_setvalues st_setz
      st_skewx st_skewy st_slope st_stddev4ma st_sum4ma st_summarystats st_summarystatsagg st_tile
      st_tpi st_tri st_upperleftx st_upperlefty st_value st_valuecount st_valuepercent st_width
      st_worldtorastercoord st_worldtorastercoordx st_worldtorastercoordy summarystats unionarg
      updaterastersrid`,
  },
  {
    name: 'postgis_sfcgal',
    requires: `
      postgis`,
    names: `
      cg_2drotate cg_3dalphawrapping cg_3darea cg_3dbuffer cg_3dconvexhull cg_3ddifference
      cg_3ddistance cg_3dintersection cg_3dintersects cg_3drotate cg_3dscale
      cg_3dscalearoundcenter cg_3dtranslate cg_3dunion cg_alphashape cg_approxconvexpartition
      cg_approximatemedialaxis cg_area cg_constraineddelaunaytriangles cg_difference cg_distance
      cg_extrude cg_extrudestraightskeleton cg_forcelhr cg_generateflatroof cg_generategableroof
      cg_generatehippedroof cg_generateroof cg_generateskillionroof cg_greeneapproxconvexpartition
      cg_intersection cg_intersects cg_isplanar cg_issolid cg_makesolid cg_minkowskisum
      cg_nurbscurveapproximate cg_nurbscurvederivative cg_nurbscurveinterpolate
      cg_optimalalphashape cg_optimalconvexpartition cg_orientation cg_polygonrepair cg_rotate
      cg_rotatex cg_rotatey cg_rotatez cg_scale cg_simplify cg_straightskeleton
      cg_straightskeletonpartition cg_tesselate cg_translate cg_triangulate cg_union cg_visibility
      cg_volume cg_ymonotonepartition postgis_sfcgal_full_version postgis_sfcgal_noop
      postgis_sfcgal_scripts_installed postgis_sfcgal_version st_3darea st_3dconvexhull
      st_3ddifference st_3dintersection st_3dunion st_alphashape st_approximatemedialaxis
      st_constraineddelaunaytriangles st_extrude st_forcelhr st_isplanar st_issolid st_makesolid
      st_minkowskisum st_optimalalphashape st_orientation st_straightskeleton st_tesselate
      st_volume`,
  },
  {
    name: 'postgis_tiger_geocoder',
    requires: `
      postgis fuzzystrmatch`,
    names: `
      geocode normalize_address tiger`,
  },
  {
    name: 'postgis_topology',
    requires: `
      postgis`,
    names: `
      addedge addface addnode addtopogeometrycolumn addtosearchpath asgml astopojson cleartopogeom
      copytopology createtopogeom createtopology droptopogeometrycolumn droptopology findlayer
      findtopology findvertexsegmentpairsbelowdistance fixcorrupttopogeometrycolumn getedgebypoint
      getfacebypoint getfacecontainingpoint getfaceedges_returntype getnodebypoint getnodeedges
      getringedges gettopogeomelementarray gettopogeomelements gettopologyid gettopologyname
      gettopologysrid intersects layertrigger maketopologyprecise polygonize
      populate_topology_layer postgis_topology_scripts_installed relationtrigger
      removeunusedprimitives renametopogeometrycolumn renametopology st_addedgemodface
      st_addedgenewfaces st_addisoedge st_addisonode st_changeedgegeom st_createtopogeo
      st_getfaceedges st_getfacegeometry st_inittopogeo st_modedgeheal st_modedgesplit
      st_moveisonode st_newedgeheal st_newedgessplit st_remedgemodface st_remedgenewface
      st_remisonode st_removeisoedge st_removeisonode topoelement topoelementarray
      topoelementarray_agg topoelementarray_append topogeo_addgeometry topogeo_addlinestring
      topogeo_addpoint topogeo_addpolygon topogeo_loadgeometry topogeom_addelement
      topogeom_addtopogeom topogeom_remelement topogeometry topology topologysummary toporingisccw
      totaltopologysize totopogeom upgradetopology validatetopology validatetopology_returntype
      validatetopologyprecision validatetopologyrelation`,
  },
  {
    name: 'timescaledb',
    names: `
      add_columnstore_policy add_compaction_policy add_compression_policy
      add_continuous_aggregate_policy add_dimension add_job add_policies add_reorder_policy
      add_retention_policy alter_job alter_policies approximate_row_count attach_chunk
      attach_tablespace by_hash by_range chunk_columnstore_stats chunk_compression_stats
      chunks_detailed_size clear_hypertable_cache compress_chunk convert_to_columnstore
      convert_to_rowstore create_hypertable debug_waitpoint_enable debug_waitpoint_id
      debug_waitpoint_release decompress_chunk delete_job detach_chunk detach_tablespace
      detach_tablespaces disable_chunk_skipping drop_chunks enable_chunk_skipping first
      generate_uuidv7 get_telemetry_report histogram hypertable_approximate_detailed_size
      hypertable_approximate_size hypertable_columnstore_stats hypertable_compression_stats
      hypertable_detailed_size hypertable_index_size hypertable_size interpolate last locf
      merge_chunks merge_chunks_concurrently move_chunk recompress_chunk
      refresh_continuous_aggregate remove_all_policies remove_columnstore_policy
      remove_compaction_policy remove_compression_policy remove_continuous_aggregate_policy
      remove_policies remove_reorder_policy remove_retention_policy reorder_chunk run_job
      set_chunk_time_interval set_integer_now_func set_number_partitions set_partitioning_interval
      show_chunks show_policies show_tablespaces split_chunk time_bucket time_bucket_gapfill
      timescaledb_experimental timescaledb_information timescaledb_post_restore
      timescaledb_pre_restore to_uuidv7 to_uuidv7_boundary ts_now_mock uuid_timestamp
      uuid_timestamp_micros uuid_version`,
  },
  {
    name: 'vector',
    names: `
      <#> <%> <+> <=> <~> array_to_halfvec array_to_sparsevec array_to_vector binary_quantize
      bit_hamming_ops bit_jaccard_ops cosine_distance halfvec halfvec_accum halfvec_add
      halfvec_avg halfvec_cmp halfvec_combine halfvec_concat halfvec_cosine_ops halfvec_eq
      halfvec_ge halfvec_gt halfvec_ip_ops halfvec_l1_ops halfvec_l2_ops
      halfvec_l2_squared_distance halfvec_le halfvec_lt halfvec_mul halfvec_ne
      halfvec_negative_inner_product halfvec_ops halfvec_send halfvec_spherical_distance
      halfvec_sub halfvec_to_float4 halfvec_to_sparsevec halfvec_to_vector hamming_distance hnsw
      inner_product ivfflat jaccard_distance l1_distance l2_distance l2_norm l2_normalize
      sparsevec sparsevec_cmp sparsevec_cosine_ops sparsevec_eq sparsevec_ge sparsevec_gt
      sparsevec_ip_ops sparsevec_l1_ops sparsevec_l2_ops sparsevec_l2_squared_distance
      sparsevec_le sparsevec_lt sparsevec_ne sparsevec_negative_inner_product sparsevec_ops
      sparsevec_send sparsevec_to_halfvec sparsevec_to_vector subvector vector vector_accum
      vector_add vector_avg vector_cmp vector_combine vector_concat vector_cosine_ops vector_dims
      vector_eq vector_ge vector_gt vector_ip_ops vector_l1_ops vector_l2_ops
      vector_l2_squared_distance vector_le vector_lt vector_mul vector_ne
      vector_negative_inner_product vector_norm vector_ops vector_send vector_spherical_distance
      vector_sub vector_to_float4 vector_to_halfvec vector_to_sparsevec`,
  },
];
