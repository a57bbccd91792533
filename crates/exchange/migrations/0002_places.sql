-- For whom a department answered: a row a township, for each resource of a delivery.
create table delivery_places (
  delivery text not null references deliveries (id),
  county_id text not null,
  place text not null,                  -- the first 9 digits of the township's key
  answered bigint not null,             -- 0: the department said nothing about this township
  households bigint not null,           -- that live there
  told bigint not null,                 -- of these, those with a record
  primary key (delivery, place)
);
