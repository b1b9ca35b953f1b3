-- A list is read in pages, in the order of its index; "kind" is compared by bytes like the other keys.
drop index contact_list_list;
create index contact_list_list on contact_list (tenant, list, kind, value);
