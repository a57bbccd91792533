-- An event that everybody has heard of is settled, and isn't looked at again: what waits to be told is found without
-- reading what was told long ago.
alter table events add column settled_at text;
create index events_unsettled on events (at, id) where settled_at is null;
