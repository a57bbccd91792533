-- Clues: somebody says that a family may need looking at.
--
-- Any part of the program may raise one, without knowing who takes it further: a counter, a grid worker, a
-- department. A clue is a question. It changes nothing about the family; a person answers it.
create table household_clues (
  id text primary key,
  county_id text not null,
  place text not null,
  household text not null,
  source text not null,                 -- request, grid, department, hotline
  words bytea not null,                 -- what was said, sealed under the household's key
  recorded_at text not null,
  recorded_by text not null,
  recorded_name text not null           -- the name as it was that day
);
create index household_clues_place on household_clues (place, recorded_at);
