-- What departments delivered: when, how much, how good, and what went back to them.

-- One resource of one delivery, as a run took it in. The id comes from the run and the resource, so loading a
-- run twice is loading it once.
create table deliveries (
  id text primary key,
  county_id text not null,
  run text not null,
  department text not null,
  resource text not null,
  title text not null,
  record text not null,                 -- the kind of record of the data contract
  nature text not null,                 -- register, threshold_list, query_answer
  purpose text not null,
  legal_basis text not null,
  file text not null,                   -- as it was named; a database by its table
  as_of text not null,                  -- the day the data speaks of
  rows_read bigint not null,
  rows_rejected bigint not null,
  rows_set_aside bigint not null,       -- query answers about people who gave no consent: counted, unread
  duplicates bigint not null,
  rows_kept bigint not null,
  coverage text not null,               -- JSON: prefixes of place codes; null = the whole county
  columns text not null,                -- JSON: see load::ColumnShown
  recorded_at text not null,
  recorded_by text not null,
  superseded_at text,                   -- when a newer delivery of the same resource took its place
  superseded_by text
);
create index deliveries_county on deliveries (county_id, department, resource);

-- Rejected cells and rows, by what is wrong with them: one row a kind of fault, with an example and the remedy.
create table delivery_rejects (
  delivery text not null references deliveries (id),
  county_id text not null,
  position bigint not null,
  field text not null,
  reason_zh text not null,
  reason_en text not null,
  remedy_zh text not null,
  remedy_en text not null,
  example_row bigint not null,          -- data row of the file as delivered, from 1
  example text not null,                -- the value, masked where sensitive
  counted bigint not null,
  primary key (delivery, position)
);
