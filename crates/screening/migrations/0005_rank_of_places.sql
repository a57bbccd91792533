-- A village's list, and a township's, is walked in the order of rank like the county's: each has an order of its own. Found by
-- place and sorted, or picked out of the county's rank, a page cost as much as all that lies there.
create index screening_findings_village on screening_findings (county_id, tab, (substr(place, 1, 12)), position, id)
  where superseded_at is null;
create index screening_findings_township on screening_findings (county_id, tab, (substr(place, 1, 9)), position, id)
  where superseded_at is null;
