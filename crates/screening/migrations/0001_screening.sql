-- What runs of the chain found, and what people decided about it.
--
-- Machines write findings, people write triages; neither edits the other's rows, and nothing is ever
-- overwritten: a row is known from recorded_at until superseded_at.

-- One run of the chain over what departments delivered. Its id comes from what went in, so loading the same
-- run twice is loading it once.
create table screening_runs (
  id text primary key,
  county_id text not null,
  as_of text not null,                  -- the day the run speaks of; no clock is read
  policy text not null,                 -- the rule set it used
  rows_read bigint not null,
  rows_rejected bigint not null,
  records_linked bigint not null,
  persons bigint not null,
  households bigint not null,
  found bigint not null,                -- findings with outcome true
  undetermined bigint not null,
  to_review bigint not null,            -- links left to a human
  millis bigint not null,
  peak_memory bigint not null,          -- bytes
  recorded_at text not null,
  recorded_by text not null,
  superseded_at text,                   -- when a newer run took its place
  superseded_by text
);
create index screening_runs_county on screening_runs (county_id, as_of);

-- How long each stage took, in the order they ran.
create table screening_stages (
  run text not null references screening_runs (id),
  county_id text not null,
  position bigint not null,
  name text not null,                   -- as the chain calls it: intake, link, assemble, …
  counted bigint not null,
  unit text not null,                   -- rows, persons, households, findings
  left_behind bigint not null,          -- rejected, undetermined, …: what the stage couldn't use
  millis bigint not null,
  primary key (run, position)
);

-- Rules as a run used them, in words: people read the rule that spoke, not the rule of today.
create table screening_rules (
  run text not null references screening_runs (id),
  county_id text not null,
  rule text not null,
  version text not null,
  rule_set text not null,               -- doubt, risk, gap, means
  programme text not null,              -- '' where the rule is about none
  found bigint not null,
  undetermined bigint not null,
  card text not null,                   -- JSON: see model::RuleCard
  primary key (run, rule)
);

-- One finding per household, rule and programme on a day. Narrow on purpose: lists and counts read it by the
-- hundred thousand, what it says lies in screening_letters.
create table screening_findings (
  id text primary key,
  clue text not null,                   -- household, rule and programme: the same in the next run
  county_id text not null,
  place text not null,
  household text not null,
  head text not null,
  person text,                          -- when one person alone is meant
  rule text not null,
  rule_set text not null,
  programme text not null,
  outcome text not null,                -- true, undetermined
  tab text not null,                    -- where the run puts it: open, undetermined, or listed (at risk, and
                                        -- monitored or assisted already: shown apart)
  deferred bigint not null,             -- 1: beyond the village's budget of alerts for this month
  position bigint not null,             -- the rank: 1 is the most pressing
  run text not null references screening_runs (id),
  as_of text not null,
  recorded_at text not null,
  recorded_by text not null,
  superseded_at text,                   -- when a newer run found it again, or no longer
  superseded_by text
);
-- A list is one tab in the order of rank; the place stands in the index, so that those out of scope cost no look-up.
create index screening_findings_tab on screening_findings (county_id, tab, position, id, place)
  where superseded_at is null;
create index screening_findings_clue on screening_findings (clue);
create index screening_findings_household on screening_findings (household);

-- How many findings a run put into each tab, by place and rule. A county has a million findings and a few ten
-- thousand of these rows: pages count these, and what people have decided since is added and taken away.
create table screening_counts (
  run text not null references screening_runs (id),
  county_id text not null,
  place text not null,
  tab text not null,
  rule_set text not null,
  rule text not null,
  counted bigint not null,
  recorded_at text not null,
  recorded_by text not null,
  superseded_at text,
  superseded_by text,
  primary key (run, place, tab, rule)
);
create index screening_counts_place on screening_counts (place) where superseded_at is null;

-- What a finding says: headline, facts with their sources, what is unknown. Compressed, and sealed under the
-- household's key.
create table screening_letters (
  finding text primary key references screening_findings (id),
  county_id text not null,
  household text not null,
  letter bytea not null
);

-- A person's decision about a clue. Undoing one is a row too; the version counts them, and a decision names the
-- version it was made from.
create table screening_triages (
  id text primary key,
  clue text not null,
  county_id text not null,
  place text not null,
  household text not null,
  finding text not null references screening_findings (id),
  rule text not null,
  version bigint not null,
  decision text not null,               -- visit, merge, dismiss, undo
  reason text,                          -- of a dismissal
  note text,
  recorded_at text not null,
  recorded_by text not null,
  recorded_name text not null,
  superseded_at text,
  superseded_by text,
  constraint screening_triages_version unique (clue, version)
);
create index screening_triages_known on screening_triages (county_id, recorded_at);
create index screening_triages_rule on screening_triages (rule, recorded_at);
