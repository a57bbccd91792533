-- Nobody looks the trail up by person: an index that no statement uses costs every page that is opened a page of the disk.
drop index audit_entries_actor;
