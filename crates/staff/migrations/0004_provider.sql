-- Who somebody is at an identity provider: linked by an administrator, found by issuer and subject, never made by a
-- sign-in.
create table provider_links (
    id text not null primary key,
    county_id text not null,
    staff text not null,
    issuer text not null,
    subject text not null,
    made_at text not null,
    made_by text not null,
    ended_at text,
    ended_by text,
    constraint provider_links_staff foreign key (staff) references accounts (id)
);
create unique index provider_links_subject on provider_links (issuer, subject) where ended_at is null;
create index provider_links_staff_index on provider_links (staff);

-- A passkey is a second factor too (`second_factors.kind` passkey). What it was asked is asked once.
create table passkey_challenges (
    challenge text not null primary key,
    county_id text not null,
    used_at text not null
);
