-- Other systems are told what happened: which, where, by which secret, and what became of each telling.

-- A receiver. The secret by which it knows our word is sealed under a key of its own; for a day after a change the old
-- one signs too, so that nothing is lost while the other side changes it.
create table webhook_receivers (
  id text primary key,
  county_id text not null,
  name text not null,                   -- which system it is, in words
  url text not null,
  kinds text not null,                  -- kinds of events, separated by blanks
  secret text not null,                 -- sealed
  former_secret text,                   -- sealed
  former_until text,
  -- How often in a row it didn't answer, and until when it is left alone for it.
  failures bigint not null,
  paused_until text,
  made_at text not null,
  made_by text not null,
  ended_at text,
  ended_by text
);
create index webhook_receivers_county on webhook_receivers (county_id, made_at);

-- One event for one receiver. It holds ids, kinds and times, and nothing of any family.
create table webhook_tellings (
  id text primary key,
  receiver text not null references webhook_receivers (id),
  county_id text not null,
  event text not null,
  kind text not null,
  subject text not null,                -- the id of what it happened to
  happened_at text not null,
  made_at text not null,
  -- From when its time runs after which it is given up; somebody who sends it again begins it anew.
  begun_at text not null,
  attempts bigint not null,
  status bigint,                        -- the last answer's status
  trouble text,                         -- why there was no answer: a code of kernel::outbound::Missed, or refused
  told_at text,
  given_up_at text,
  constraint webhook_tellings_event unique (receiver, event)
);
create index webhook_tellings_receiver on webhook_tellings (receiver, made_at);
