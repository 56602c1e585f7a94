/** The tables that the statements are about. */
export const honestTables = `
  create type mood as enum ('blij', 'boos', 'moe');
  create domain short as text check (length(value) < 20);
  create table notes (
    id int generated always as identity primary key, class text not null, pupil int, a int, b text, j jsonb not null default '{}',
    tags text[] not null default '{}', span int4range, at timestamptz not null default now(), on_day date, m mood, n numeric(8, 2),
    words tsvector generated always as (to_tsvector('dutch', coalesce(b, ''))) stored);
  create unique index on notes (class, pupil);
  create index on notes using gin (words);
  create index on notes using gin (j jsonb_path_ops);
  create index on notes (lower(b)) where a is not null;
  create table steps (id int primary key, parent int references steps on delete cascade, title text, weight int not null default 1);
  create view sums as select class, sum(a) as total from notes group by class;
  create function double(a int) returns int immutable language sql as $$ select a * 2 $$;
  create function touch() returns trigger language plpgsql set search_path = honest as $$
    declare again int := 0;
    begin
      new.at := clock_timestamp();
      if new.b is null then new.b := 'leeg'; elsif length(new.b) > 1000 then raise exception 'te lang: %', length(new.b); end if;
      for again in 1 .. 2 loop continue when again = 2; end loop;
      select count(*) into again from notes where class = new.class;
      return new;
    end $$;
  create trigger touch before insert or update on notes for each row execute function touch();
  insert into notes (class, pupil, a, b, j, tags, span, on_day, m, n) values
    ('3A', 1, 10, 'De kat zat op de mat', '{"score": 7, "steps": [1, 2], "who": {"name": "Noor"}}', '{lezen,spel}', '[1,5)', '2026-09-01', 'blij', 1.5),
    ('3A', 2, 20, 'Rekenen tot honderd', '{"score": 9, "steps": [3]}', '{rekenen}', '[3,9)', '2026-09-02', 'boos', 2.5),
    ('3B', 3, 30, null, '{"score": 4}', '{}', null, '2026-10-01', 'moe', null);
  insert into steps values (1, null, 'begin', 1), (2, 1, 'lees', 2), (3, 1, 'reken', 3), (4, 2, 'einde', 1)`;

