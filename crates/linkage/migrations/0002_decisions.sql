-- What people say of pairs and persons. Rows of theirs lie over a run's links and never change them; taking one
-- back is a row too.

-- A keyed fingerprint of what the two records say: the same when the next run finds the pair again, wherever the
-- records stand in their files then.
alter table link_reviews add column pair text not null default '';
create index link_reviews_pair on link_reviews (pair) where superseded_at is null;

-- A person's word on a pair. The sources and ids name the records as they were delivered when somebody looked:
-- the labels that linkage learns from.
create table link_decisions (
  id text primary key,
  county_id text not null,
  place text not null,
  household text not null,
  pair text not null,
  left_source text not null,            -- department/resource
  left_id text not null,                -- data row of the file as delivered, from 1
  right_source text not null,
  right_id text not null,
  version bigint not null,              -- counts the decisions about this pair, from 1
  decision text not null,               -- same, different, unsure, undo
  reason text,
  recorded_at text not null,
  recorded_by text not null,
  recorded_name text not null,
  superseded_at text,
  superseded_by text,
  constraint link_decisions_version unique (pair, version)
);
create index link_decisions_known on link_decisions (county_id, recorded_at);

-- What a run learned about linking: m and u by level, how the weights lie. Nothing of anybody in it.
create table link_models (
  run text primary key,
  county_id text not null,
  model text not null,                  -- JSON: see model::ModelShown
  recorded_at text not null,
  recorded_by text not null,
  superseded_at text,
  superseded_by text
);
