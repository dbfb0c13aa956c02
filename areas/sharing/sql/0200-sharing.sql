-- Sharing: who may know what under which agreement, and what was given to whom.
create schema sharing;
comment on schema sharing is 'Sharing: protocols, items of information, requests, disclosures, packs.';
