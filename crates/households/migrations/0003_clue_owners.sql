-- Who looks into a clue, and by when: given out by the township or the county, one or many at a time. Given to somebody
-- else, the newer row stands.
create table household_clue_owners (
  id text primary key,
  clue text not null references household_clues (id),
  county_id text not null,
  place text not null,
  owner text not null,
  owner_name text not null,             -- the name as it was that day
  due_on text not null,
  recorded_at text not null,
  recorded_by text not null,
  superseded_at text,
  superseded_by text
);
create unique index household_clue_owners_clue on household_clue_owners (clue) where superseded_at is null;
