-- The keys that sign what stands in the codes on doors, one after the other. Anybody may have the public half and tell
-- without a network whether a label comes from this county; the secret half is sealed under a key of its own, which the
-- county's key wraps, and stands in no column in clear.
create table label_keys (
  id text primary key,                  -- the first 8 digits of the public half's SHA-256; stands in every code
  county_id text not null,
  public_half text not null,            -- Ed25519, 64 hexadecimal digits
  secret_half text not null,            -- sealed
  recorded_at text not null,
  recorded_by text not null,
  superseded_at text,                   -- from then on another key signs; what this one signed stays good
  superseded_by text,
  withdrawn_at text,                    -- nothing this one signed is good any more
  withdrawn_by text
);
create unique index label_keys_county on label_keys (county_id) where superseded_at is null;
