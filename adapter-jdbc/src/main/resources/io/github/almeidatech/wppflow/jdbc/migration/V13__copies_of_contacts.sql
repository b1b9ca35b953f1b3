-- How far a contact's copy outside, such as its row in a table, is behind; null for none and for one that says everything.
alter table contact add column copy_parts text;     -- a JSON array: what it has to say even where it says something else
alter table contact add column copy_behind_since bigint;
alter table contact add column copy_due bigint;     -- when it may next be tried to write it
alter table contact add column copied_at bigint;

create index contact_copy_due on contact (tenant, copy_due) where copy_due is not null;
create index contact_copy_behind on contact (tenant, copy_behind_since) where copy_behind_since is not null;
