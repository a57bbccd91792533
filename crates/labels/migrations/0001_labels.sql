-- One code for each family's door. It says nothing by itself: it leads whoever is signed in, and may see the family, to
-- its file. The token is random and means nothing; the signature on the printed code stands in no table. A label that
-- was lost or torn off is superseded, and opens nothing any more. Who scanned it stands in the audit trail.
create table labels (
  id text primary key,
  county_id text not null,
  place text not null,
  household text not null,
  token text not null,
  recorded_at text not null,
  recorded_by text not null,
  superseded_at text,
  superseded_by text,
  constraint labels_token unique (token)
);
create unique index labels_household on labels (household) where superseded_at is null;
create index labels_place on labels (place, household) where superseded_at is null;
