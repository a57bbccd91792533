-- A department's post answers for one department, by the name that department's deliveries carry: its holder reads those
-- deliveries, their quality and what was sent back, and no other department's. Every other post names none.
alter table posts add column department text;
