-- People who work here. A password is kept as its argon2id hash.
create table accounts (
    id text not null primary key,
    county_id text not null,
    account text not null,
    name text not null,
    password_hash text not null,
    language text,
    -- Planted for a demo: opens nothing when the program doesn't run as a demo.
    demo boolean not null,
    made_at text not null,
    made_by text not null,
    closed_at text,
    constraint accounts_account unique (account)
);

-- A post is a role at a place for a period: rights and scope come from nothing else.
create table posts (
    id text not null primary key,
    county_id text not null,
    staff text not null,
    role text not null,
    -- The key of the place, with everything that lies in it.
    place text not null,
    valid_from text,
    valid_to text,
    recorded_at text not null,
    recorded_by text not null,
    superseded_at text,
    superseded_by text,
    constraint posts_staff foreign key (staff) references accounts (id)
);
create index posts_staff_index on posts (staff);

-- Failed sign-ins, by a blind index of what was typed: whether such an account exists makes no difference here.
create table sign_in_failures (
    account_blind text not null primary key,
    failures bigint not null,
    blocked_until text not null
);
