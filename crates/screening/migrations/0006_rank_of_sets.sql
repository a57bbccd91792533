-- The most pressing findings of a set, and its list, are walked in the order of rank among its own: a set that stands low in
-- the county's order would be found by reading all that stands above it. The place stands in the index as in the county's.
create index screening_findings_set on screening_findings (county_id, tab, rule_set, position, id, place)
  where superseded_at is null;
