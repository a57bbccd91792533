-- A post may stand in for another during its holder's leave: then it names that one, and ends by itself.
alter table posts add column delegated_from text;
-- Why it was given, delegated or ended, in the words of whoever did.
alter table posts add column reason text;
create index posts_delegated on posts (delegated_from);

-- The first password is made up by whoever opens the account, so it must be changed before anything else.
alter table accounts add column must_change boolean not null default false;
alter table accounts add column closed_by text;
