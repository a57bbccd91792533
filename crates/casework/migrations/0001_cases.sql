-- A case from clue to result: what was opened, what happened in it, where it stands, what hung in the village.
--
-- What happened is a row and is never edited: case_entries is the whole truth, and everything else can be worked
-- out from it again. case_states is that reckoning kept for lists: one row a version, the older ones superseded.

-- The procedure a case goes by, as it read when the case was opened: a newer version changes no running case.
create table case_procedures (
  digest text not null,                 -- of the text
  county_id text not null,
  procedure text not null,              -- its id, such as monitoring
  version bigint not null,
  text text not null,
  recorded_at text not null,
  primary key (county_id, digest)
);

-- One household, one episode, one procedure.
create table cases (
  id text primary key,
  county_id text not null,
  place text not null,                  -- key of the village (or group) the household belongs to
  household text not null,
  number text not null,                 -- such as GA-2026-0083, for people to call it by
  head text not null,                   -- the head's name, for lists
  people bigint not null,
  programme text not null,
  procedure text not null,
  digest text not null,                 -- of the procedure's text
  source text not null,                 -- finding, request, grid, department, hotline
  clue text not null,                   -- the finding or the clue it was opened from
  opened_on text not null,
  recorded_at text not null,
  recorded_by text not null,            -- the person who decided to open it
  recorded_name text not null,
  constraint cases_number unique (county_id, number)
);
create index cases_household on cases (household);

-- Steps, evidence, notices, objections, appeals, help: who did what, when, based on which version. The body is the
-- command that was carried out, sealed under the household's key.
create table case_entries (
  id text primary key,
  case_id text not null references cases (id),
  county_id text not null,
  place text not null,
  household text not null,
  version bigint not null,              -- counts from 1; made from the version before
  verb text not null,                   -- record, publish, dispute, answer, kinship, help, given, stop, end, …
  step text not null,                   -- where the case stood
  body bytea not null,
  made_on text not null,                -- the day in China
  recorded_at text not null,
  recorded_by text not null,
  recorded_name text not null,
  constraint case_entries_version unique (case_id, version)
);

-- Where a case stands after each version: for lists, deadlines and counts.
create table case_states (
  id text primary key,
  case_id text not null references cases (id),
  county_id text not null,
  place text not null,
  household text not null,
  programme text not null,
  version bigint not null,
  step text not null,                   -- the step, or the end it came to
  ended bigint not null,
  levels text not null,                 -- whose turn it is: village,township
  due_on text not null,                 -- the earliest of all deadlines; 9999-12-31 when there is none
  due_what text not null,               -- step, whole, dispute, measure; '' when there is none
  helping bigint not null,              -- kinds of help that are given and not stopped
  recorded_at text not null,
  recorded_by text not null,
  superseded_at text,
  superseded_by text,
  constraint case_states_version unique (case_id, version)
);
create index case_states_due on case_states (county_id, ended, due_on, case_id, place) where superseded_at is null;
create index case_states_place on case_states (place) where superseded_at is null;

-- What hangs in a village, and until when. The board names the village to whoever has its address, without being
-- its code; after kept_until nobody is shown the notice any more.
create table case_notices (
  id text primary key,
  case_id text not null references cases (id),
  county_id text not null,
  place text not null,
  household text not null,
  board text not null,
  words bytea not null,                 -- sealed under the household's key
  stands_from text not null,
  stands_to text not null,
  kept_until text not null,
  recorded_at text not null,
  recorded_by text not null,
  superseded_at text,                   -- taken down early
  superseded_by text
);
create index case_notices_board on case_notices (board, kept_until);

-- Told once: this is due today, this is late. The late ones are told one level up as well.
create table case_reminders (
  id text primary key,
  case_id text not null references cases (id),
  county_id text not null,
  place text not null,
  household text not null,
  version bigint not null,
  kind text not null,                   -- due, late
  levels text not null,
  recorded_at text not null
);
create index case_reminders_case on case_reminders (case_id, version);
