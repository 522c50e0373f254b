#!/bin/sh
# For docker-entrypoint-initdb.d: the scripts of the database that is being made, source or destination, the example, and the
# role cdc with the rights of a daemon there.
# The image's entry point may run this file or read it into itself; so it only sets -e, and leaves nothing behind.
set -e
for script in "/sql/$POSTGRES_DB"/*.sql "/sql/example/$POSTGRES_DB"/*.sql; do
    psql -X -q -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d "$POSTGRES_DB" -f "$script" >/dev/null
done
psql -X -q -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d "$POSTGRES_DB" >/dev/null <<'SQL'
SELECT 'CREATE ROLE cdc LOGIN PASSWORD ''cdc''' WHERE to_regrole('cdc') IS NULL
\gexec
SELECT CASE current_database()
    WHEN 'source' THEN 'SELECT cdc_grant(''emp_cdc'', ''cdc'')'
    ELSE 'SELECT cdc_grant_destination(''employees'', ''cdc'')' END
\gexec
SQL
