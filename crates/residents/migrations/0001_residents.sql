-- One-time codes: a clerk prints one, a family opens its own page with it.
--
-- The code itself stands on the paper alone; here is its blind index, so a stolen database opens no page. A code opens
-- once, lasts some days, and gives way to a newer one of the same family.
create table resident_codes (
  id text primary key,
  county_id text not null,
  place text not null,
  household text not null,
  code text not null,                   -- blind index
  expires_at text not null,
  used_at text,
  recorded_at text not null,
  recorded_by text not null,
  recorded_name text not null,          -- the name as it was that day
  superseded_at text,                   -- taken back, or another one was given
  superseded_by text,
  constraint resident_codes_code unique (code)
);
create index resident_codes_household on resident_codes (household, recorded_at);

-- Codes that opened nothing, by where they were tried from: after too many, that place waits a while.
create table resident_attempts (
  id text primary key,
  county_id text not null,              -- '' : nobody knows yet whose it would have been
  address text not null,                -- blind index
  tried_at text not null
);
create index resident_attempts_address on resident_attempts (address, tried_at);
