-- The second thing it takes to sign in, beside the password: an authenticator app. Its secret is sealed under the
-- account's own key.
create table second_factors (
    id text not null primary key,
    county_id text not null,
    staff text not null,
    kind text not null,                   -- totp
    label text not null,
    secret text not null,
    -- The last step whose code was used. It only grows, so that a code opens once.
    used bigint not null,
    made_at text not null,
    ended_at text,
    ended_by text,
    constraint second_factors_staff foreign key (staff) references accounts (id)
);
create index second_factors_staff_index on second_factors (staff);

-- Codes on paper for the day the phone is lost: by a blind index, each opens once.
create table recovery_codes (
    code text not null primary key,
    county_id text not null,
    staff text not null,
    made_at text not null,
    used_at text,
    constraint recovery_codes_staff foreign key (staff) references accounts (id)
);
create index recovery_codes_staff_index on recovery_codes (staff);

-- Why a post was ended before its time.
alter table posts add column ended_reason text;
