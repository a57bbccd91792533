-- What changed in a family between two runs: who came, who went, who set up a household of their own.
--
-- Somebody asks, somebody else agrees where the policy says so, and then the family gets a new file; the older one is
-- superseded and never edited. A later run's file gets the same changes again, until the registers have caught up.
create table household_changes (
  id text primary key,
  county_id text not null,
  place text not null,
  household text not null,
  kind text not null,                   -- birth, marriage_in, move_in, return, marriage_out, move_out, death, missing,
                                        -- imprisoned, split, merge; joined: the other side of a merge
  reason text not null,                 -- of a split or a merge; '' otherwise
  valid_from text not null,             -- the day it happened
  other text,                           -- the household a split made, or a merge led to or came from
  approval text not null,               -- none, township, county: who agrees, as the policy said that day
  waits_until text,                     -- until when decisions about help for both families go one level up
  details bytea not null,               -- who, why, and a relative in office: sealed under the household's key
  recorded_at text not null,
  recorded_by text not null,
  recorded_name text not null           -- the name as it was that day
);
create index household_changes_place on household_changes (place, recorded_at);
create index household_changes_household on household_changes (household);
create index household_changes_other on household_changes (other);

-- Who agreed to a change or refused it, and why.
create table household_change_decisions (
  change text primary key references household_changes (id),
  county_id text not null,
  place text not null,
  decision text not null,               -- agreed, refused
  words bytea not null,                 -- sealed under the household's key
  recorded_at text not null,
  recorded_by text not null,
  recorded_name text not null
);
