-- Which records speak of which person, and where a human should look.

-- The standardised keys of every linked record, one sealed document a household: enough to show why a record
-- was taken to speak of a person, without keeping the departments' files.
create table linked_records (
  household text not null,
  run text not null,
  county_id text not null,
  document bytea not null,
  primary key (household, run)
);

-- Two records that may speak of one person, or contradict each other: for a human to look at.
create table link_reviews (
  id text primary key,
  county_id text not null,
  place text not null,
  household text not null,              -- the household whose key seals the document
  kind text not null,                   -- uncertain, shared_id_number, two_id_numbers
  weight bigint not null,               -- match weight × 100 (log2 odds)
  department_a text not null,
  department_b text not null,
  run text not null,
  document bytea not null,
  recorded_at text not null,
  recorded_by text not null,
  superseded_at text,
  superseded_by text
);
create index link_reviews_place on link_reviews (place, id) where superseded_at is null;
