-- Policies and grants of sharing, feature by feature. Re-applied whole whenever this file changes. Reading follows the labels (record.labelled).
grant usage on schema sharing to concord_member, concord_jobs;
revoke all on all functions in schema sharing from public;
