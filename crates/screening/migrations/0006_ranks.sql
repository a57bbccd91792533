-- The most pressing findings of a set, and its list, are walked in the order of rank among its own: a set that stands low in
-- the county's order would be found by reading all that stands above it. The place stands in the index as in the county's.
create index screening_findings_set on screening_findings (county_id, tab, rule_set, position, id, place)
  where superseded_at is null;

-- A township's list has an order of its own as a village's has: PostgreSQL fetches each row of the county's order to see
-- where it lies.
create index screening_findings_township on screening_findings (county_id, tab, (substr(place, 1, 9)), position, id)
  where superseded_at is null;

-- The families that an indicator asks about are counted from the index alone: their set stands in it too.
drop index screening_findings_place;
create index screening_findings_place on screening_findings (county_id, tab, place, household, rule_set)
  where superseded_at is null;
