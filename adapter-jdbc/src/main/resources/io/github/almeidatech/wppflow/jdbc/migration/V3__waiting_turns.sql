-- A turn can wait for somebody else's answer: whether what it would wait for came while it was still claimed.
alter table conversation add column turn_woken integer not null default 0;
