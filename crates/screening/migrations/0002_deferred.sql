-- How many of the counted findings lie beyond the village's budget of alerts for the month: a list that shows only
-- those of now, or only those, is counted like every other.
alter table screening_counts add column deferred bigint not null default 0;