const lines = (text: string): string[] =>
  text
    .trim()
    .split(/\n(?=\S|\s*(?:select|with|insert|update|delete|merge|values|table|explain|lock|\())/i)
    .map((line) => line.trim())
    .filter((line) => line !== '');

const statements = lines(`
select * from notes where class = $1::text and a > 5 order by at desc, id limit 10 offset 0
select class, count(*), avg(a)::numeric(6, 2), min(a), max(a), sum(n) from notes group by class having count(*) > 0 order by 1
select distinct on (class) class, b from notes order by class, at desc
select n.class, s.title from notes n left join steps s on s.id = n.pupil
select n.class, s.title from notes n right join steps s on s.id = n.pupil
select n.class, s.title from notes n full join steps s on s.id = n.pupil
select * from notes cross join steps
select * from notes natural join (select '3A'::text as class) c
select * from notes join steps using (id)
select * from notes n, lateral (select title from steps s where s.id <= n.pupil order by id desc limit 1) l
select n.id, x.value from notes n cross join lateral jsonb_array_elements(coalesce(n.j -> 'steps', '[]')) x (value)
select n.id, t.tag, t.nr from notes n, unnest(n.tags) with ordinality as t (tag, nr)
select * from unnest(array[1, 2], array['a', 'b']) as u (id, name)
select * from rows from (generate_series(1, 3), unnest(array['a', 'b'])) as r (n, t)
select * from generate_series(date '2026-09-01', date '2026-09-30', interval '7 days') as week
select * from generate_series(1, 10, 2) g where g % 3 = 0
select g, (select count(*) from notes where pupil = g) from generate_series(1, 3) g
with recent as (select * from notes where at > now() - interval '1 day') select class, count(*) from recent group by class
with recent as materialized (select * from notes) select * from recent
with recent as not materialized (select * from notes) select * from recent
with a as (select 1 as x), b as (select x + 1 as y from a) select * from a, b
with recursive tree as (select id, parent, title, 1 as depth from steps where parent is null union all select s.id, s.parent, s.title, t.depth + 1 from steps s join tree t on t.id = s.parent) select * from tree order by depth, id
with recursive tree (id, parent) as (select id, parent from steps where parent is null union all select s.id, s.parent from steps s join tree t on t.id = s.parent) search depth first by id set path select id, path from tree
with recursive tree (id, parent) as (select id, parent from steps where id = 1 union all select s.id, s.parent from steps s join tree t on t.id = s.parent) cycle id set again using trail select * from tree
with recursive n (i) as (select 1 union select i + 1 from n where i < 5) select sum(i) from n
with gone as (delete from notes where class = 'none' returning id) select count(*) from gone
with made as (insert into steps (id, title) values (901, 'x') returning id) select id from made
with changed as (update notes set a = a where class = '3A' returning id, a) insert into steps (id, title) select 1000 + id, 'kopie' from changed
insert into steps (id, title) values (905, 'a'), (906, 'b') returning id, title
insert into steps (id, title) values (1, 'nieuw') on conflict (id) do update set title = excluded.title where steps.title <> excluded.title
insert into steps (id, title) values (1, 'nieuw') on conflict do nothing
insert into steps as s (id, title, weight) values (2, 'x', 1) on conflict (id) do update set weight = s.weight + excluded.weight returning *
insert into steps (id, title) select g, 'stap ' || g from generate_series(910, 912) g
insert into notes (class, pupil, a, b, j) values ('4A', 1, 1, 'x', jsonb_build_object('score', 1)) on conflict (class, pupil) do update set a = excluded.a, at = now()
insert into notes (class, pupil, a, b) overriding system value values ('4A', 2, default, 'x')
update notes set a = a + 1, b = upper(b) where class = '3A' returning id, a, b
update notes set (a, b) = (select weight, title from steps where steps.id = notes.pupil) where pupil = 2
update notes n set a = s.weight from steps s where s.id = n.pupil
update notes set tags = array_append(tags, 'nieuw'), j = jsonb_set(j, '{score}', '8'::jsonb) where id = 1
update notes set j = j || '{"done": true}'::jsonb - 'steps' where j ? 'score'
update notes set j['who']['name'] = '"Lien"' where id = 1
update notes set a = case when a > 10 then a - 1 when a is null then 0 else a end
delete from notes where id = 99 returning *
delete from notes n using steps s where s.id = n.pupil and s.title = 'none'
merge into steps t using (values (1, 'een'), (99, 'negenennegentig')) as s (id, title) on t.id = s.id when matched and t.title <> s.title then update set title = s.title when not matched then insert (id, title) values (s.id, s.title)
merge into steps t using notes n on t.id = n.pupil when matched then do nothing
merge into steps t using (select 4 as id) s on s.id = t.id when matched then delete
select id from notes where class = '3A' for update
select id from notes order by id limit 1 for update skip locked
select id from notes for no key update of notes nowait
select id from notes for share
select n.id from notes n join steps s on s.id = n.pupil for key share of n
delete from notes where id in (select id from notes where class = 'x' order by id limit 10 for update skip locked) returning id
lock table notes in row exclusive mode
lock table notes, steps in share mode
explain select * from notes where class = '3A'
explain (analyze, costs off, timing off) select count(*) from notes
explain (format json) update notes set a = 1 where id = 1
table notes
table sums
values (1, 'a'), (2, 'b')
values (1), (2) order by 1 desc limit 1
select 1 union select 2 union all select 2 except select 3 intersect select 4
(select 1 order by 1) union all (select 2 limit 1)
select row_number() over (partition by class order by a desc) as rank, b from notes
select rank() over w, dense_rank() over w, percent_rank() over w, cume_dist() over w, ntile(2) over w from notes window w as (order by a)
select lag(a) over (order by id), lead(a, 1, 0) over (order by id), first_value(a) over (order by id), last_value(a) over (order by id rows between unbounded preceding and unbounded following), nth_value(a, 2) over (order by id) from notes
select sum(a) over (order by id rows between 1 preceding and current row) from notes
select sum(a) over (order by at range between interval '1 day' preceding and current row exclude current row) from notes
select avg(a) over (order by id groups between 1 preceding and 1 following) from notes
select count(*) filter (where a > 10) over (partition by class) from notes
select class, m, count(*) from notes group by grouping sets ((class, m), (class), ())
select class, m, count(*), grouping(class, m) from notes group by rollup (class, m)
select class, m, sum(a) from notes group by cube (class, m)
select class, count(*) from notes group by distinct rollup (class), rollup (class)
select string_agg(b, ', ' order by b desc) filter (where b is not null) from notes
select array_agg(distinct class order by class) from notes
select percentile_cont(0.5) within group (order by a), percentile_disc(array[0.25, 0.75]) within group (order by a), mode() within group (order by class) from notes
select jsonb_agg(jsonb_build_object('id', id, 'b', b) order by id) from notes
select jsonb_object_agg(id, b) from notes where b is not null
select json_agg(n) from notes n
select bool_and(a > 0), bool_or(a > 20), every(a is not null), bit_and(a), bit_or(a) from notes
select stddev(a), variance(a), stddev_pop(a), var_samp(a), corr(a, id), regr_slope(a, id), covar_pop(a, id) from notes
select range_agg(span) from notes where span is not null
select * from notes where exists (select from steps where steps.id = notes.pupil)
select * from notes where pupil in (select id from steps)
select * from notes where pupil not in (1, 2)
select * from notes where pupil = any (array[1, 2, 3])
select * from notes where a > all (select weight from steps)
select * from notes where (class, pupil) = ('3A', 1)
select * from notes where (class, pupil) in (('3A', 1), ('3B', 3))
select * from notes where row(class, pupil) > row('3A', 0) order by class, pupil limit 2
select * from notes where a between 5 and 25 and b is not null and not m = 'moe'
select * from notes where a between symmetric 25 and 5
select * from notes where b is distinct from 'x' and a is not distinct from 10
select * from notes where b like 'De%' or b ilike '%KAT%' or b not like '\\_%' escape '\\'
select * from notes where b similar to '%(kat|mat)%'
select * from notes where b ~ '^De\\y' and b !~* 'HOND'
select * from notes where words @@ websearch_to_tsquery('dutch', 'kat -hond')
select id, ts_rank(words, q), ts_rank_cd(words, q), ts_headline('dutch', b, q) from notes, plainto_tsquery('dutch', 'kat') q where words @@ q order by 2 desc
select * from notes where to_tsvector('simple'::regconfig, b) @@ (phraseto_tsquery('zat op') || to_tsquery('rekenen & !kat'))
select setweight(to_tsvector('dutch', b), 'A') || setweight(to_tsvector(class), 'B') from notes
select * from notes where j @> '{"score": 7}' and j -> 'who' ->> 'name' = 'Noor'
select * from notes where j #>> '{who,name}' = 'Noor' or j ?| array['x', 'score'] or j ?& array['score']
select * from notes where j @? '$.steps[*] ? (@ > 1)' and j @@ '$.score > 5'
select jsonb_path_query(j, '$.steps[*]'), jsonb_path_exists(j, '$.who') from notes
select jsonb_path_query_array(j, '$.steps[*] ? (@ >= $min)', '{"min": 2}') from notes
select key, value from notes, jsonb_each(j)
select k from notes, jsonb_object_keys(j) k
select * from jsonb_to_recordset('[{"id": 1, "name": "a"}]') as x (id int, name text)
select * from jsonb_to_record('{"a": 1}') as x (a int)
select (jsonb_populate_record(null::steps, '{"id": 5, "title": "x"}')).*
select * from jsonb_populate_recordset(null::honest.steps, '[{"id": 5}]')
select json_value(j, '$.who.name' default 'niemand' on empty) from notes
select json_query(j, '$.steps' with wrapper), json_exists(j, '$.score') from notes
select * from notes, json_table(j, '$.steps[*]' columns (nr for ordinality, step int path '$')) t
select json_object('id': id, 'b': b absent on null), json_array(a, b null on null), json_arrayagg(1) from notes group by id
select json_objectagg(id: b) from notes
select j is json object, '[1]' is json array, 'x' is json from notes
select json_scalar(1), json_serialize('{}' returning text), json('{}')
select * from notes where tags && array['lezen'] or tags @> '{rekenen}' or tags <@ array['a'] or 'spel' = any (tags)
select tags[1], tags[1:2], array_length(tags, 1), cardinality(tags), array_position(tags, 'spel') from notes
select array(select id from notes order by id), array[[1, 2], [3, 4]], array_to_string(tags, ',') from notes
select * from notes where span @> 3 and span && int4range(1, 10) and lower(span) = 1 and not isempty(span)
select upper(span), span * '[2,4)', span + '[5,6)', span -|- '[5,9)', range_merge(span, '[9,10)') from notes where id = 1
select tstzrange(at, null) @> now(), daterange('2026-01-01', '2026-12-31', '[]') from notes
select a::text, b::varchar(10), '5'::int, cast('2026-01-01' as date), int '7', date '2026-01-01', interval '1 day', timestamp '2026-01-01', '{"a": 1}'::jsonb, null::mood, 'x'::short from notes
select m, enum_range(null::mood), enum_first(null::mood) from notes order by m
select now(), current_date, current_time, localtime, localtimestamp, current_timestamp(0), clock_timestamp(), statement_timestamp()
select at at time zone 'Europe/Brussels', (at at time zone 'UTC')::date, date_trunc('week', at), date_trunc('day', at, 'Europe/Brussels') from notes
select extract(epoch from at), extract(isodow from on_day), date_part('year', at), to_char(at, 'YYYY-MM-DD"T"HH24:MI'), age(at, at - interval '1 month') from notes
select at + make_interval(hours => 2), at - interval '1 month', justify_hours(interval '30 hours'), date_bin('15 minutes', at, '2026-01-01') from notes
select (date '2026-01-01', interval '1 month') overlaps (date '2026-01-15', date '2026-03-01')
select to_date('01-09-2026', 'DD-MM-YYYY'), to_timestamp(0), to_number('12', '99'), make_date(2026, 9, 1), make_timestamptz(2026, 9, 1, 8, 0, 0)
select b collate "C" from notes order by b collate "C" nulls first, class using <
select overlay('abcdef' placing 'X' from 2 for 1), position('c' in 'abc'), substring('abc' from 2 for 1), substring('abc' from 'b.'), trim(both ' ' from ' x '), trim(leading 'x' from 'xa'), normalize('é', nfd), 'é' is normalized
select coalesce(b, class, 'x'), nullif(a, 0), greatest(a, 5), least(a, 5), a is null, (a > 5) is true, (a > 5) is not unknown from notes
select case class when '3A' then 1 else 2 end, case when a > 1 then 'x' end from notes
select current_user, current_database(), current_schema(), current_setting('ilearn.tenants', true), current_setting('TimeZone')
select pg_typeof(a), pg_typeof(j) from notes
select honest.double(a) from notes where honest.double(a) > 10
select (x).class, (x.j) ->> 'score', x from notes x
select count(distinct class), count(distinct (class, m)) from notes
select random() < 2, gen_random_uuid() is not null, md5(b), encode(sha256(convert_to(b, 'UTF8')), 'hex'), hashtext(b) from notes
select * from notes tablesample bernoulli (100) repeatable (1)
select * from notes tablesample system (100)
select * from only notes
select * from notes order by id fetch first 2 rows only
select * from notes order by a desc nulls last fetch first 1 row with ties
select x.*, y from (select 1 as a, 2 as b) x, (values (3)) z (y)
select nextval('notes_id_seq') > 0
select table_name from information_schema.tables where table_schema = current_schema() order by 1
select column_name, data_type from information_schema.columns where table_name = 'notes' and table_catalog = current_database() and table_schema = current_schema()
select * from sums where total > 1 order by total desc
select 'set role none; commit', $$ reset role $$, E'\\x73et', 'pg_sleep(1)', "b" from "honest"."notes" -- set role none
select /* reset all */ 1 as "select", 2 as "pg_settings", 3 as "set_config"
select U&'d\\0061t' as x, b'101', x'1F', 1e3, 1_000, 0x1F, .5, $1::text
select xmin <> xmax, ctid is not null, tableoid > 0 from notes
select not exists (select 1 from notes where a < 0) and true or false
savepoint honest_one
release savepoint honest_one
`);

/** One statement each: what is computed of a row. */
const expressions = `
abs(-a)|ceil(n)|ceiling(n)|floor(n)|round(n, 1)|round(n)|trunc(n, 1)|sign(a)|mod(a, 3)|a % 3|a ^ 2|div(a, 3)|power(a, 2)|sqrt(a)|cbrt(27)|exp(1)|ln(2)|log(10)|log(2, 8)|pi()
degrees(1)|radians(1)|sin(1)|cos(1)|tan(1)|atan2(1, 2)|gcd(12, 8)|lcm(4, 6)|factorial(5)|width_bucket(a, 0, 100, 5)|random()|a & 1|a # 1|a << 1|~a|scale(n)|min_scale(n)|trim_scale(n)
length(b)|char_length(b)|octet_length(b)|bit_length(b)|lower(b)|upper(b)|initcap(b)|left(b, 2)|right(b, 2)|lpad(b, 30, '.')|rpad(b, 30)|ltrim(b)|rtrim(b)|btrim(b, 'x')|repeat('ab', 3)|replace(b, 'kat', 'hond')
reverse(b)|translate(b, 'a', 'e')|split_part(b, ' ', 2)|starts_with(b, 'De')|strpos(b, 'kat')|substr(b, 2, 3)|ascii('a')|chr(65)|concat(a, b)|concat_ws('-', a, b)|format('%s %I %L', a, b, class)
quote_ident(b)|quote_literal(b)|quote_nullable(b)|to_hex(255)|md5('x')|unistr('d\\0061t')|regexp_replace(b, '[aeiou]', '', 'g')|regexp_match(b, '(k.t)')|regexp_count(b, 'a')|regexp_like(b, 'kat')|regexp_substr(b, 'k.t')|regexp_instr(b, 'kat')
regexp_split_to_array(b, '\\s+')|string_to_array(b, ' ')|b || 'x'|b ^@ 'De'|encode('x', 'base64')|decode('eA==', 'base64')|convert_from('x', 'UTF8')|get_byte('x', 0)|sha512('x')|to_char(a, 'FM000')|to_char(n, '999D99')|array_to_string(tags, ',', '*')
array_append(tags, 'x')|array_prepend('x', tags)|array_cat(tags, tags)|array_remove(tags, 'spel')|array_replace(tags, 'spel', 'x')|array_positions(tags, 'spel')|array_dims(tags)|array_upper(tags, 1)|array_ndims(tags)|array_fill(0, array[2])|tags || 'x'::text|trim_array(tags || 'x'::text, 1)
to_json(a)|to_jsonb(tags)|row_to_json(notes)|json_build_array(a, b)|json_build_object('a', a)|jsonb_build_array(a)|jsonb_typeof(j)|jsonb_strip_nulls(j)|jsonb_pretty(j)|jsonb_insert(j, '{x}', '1')|jsonb_set_lax(j, '{x}', null)|jsonb_extract_path_text(j, 'who', 'name')|jsonb_array_length(coalesce(j -> 'steps', '[]'))|j #- '{who,name}'|j - array['x']|jsonb_path_query_first(j, '$.score')|jsonb_path_match(j, '$.score > 1')
lower_inc(span)|upper_inf(span)|numrange(1, 2)|int8range(1, 2)|tsrange(null, null)|span << '[9,10)'|int4multirange(span)|numnode('a & b'::tsquery)|querytree('a'::tsquery)|strip(words)|length(words)|tsvector_to_array(words)|ts_filter(words, '{a}')|'a'::tsquery <-> 'b'::tsquery|get_current_ts_config()
isfinite(at)|make_time(8, 15, 0)|at::date - on_day|on_day + 7|extract(week from on_day)|to_char(on_day, 'TMDay')|num_nulls(a, b)|num_nonnulls(a, b)|host('10.0.0.1'::inet)|masklen('10.0.0.0/8'::cidr)|'10.0.0.1'::inet << '10.0.0.0/8'::inet|point(1, 2)|'1 day'::interval * 2|to_timestamp(a)|jsonb_exists(j, 'x') is null or true
`
  .trim()
  .split('\n')
  .flatMap((line) =>
    line

      .replaceAll(' || ', ' @@ ')
      .split('|')
      .map((each) => each.replaceAll(' @@ ', ' || ')),
  )
  .map((each) => each.trim())
  .filter((each) => each !== '' && !each.startsWith('jsonb_exists'));

export const honestStatements: readonly string[] = [
  ...statements,
  ...expressions.map((each) => `select ${each} from notes order by id limit 1`),
];
