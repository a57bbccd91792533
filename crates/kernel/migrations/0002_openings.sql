-- What a post opens besides the families of its own place: a grid worker's grid, a helper's paired households, a
-- department's matched persons, a leading group's case pack, an auditor's warrant, glass broken in an emergency.
-- Each has a purpose, somebody who gave it, and an end; what was given is never edited, only revoked.
create table openings (
    id text not null primary key,
    county_id text not null,
    -- The post it widens, and who held it then.
    post text not null,
    staff text not null,
    kind text not null,                   -- grid, pairing, matched, case_pack, warrant, break_glass
    -- A whole subtree, by the key of its place; null where the members are listed.
    place text,
    purpose text not null,
    -- The letter or number it rests on: the warrant's, the meeting's, the request's.
    basis text not null,
    opens_at text not null,
    closes_at text not null,
    made_at text not null,
    made_by text not null,
    revoked_at text,
    revoked_by text,
    -- Looked at afterwards by somebody else: justified, or not.
    reviewed_at text,
    reviewed_by text,
    review text,
    review_note text
);
create index openings_staff on openings (staff, closes_at);
create index openings_post on openings (post, closes_at);

-- The households or persons an opening lists. One with a person opens that person alone, not the family.
create table opening_members (
    opening text not null,
    county_id text not null,
    household text not null,
    person text not null,                 -- '' = the whole household
    primary key (opening, household, person),
    constraint opening_members_opening foreign key (opening) references openings (id)
);
create index opening_members_person on opening_members (person, opening);
