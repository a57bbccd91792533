-- A village's list is walked in the order of rank like the county's, in an order of its own: found by place and sorted, a page
-- cost as much as all that lies there.
create index screening_findings_village on screening_findings (county_id, tab, (substr(place, 1, 12)), position, id)
  where superseded_at is null;
