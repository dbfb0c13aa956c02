-- When the bytes were stored, by the real clock: their retention counts from it.
alter table watch.originals add column received_at timestamptz not null default access.real_now();
