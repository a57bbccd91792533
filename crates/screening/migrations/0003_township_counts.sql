-- The same counts by township: a county's list and start page add up some thousand rows instead of some ten thousand.
-- The place is the township's own key; the counts of its villages and of what names no village are in it.
create table screening_township_counts (
  run text not null references screening_runs (id),
  county_id text not null,
  place text not null,
  tab text not null,
  rule_set text not null,
  rule text not null,
  counted bigint not null,
  deferred bigint not null,             -- of these, beyond the month's budget of alerts
  recorded_at text not null,
  recorded_by text not null,
  superseded_at text,
  superseded_by text,
  primary key (run, place, tab, rule)
);
create index screening_township_counts_place on screening_township_counts (place) where superseded_at is null;

insert into screening_township_counts
  (run, county_id, place, tab, rule_set, rule, counted, deferred, recorded_at, recorded_by, superseded_at,
   superseded_by)
select run, county_id, substr(place, 1, 9) || '000000', tab, rule_set, rule, cast(sum(counted) as bigint),
       cast(sum(deferred) as bigint), recorded_at, recorded_by, superseded_at, superseded_by
from screening_counts
group by run, county_id, substr(place, 1, 9) || '000000', tab, rule_set, rule, recorded_at, recorded_by,
         superseded_at, superseded_by;
