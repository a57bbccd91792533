-- A village's list is a few rows of a county's hundred thousand: found by their place and sorted, not by walking the
-- county's rank until there are enough. The families behind a number are walked in this order too.
create index screening_findings_place on screening_findings (county_id, tab, place, household)
  where superseded_at is null;
