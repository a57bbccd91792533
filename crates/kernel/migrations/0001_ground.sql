-- What every domain stands on. Times are ISO text in UTC with milliseconds, so they sort as they read;
-- ids are text; nothing here holds a name, a number or an address of a family in clear.

-- Who is signed in, from where. The token itself is only in the browser: here is its hash,
-- so a stolen database opens no session.
create table sessions (
    token_hash text not null primary key,
    staff text not null,
    county_id text not null,
    made_at text not null,
    seen_at text not null,
    ends_at text not null,
    device text not null,
    address text not null,
    revoked_at text
);
create index sessions_staff on sessions (staff, made_at);

-- One chain of entries for each writer (process) and day: reading a family never queues behind one global chain.
-- An entry's hash covers its content, its place in the chain and the hash before it; the first entry of a chain
-- carries the heads of the chains before, so removing a whole day shows in the next.
create table audit_entries (
    writer text not null,
    day text not null,
    number bigint not null,
    id text not null,
    county_id text not null,
    at text not null,
    actor text not null,
    verb text not null,
    subject_kind text not null,
    subject text not null,
    detail text not null,
    previous text not null,
    hash text not null,
    primary key (writer, day, number)
);
create index audit_entries_subject on audit_entries (subject_kind, subject, at);
create index audit_entries_actor on audit_entries (actor, at);

-- Entries written in the transaction of what they tell, waiting a moment for their place in a chain.
create table audit_waiting (
    id text not null primary key,
    county_id text not null,
    at text not null,
    actor text not null,
    verb text not null,
    subject_kind text not null,
    subject text not null,
    detail text not null
);

-- Every command that was carried out, by the id its maker gave it: a phone that sends twice is answered twice
-- and acts once.
create table commands (
    id text not null primary key,
    county_id text not null,
    kind text not null,
    made_by text not null,
    device_at text,
    received_at text not null,
    base_version bigint,
    digest text not null,
    answer text not null
);

-- Where a command met a newer version: both are kept until a person has looked.
create table conflicts (
    id text not null primary key,
    county_id text not null,
    command text not null,
    kind text not null,
    subject text not null,
    base_version bigint not null,
    current_version bigint not null,
    theirs text not null,
    ours text not null,
    made_by text not null,
    made_at text not null,
    settled_at text,
    settled_by text
);
create index conflicts_subject on conflicts (kind, subject);

-- What happened, told by an action in its own transaction; subscribers read it afterwards.
create table events (
    id text not null primary key,
    county_id text not null,
    kind text not null,
    subject text not null,
    body text not null,
    at text not null,
    by_whom text not null
);

-- Whether a subscriber has heard of an event, marked in the transaction of what it did about it.
-- One that failed hears again not before a while.
create table event_deliveries (
    event text not null,
    subscriber text not null,
    attempts bigint not null,
    not_before text not null,
    heard_at text,
    last_error text,
    primary key (event, subscriber),
    constraint event_deliveries_event foreign key (event) references events (id)
);
create index events_kind on events (kind, at, id);

-- Work for later or for every night.
create table jobs (
    id text not null primary key,
    county_id text not null,
    name text not null,
    subject text not null,
    due_at text not null,
    claimed_until text,
    attempts bigint not null,
    done_at text,
    last_error text
);
create index jobs_due on jobs (done_at, due_at);

-- One key for each household (or other subject), wrapped by the county's key. Destroying it is how erasure works:
-- what was sealed under it stays where it is and can't be read by anyone again.
create table subject_keys (
    subject text not null primary key,
    county_id text not null,
    wrapped text,
    county_key text not null,
    made_at text not null,
    destroyed_at text,
    destroyed_by text,
    reason text
);
