-- What of a destination table acts on replicated rows by itself, unless the consumer's session may be a replica: cdc_destination
-- says so. The consumer and doctor look for themselves, with their own role. Harmless when run again.

CREATE OR REPLACE FUNCTION rowrelay.destination_hazards(destination regclass)
RETURNS TABLE (problem text, hint text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('trigger %I of %s may change replicated rows', t.tgname, destination),
           CASE t.tgenabled WHEN 'O' THEN 'cdc_grant_destination, run by a superuser, lets the consumer''s role write past it. Or '
                WHEN 'R' THEN 'It fires where the consumer''s role may set session_replication_role. ' ELSE 'It fires for every role. ' END
               || format('ALTER TABLE %s DISABLE TRIGGER %I;', destination, t.tgname)
    FROM pg_trigger AS t
    WHERE t.tgrelid = destination AND NOT t.tgisinternal AND t.tgenabled <> 'D'
      AND t.tgname NOT IN ('cdc_insert', 'cdc_update', 'cdc_delete', 'cdc_truncate')
    UNION ALL
    SELECT format('rule %I of %s may change replicated rows', r.rulename, destination),
           CASE r.ev_enabled WHEN 'O' THEN 'cdc_grant_destination, run by a superuser, lets the consumer''s role write past it. Or '
                WHEN 'R' THEN 'It acts where the consumer''s role may set session_replication_role. ' ELSE 'It acts for every role. ' END
               || format('ALTER TABLE %s DISABLE RULE %I;', destination, r.rulename)
    FROM pg_rewrite AS r
    WHERE r.ev_class = destination AND r.ev_type IN ('2', '3', '4') AND r.ev_enabled <> 'D'
    UNION ALL
    SELECT format('row-level security of %s stops a consumer whose role it concerns', destination),
           format('ALTER ROLE ... BYPASSRLS; or ALTER TABLE %s DISABLE ROW LEVEL SECURITY;', destination)
    FROM pg_class AS c
    WHERE c.oid = destination AND c.relrowsecurity
    UNION ALL
    SELECT format('foreign key %I of %s deletes or changes rows there when rows of %s are deleted or changed, also rows that are newer',
                  k.conname, k.conrelid::regclass, destination),
           'cdc_grant_destination, run by a superuser, lets the consumer''s role write past it. Or '
               || format('ALTER TABLE %s DROP CONSTRAINT %I;', k.conrelid::regclass, k.conname)
    FROM pg_constraint AS k
    WHERE k.confrelid = destination AND k.contype = 'f' AND k.conparentid = 0
      AND (k.confdeltype IN ('c', 'n', 'd') OR k.confupdtype IN ('c', 'n', 'd'))
    ORDER BY 1;
$$;

CREATE OR REPLACE FUNCTION rowrelay.warn_of_hazards(destination regclass)
RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $$
    SELECT rowrelay.warn(array_agg(h.problem ORDER BY h.problem), array_agg(h.hint ORDER BY h.problem))
    FROM rowrelay.destination_hazards(destination) AS h
    HAVING count(*) > 0;
$$;

-- Lets the role write past triggers, rules and foreign keys, which have had their say in the source. Only a superuser can allow
-- it; another caller gets an error that says what to ask for.
CREATE OR REPLACE FUNCTION rowrelay.grant_replica_role(role regrole)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    grantable CONSTANT boolean := current_setting('server_version_num')::integer >= 150000;
    statement CONSTANT text := CASE WHEN grantable
        THEN format('GRANT SET ON PARAMETER session_replication_role TO %s', role)
        ELSE format('ALTER ROLE %s SET session_replication_role = replica', role) END;
    has boolean := (SELECT rolsuper FROM pg_roles WHERE oid = role)
        OR EXISTS (SELECT FROM pg_db_role_setting WHERE setrole = role AND 'session_replication_role=replica' = ANY (setconfig));
BEGIN
    IF NOT has AND (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        EXECUTE statement;
        has := true;
    ELSIF NOT has AND grantable THEN
        EXECUTE 'SELECT has_parameter_privilege($1::oid, ''session_replication_role'', ''SET'')' INTO has USING role;
    END IF;
    IF NOT has THEN
        RAISE NOTICE '% may not set session_replication_role: triggers, rules and foreign keys of the destination act on replicated rows', role
            USING HINT = format('As a superuser: %s;', statement);
    END IF;
END;
$$;
