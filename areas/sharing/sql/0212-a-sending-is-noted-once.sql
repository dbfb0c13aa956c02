-- Whom an item was put before is written where items are shared (0209); the second hand that wrote it too is taken away.
drop trigger note_sent on sharing.disclosures;
drop function sharing.note_item_sent();
