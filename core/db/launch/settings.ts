/**
 * postgresql.conf of a store that we start, written anew at every start; an operator's own lines go into `local.conf` beside it.
 * Durability is never traded: fsync, full pages and synchronous commit stay on. Nothing a person wrote goes to the log:
 * errors of statements may quote a value, so they are told to the server alone (core/log.ts), and statements and parameters are not logged.
 * A page out of order costs two in order, also on a fast disk: whoever reads a tenth of a table through its labels then gets its pages once and in
 * order, instead of the index's order with each page four times (bench labels: three times as fast).
 */
export const settings = (connections: number) => `# Written by Concord at every start. Put your own settings into local.conf.
listen_addresses = ''
max_connections = ${connections}
shared_buffers = 128MB
effective_cache_size = 1GB
random_page_cost = 2
jit = off

fsync = on
full_page_writes = on
synchronous_commit = on
wal_compression = on
min_wal_size = 80MB
max_wal_size = 1GB

idle_in_transaction_session_timeout = 60s
client_connection_check_interval = 5s
timezone = 'UTC'
datestyle = 'iso, ymd'
lc_messages = 'C'

log_timezone = 'UTC'
log_line_prefix = '%m [%p] '
log_min_messages = log
log_error_verbosity = terse
log_min_error_statement = panic
log_min_duration_statement = -1
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_checkpoints = off

include_if_exists = 'local.conf'
`

/** Who may connect: whoever can reach the socket, and its folder is closed to all but the account that runs PostgreSQL. */
export const access = `# Written by Concord at every start.
local all all trust
`
