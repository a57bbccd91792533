-- Photos and scanned papers about a family.
--
-- They lie in the store itself, sealed under the household's key: a backup holds them, erasing the family erases them,
-- and no second place has to keep up with scope. A paper is never changed; it is withdrawn with a reason.
create table papers (
  id text primary key,
  county_id text not null,
  place text not null,
  household text not null,
  media text not null,                  -- jpeg, png, webp, pdf: by its content, whatever it was called
  size bigint not null,                 -- bytes as kept
  digest text not null,                 -- blind: the same paper handed in twice is told
  title bytea not null,                 -- sealed
  content bytea not null,               -- sealed, without the place and the device a camera writes into it
  recorded_at text not null,
  recorded_by text not null,
  recorded_name text not null,          -- the name as it was that day
  superseded_at text,                   -- withdrawn
  superseded_by text,
  reason bytea                          -- why it was withdrawn, sealed
);
create index papers_household on papers (household, recorded_at);
create unique index papers_digest on papers (household, digest) where superseded_at is null;
