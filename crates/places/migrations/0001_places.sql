-- The tree of places. A place is named by a key that never changes: the 15 digits of the code it was first
-- registered with. Codes and names change, so each version of a place is a row, superseded by the next.
create table places (
    place text not null,
    county_id text not null,
    -- The official code: 12 digits, or 15 for a group.
    code text not null,
    name text not null,
    level text not null,
    -- The key of the place it lies in; null at the top of what was delivered.
    parent text,
    valid_from text,
    valid_to text,
    recorded_at text not null,
    recorded_by text not null,
    superseded_at text,
    primary key (place, code, recorded_at),
    constraint places_level check (level in ('province', 'prefecture', 'county', 'township', 'village', 'group'))
);
create index places_parent on places (parent, code);
create index places_code on places (code);

-- What became of a place: one row for each place it was merged into or split into.
create table place_successors (
    place text not null,
    successor text not null,
    county_id text not null,
    recorded_at text not null,
    primary key (place, successor)
);
