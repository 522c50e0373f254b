-- The version of Rowrelay's tables and functions in this database. It is one more in each release whose scripts differ from those of
-- the release before. Daemons and commands need the version of their own release, or a later one: io.rowrelay.stream.jdbc.InstalledVersion.
-- This is the last script, so the version stays the old one where a script before it fails. Harmless when run again.
CREATE OR REPLACE FUNCTION rowrelay.version()
RETURNS integer
LANGUAGE sql STABLE
AS 'SELECT 1';

GRANT EXECUTE ON FUNCTION rowrelay.version() TO PUBLIC;
