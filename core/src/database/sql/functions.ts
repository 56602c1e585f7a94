const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/**
 * The functions of `pg_catalog` that a plugin's SQL may call: they compute a result from their arguments, or return the time, random values
 * or the plugin's own identity. All others are refused: functions that change or read settings, take SQL or table names as text, sleep,
 * lock, notify, or read files, large objects, other sessions or the catalog.
 */
export const functions: ReadonlySet<string> = words(`
  count sum avg min max every any_value bool_and bool_or bit_and bit_or bit_xor string_agg array_agg mode
  percentile_cont percentile_disc corr covar_pop covar_samp stddev stddev_pop stddev_samp variance var_pop var_samp
  regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy
  rank dense_rank percent_rank cume_dist row_number ntile lag lead first_value last_value nth_value

  abs acos acosd acosh asin asind asinh atan atan2 atan2d atand atanh cbrt ceil ceiling cos cosd cosh cot cotd degrees div
  erf erfc exp factorial floor gamma gcd lcm lgamma ln log log10 min_scale mod pi power pow radians random random_normal round
  scale sign sin sind sinh sqrt tan tand tanh trim_scale trunc width_bucket

  ascii btrim casefold char_length character_length chr concat concat_ws format initcap left length like_escape lower lpad ltrim md5
  normalize is_normalized octet_length bit_length overlay position quote_ident quote_literal quote_nullable
  regexp_count regexp_instr regexp_like regexp_match regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table
  regexp_substr repeat replace reverse right rpad rtrim similar_escape similar_to_escape split_part starts_with string_to_array
  string_to_table strpos substr substring text to_ascii to_bin to_char to_hex to_number to_oct translate unicode_assigned unistr upper
  bit_count convert convert_from convert_to crc32 crc32c decode encode get_bit get_byte set_bit set_byte
  sha224 sha256 sha384 sha512 hashtext hashtextextended trim_array

  age clock_timestamp date date_add date_bin date_part date_subtract date_trunc extract isfinite justify_days justify_hours
  justify_interval make_date make_interval make_time make_timestamp make_timestamptz now overlaps statement_timestamp timeofday
  timestamp timestamptz timezone to_date to_timestamp transaction_timestamp

  array_append array_cat array_dims array_fill array_length array_lower array_ndims array_position array_positions array_prepend
  array_remove array_replace array_reverse array_sample array_shuffle array_sort array_to_string array_upper cardinality
  generate_series generate_subscripts unnest enum_first enum_last enum_range num_nonnulls num_nulls

  array_to_json json_agg json_agg_strict json_array_elements json_array_elements_text json_array_length json_build_array
  json_build_object json_each json_each_text json_extract_path json_extract_path_text json_object json_object_agg
  json_object_agg_strict json_object_agg_unique json_object_agg_unique_strict json_object_keys json_populate_record
  json_populate_recordset json_strip_nulls json_to_record json_to_recordset json_typeof row_to_json to_json to_jsonb
  jsonb_agg jsonb_agg_strict jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object
  jsonb_each jsonb_each_text jsonb_extract_path jsonb_extract_path_text jsonb_insert jsonb_object jsonb_object_agg
  jsonb_object_agg_strict jsonb_object_agg_unique jsonb_object_agg_unique_strict jsonb_object_keys jsonb_path_exists
  jsonb_path_exists_tz jsonb_path_match jsonb_path_match_tz jsonb_path_query jsonb_path_query_array jsonb_path_query_array_tz
  jsonb_path_query_first jsonb_path_query_first_tz jsonb_path_query_tz jsonb_populate_record jsonb_populate_record_valid
  jsonb_populate_recordset jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls jsonb_to_record jsonb_to_recordset jsonb_typeof

  array_to_tsvector get_current_ts_config json_to_tsvector jsonb_to_tsvector numnode phraseto_tsquery plainto_tsquery querytree
  setweight strip to_tsquery to_tsvector ts_delete ts_filter ts_headline ts_rank ts_rank_cd tsquery_phrase tsvector_to_array
  websearch_to_tsquery

  isempty lower_inc lower_inf upper_inc upper_inf multirange range_agg range_intersect_agg range_merge
  int4range int8range numrange tsrange tstzrange daterange
  int4multirange int8multirange nummultirange tsmultirange tstzmultirange datemultirange
  abbrev broadcast family host hostmask inet_merge inet_same_family masklen netmask network set_masklen
  area center diameter height width radius point box circle path polygon lseg line
  gen_random_uuid uuidv4 uuidv7 uuid_extract_timestamp uuid_extract_version
  bool int2 int4 int8 float4 float8 numeric varchar bpchar interval time

  current_database current_schema current_user current_setting pg_typeof pg_collation_for pg_input_is_valid version nextval
`);

/** Functions that migrations may call in addition. */
export const migrationFunctions: ReadonlySet<string> = words('setval pg_get_serial_sequence');

/** Functions of `pg_catalog` that migrations may use as triggers. */
export const triggerFunctions: ReadonlySet<string> = words(`
  suppress_redundant_updates_trigger tsvector_update_trigger tsvector_update_trigger_column`);

/** Settings that `current_setting` may read. */
export const readableSettings: ReadonlySet<string> = words(`
  timezone datestyle intervalstyle default_text_search_config server_version server_version_num server_encoding
  transaction_isolation transaction_read_only lock_timeout statement_timeout search_path ilearn.tenants ilearn.all_tenants`);

/**
 * Whether `(value).name` would call a function that is not allowed: PostgreSQL treats an unknown field as a function of one argument. These
 * names are therefore refused for columns too. They are all functions of the catalog that are neither allowed nor immutable.
 */
export const isClosedField = (name: string): boolean =>
  closedFields.has(name) || (closedPrefix.test(name) && !functions.has(name));

const closedPrefix = /^(?:pg|lo|has|inet|binary_upgrade|brin|gin|txid|fmgr)_/;
const closedFields = words(`
  aclexplode currval lastval current_setting current_schemas mxid_age obj_description plpgsql_validator row_security_active setseed
  to_regclass to_regcollation to_regnamespace to_regoper to_regoperator to_regproc to_regprocedure to_regrole to_regtype to_regtypemod
  ts_debug ts_stat ts_token_type regclass`);
