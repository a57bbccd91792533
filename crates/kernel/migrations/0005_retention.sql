-- What is over its time goes; that it went stays.

-- Households whose papers somebody may still need, such as those with an open case. Written anew, from what the domains
-- say, in the transaction of each removal: a case opened a moment ago holds its family's papers.
create table retention_holds (
    county_id text not null,
    household text not null,
    primary key (county_id, household)
);

-- What was removed, when, and by which rule of which policy: a row for each rule and night that found something.
create table retention_removals (
    id text not null primary key,
    county_id text not null,
    rule text not null,
    what text not null,
    department text not null,             -- '' : whichever delivered it
    keep_days bigint not null,
    legal_basis text not null,
    -- Everything of it from before this moment.
    before_at text not null,
    removed bigint not null,
    recorded_at text not null,
    recorded_by text not null
);
create index retention_removals_county on retention_removals (county_id, recorded_at);
