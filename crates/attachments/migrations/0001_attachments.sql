-- Files that hang beside a public notice: the sheet with the names, the rules it goes by, a photo of the board.
--
-- A file is looked through before it is taken in; what can't be looked through takes a person who says in words that
-- they did. It waits with its case until the notice goes up, hangs with it, and is shown no longer than the notice is.
-- Name, words and content are sealed under the household's key: erasing the family erases them.
create table attachments (
  id text primary key,
  county_id text not null,
  place text not null,
  household text not null,
  case_id text not null,
  media text not null,                  -- csv, text, xlsx, pdf, jpeg, png, webp: by its content
  size bigint not null,                 -- bytes as kept
  name bytea not null,                  -- sealed
  content bytea not null,               -- sealed, a photo's without the place and the device a camera writes into it
  unread text not null,                 -- what of it no program could read, by commas; '' when everything was read
  looked bytea,                         -- what the person who looked says of it, sealed; null where nothing was unread
  notice text,                          -- the notice it hangs beside; null while it waits
  recorded_at text not null,
  recorded_by text not null,
  recorded_name text not null,          -- the name as it was that day
  superseded_at text,                   -- taken away before it went up
  superseded_by text
);
create index attachments_case on attachments (case_id);
create index attachments_notice on attachments (notice);
