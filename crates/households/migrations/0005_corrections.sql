-- That two members are one person, or one is two, as people ruled it: laid over the file a run wrote, until a run has
-- obeyed the ruling. The file it makes supersedes the one that stood, and taking the ruling back makes another.
create table household_corrections (
  ruling text not null,                 -- of linkage
  household text not null,
  county_id text not null,
  place text not null,
  document bytea not null,              -- sealed under the household's key: see corrections::Correction
  obeyed_by text,                       -- the first run whose files say it themselves
  recorded_at text not null,
  recorded_by text not null,
  superseded_at text,
  superseded_by text,
  primary key (ruling, household)
);
create index household_corrections_household on household_corrections (household) where superseded_at is null;
