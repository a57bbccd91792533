-- A household's file, as runs of the chain found it.
--
-- The household itself is only a name (its id never changes); everything known of it belongs to one run.
-- A newer run doesn't edit the file of an older one: it adds its own and supersedes the old one, so that
-- "as it was known on" a past day can always be answered.
create table household_files (
  id text primary key,                  -- from household and run: loading a run twice adds nothing twice
  county_id text not null,
  household text not null,
  place text not null,                  -- 15-digit key of the village (or group) the household belongs to
  number text not null,                 -- the number villages know it by; '' where no register gave one
  head text not null,                   -- the head's name, for lists
  people bigint not null,               -- members who count as living here
  run text not null,
  as_of text not null,                  -- the day the run speaks of
  recorded_at text not null,
  recorded_by text not null,
  superseded_at text,                   -- when a newer run's file took its place
  superseded_by text
);
create unique index household_files_household on household_files (household, run);
-- Lists walk the places of a scope in order; the partial index holds only what is current.
create index household_files_place on household_files (place, household) where superseded_at is null;
create index household_files_known on household_files (county_id, recorded_at);

-- Members, facts, sources and conflicts: one compressed document, sealed under the household's own key, so
-- that destroying the key erases the family and leaves counts and history whole.
create table household_documents (
  file text primary key references household_files (id),
  county_id text not null,
  household text not null,
  document bytea not null
);

-- Search without extensions: every way a clerk may begin to type a family. Names and their endings, pinyin
-- initials, household numbers; ID numbers only as blind indexes, so this table holds none in clear.
create table household_words (
  word text not null,
  place text not null,
  household text not null,
  county_id text not null,
  primary key (county_id, word, place, household)
);

-- Who opened a hidden value, whose, and what for. The audit chain proves the order; this lists it for the family.
create table household_reveals (
  id text primary key,
  county_id text not null,
  place text not null,
  household text not null,
  person text not null,
  field text not null,                  -- id, phone
  purpose text not null,                -- visit, answer, correct, appeal
  recorded_at text not null,
  recorded_by text not null,
  recorded_name text not null           -- the name as it was that day
);
create index household_reveals_household on household_reveals (household, recorded_at);
