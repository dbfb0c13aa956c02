-- Media, places and variants by hand, with the reason, as links, responsibilities and products are (0104).
alter table structure.media add column reason text check (reason <> '');
alter table structure.places add column reason text check (reason <> '');
alter table structure.variants add column reason text check (reason <> '');
