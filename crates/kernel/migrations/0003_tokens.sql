-- Machines of other departments come in by a token instead of a password. A token belongs to an account and can do
-- what that account's posts can, and of that only what its scopes name. The token itself is only with the machine:
-- here is its hash, so a stolen database opens nothing.
create table access_tokens (
    token_hash text not null primary key,
    id text not null,
    county_id text not null,
    staff text not null,
    -- Which machine it is for, in words.
    name text not null,
    -- Names of permissions, separated by blanks.
    scopes text not null,
    made_at text not null,
    made_by text not null,
    ends_at text not null,
    seen_at text,
    revoked_at text,
    revoked_by text
);
create index access_tokens_staff on access_tokens (staff, made_at);
