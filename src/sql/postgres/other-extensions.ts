/** What extensions bring that do not come with PostgreSQL, from their SQL files. */

import type { ExtensionContents } from './extension-contents.js';

/** In the order of their names. */
export const otherExtensions: readonly ExtensionContents[] = [
  {
    name: 'citus',
    names: `
      create_distributed_table create_distributed_table_concurrently create_reference_table
      create_distributed_function undistribute_table alter_distributed_table citus_add_node
      citus_set_coordinator_host citus_schema_distribute citus_tables citus_shards columnar
      alter_table_set_access_method citus_add_local_table_to_metadata run_command_on_workers`,
  },
  ...['plperl', 'plperlu', 'plpython3u', 'pltcl', 'pltclu', 'plv8'].map((name) => ({ name, names: name })),
  { name: 'pg_cron', names: 'cron' },
  { name: 'pg_partman', names: 'create_parent run_maintenance run_maintenance_proc part_config' },
  {
    name: 'postgis',
    names: `
      geometry geography box2d box3d spatial_ref_sys geometry_columns geography_columns addgeometrycolumn
      dropgeometrycolumn st_area st_asgeojson st_astext st_buffer st_centroid st_contains st_distance
      st_dwithin st_envelope st_geogfromtext st_geohash st_geomfromgeojson st_geomfromtext st_intersection
      st_intersects st_isvalid st_length st_makeenvelope st_makepoint st_makevalid st_point st_setsrid
      st_simplify st_srid st_transform st_union st_within st_x st_y gist_geometry_ops_2d
      gist_geometry_ops_nd gist_geography_ops brin_geometry_inclusion_ops_2d spgist_geometry_ops_2d`,
  },
  { name: 'postgis_raster', requires: 'postgis', names: 'raster st_rast2dem raster_columns' },
  { name: 'postgis_tiger_geocoder', requires: 'postgis fuzzystrmatch', names: 'geocode normalize_address' },
  {
    name: 'postgis_topology',
    requires: 'postgis',
    names: 'topogeometry createtopology addtopogeometrycolumn',
  },
  {
    name: 'timescaledb',
    names: `
      create_hypertable time_bucket add_retention_policy add_compression_policy add_dimension by_range by_hash
      add_continuous_aggregate_policy add_reorder_policy remove_retention_policy set_chunk_time_interval
      show_chunks drop_chunks compress_chunk decompress_chunk time_bucket_gapfill locf interpolate histogram
      first last hypertable_size refresh_continuous_aggregate add_job timescaledb_information`,
  },
  {
    name: 'vector',
    names: `
      vector halfvec sparsevec vector_ops vector_l2_ops vector_ip_ops vector_cosine_ops vector_l1_ops
      halfvec_l2_ops halfvec_ip_ops halfvec_cosine_ops halfvec_l1_ops sparsevec_l2_ops sparsevec_ip_ops
      sparsevec_cosine_ops sparsevec_l1_ops bit_hamming_ops bit_jaccard_ops cosine_distance inner_product
      l1_distance l2_distance l2_normalize vector_dims vector_norm binary_quantize subvector
      hamming_distance jaccard_distance hnsw ivfflat <#> <=> <+> <~> <%>`,
  },
];
