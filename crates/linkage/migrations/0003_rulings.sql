-- What people say goes back into the chain: the next run obeys it, and what is learned may come from it.

-- What the program thought of a pair when somebody judged it, and which records they were: digests of their keys,
-- sealed, by which a later run finds them wherever they stand then.
alter table link_decisions add column weight bigint;      -- match weight × 100 (log2 odds); null where nothing was weighed
alter table link_decisions add column levels text;        -- JSON: field and level of each comparison
alter table link_decisions add column keys bytea;

-- The whole model of a run, so that any link can be explained again; the other column is what its page shows.
alter table link_models add column learned text;

-- Somebody's word that two persons are one, or that one person's records are two people's. It lies over the run's links
-- until a run has obeyed it; taking it back is a row too.
create table person_rulings (
  id text primary key,
  county_id text not null,
  place text not null,
  household text not null,              -- the family of the person who stays, whose key seals the document
  kind text not null,                   -- merge, unmerge, undo
  person text not null,                 -- who stays
  other text not null,                  -- merge: who ended; unmerge: who the moved records belong to from now on
  other_household text not null,        -- the family of the other person
  undoes text,                          -- of an undo: the word that was taken back
  document bytea not null,              -- every record of both sides, and why: see rulings::Sides
  obeyed_by text,                       -- the first run that obeyed it
  recorded_at text not null,
  recorded_by text not null,
  recorded_name text not null,
  superseded_at text,
  superseded_by text
);
create index person_rulings_place on person_rulings (place, recorded_at);
create index person_rulings_household on person_rulings (household);
create index person_rulings_other on person_rulings (other_household);

-- That somebody had m learned anew from the labels there were, to be used by the next run. Nothing of anybody in it.
create table link_trainings (
  id text primary key,
  county_id text not null,
  version bigint not null,              -- from 1; 0 is what the program learns by itself
  same bigint not null,                 -- labels that said one person, and two
  different bigint not null,
  matches text not null,                -- JSON: field, level, how many labelled matches reached it; [] forgets them
  reason text not null,
  recorded_at text not null,
  recorded_by text not null,
  recorded_name text not null,
  superseded_at text,
  superseded_by text,
  constraint link_trainings_version unique (county_id, version)
);
