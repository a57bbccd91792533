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
  recorded_name text not null,          -- the name as it was that day
  superseded_at text,                   -- when somebody answered it
  superseded_by text                    -- the answer
);
create index household_clues_place on household_clues (place, recorded_at) where superseded_at is null;

-- How a person answered a clue.
create table household_clue_answers (
  id text primary key,
  clue text not null references household_clues (id),
  county_id text not null,
  place text not null,
  decision text not null,               -- open, merge, dismiss
  led_to text not null,                 -- the case it was opened as or merged into; '' when dismissed
  words bytea not null,                 -- why, sealed under the household's key
  recorded_at text not null,
  recorded_by text not null,
  recorded_name text not null,
  constraint household_clue_answers_clue unique (clue)
);
