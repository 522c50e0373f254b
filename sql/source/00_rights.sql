-- Whose objects Rowrelay takes for its own, and what others may do with them.
--
-- Rowrelay adopts nobody's objects. The owner of a table or function of Rowrelay's, and a role that may put a trigger on it, can run any
-- code as the daemons and as the role that calls it. So the first script, the last one, cdc_capture, cdc_destination and cdc_check look who
-- owns the objects with a name of Rowrelay's. Allowed are the role that installed Rowrelay and so owns the schema rowrelay, the owner of the
-- database, who could replace everything anyway, and superusers: another superuser can run the scripts again.
-- The same file is in sql/source and sql/destination. Harmless when run again.

DO $$
DECLARE
    stranger CONSTANT text := (
        SELECT pg_catalog.quote_ident(r.rolname)
        FROM (SELECT n.nspowner FROM pg_catalog.pg_namespace AS n WHERE n.nspname OPERATOR(pg_catalog.=) 'rowrelay'
              UNION ALL
              SELECT p.proowner FROM pg_catalog.pg_proc AS p
              JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace
              WHERE n.nspname OPERATOR(pg_catalog.=) 'rowrelay') AS there (owner)
        JOIN pg_catalog.pg_roles AS r ON r.oid OPERATOR(pg_catalog.=) there.owner
        WHERE NOT r.rolsuper AND r.rolname OPERATOR(pg_catalog.<>) CURRENT_USER
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_database AS d
                          WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database() AND d.datdba OPERATOR(pg_catalog.=) r.oid)
        LIMIT 1);
BEGIN
    IF stranger IS NOT NULL THEN
        RAISE EXCEPTION 'the schema rowrelay, or a function in it, belongs to role %', stranger
            USING HINT = pg_catalog.format('If that role installed Rowrelay, run the scripts as that role: SET ROLE %s. '
                                           'If not, drop what it has made and run them again.', stranger),
                  ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_namespace AS n WHERE n.nspname OPERATOR(pg_catalog.=) 'rowrelay') THEN
        CREATE SCHEMA rowrelay;
    END IF;
END;
$$;
GRANT USAGE ON SCHEMA rowrelay TO PUBLIC;

-- For functions in SQL, which cannot raise errors or run a text themselves. These have no rights but those of their caller.
CREATE OR REPLACE FUNCTION rowrelay.refuse(problem text, hint text, code text)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
BEGIN
    RAISE EXCEPTION '%', problem USING HINT = hint, ERRCODE = code;
END;
$$;

CREATE OR REPLACE FUNCTION rowrelay.warn(problems text[], hints text[])
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    FOR i IN 1 .. cardinality(problems) LOOP
        RAISE WARNING '%', problems[i] USING HINT = hints[i];
    END LOOP;
END;
$$;

-- It gives up before the second after which PostgreSQL looks for deadlocks (deadlock_timeout): so it ends itself, and no application.
CREATE OR REPLACE FUNCTION rowrelay.run(statements text[], notices text[] DEFAULT '{}')
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off SET lock_timeout = '900ms'
AS $$
BEGIN
    FOR i IN 1 .. cardinality(statements) LOOP
        EXECUTE statements[i];
        IF notices[i] IS NOT NULL THEN
            RAISE NOTICE 'repaired: %', notices[i];
        END IF;
    END LOOP;
END;
$$;

-- The rule is in the Java class RolePath too, for databases that do not have this function, and a test compares them.
CREATE OR REPLACE FUNCTION rowrelay.trusts(role oid)
RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (SELECT FROM pg_roles AS r WHERE r.oid = role AND r.rolsuper)
        OR EXISTS (SELECT FROM pg_database AS d WHERE d.datname = current_database() AND d.datdba = role)
        OR EXISTS (SELECT FROM pg_namespace AS n WHERE n.nspname = 'rowrelay' AND n.nspowner = role);
$$;

-- The tables of each side and the sequence of one, and a function that is made with them and called by everybody.
CREATE OR REPLACE FUNCTION rowrelay.own_names()
RETURNS TABLE (relation name, function name)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT unnest('{cdc_offset,cdc_published,cdc_published_id_seq,cdc_backfill}'::name[]), 'cdc_check'::name
    UNION ALL
    SELECT unnest('{cdc_tombstone,cdc_progress,cdc_applied,cdc_key_lock,cdc_writer,cdc_dead_letter,cdc_dead_letter_seen}'::name[]), 'cdc_destination';
$$;

-- Those that are in use.
CREATE OR REPLACE FUNCTION rowrelay.own_tables()
RETURNS SETOF regclass
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT DISTINCT c.oid::regclass
    FROM rowrelay.own_names() AS own
    JOIN pg_class AS c ON c.relname = own.relation
    JOIN pg_proc AS p ON p.pronamespace = c.relnamespace AND p.proname = own.function
    WHERE p.prosrc LIKE '%rowrelay.%' AND rowrelay.trusts(p.proowner)
    UNION ALL
    SELECT c.oid::regclass FROM pg_class AS c WHERE c.relnamespace = 'rowrelay'::regnamespace AND c.relkind IN ('r', 'S');
$$;

-- What belongs to somebody else: of what Rowrelay uses or, with a schema, also of all there that has a name of Rowrelay's.
CREATE OR REPLACE FUNCTION rowrelay.foreign_owners(home name)
RETURNS TABLE (problem text, hint text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
    SELECT format('%s belongs to role %s, and Rowrelay to %s', there.name, there.owner::regrole, r.nspowner::regrole),
           format('If role %1$s installed Rowrelay, run the scripts as that role. If not, drop what it has made, and run them again.',
                  there.owner::regrole)
    FROM (
        SELECT format('function %s', p.oid::regprocedure), p.proowner
        FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
        WHERE n.nspname = 'rowrelay'
           OR n.nspname = home AND p.proname = ANY ('{cdc_check,cdc_capture,cdc_uncapture,cdc_grant,cdc_stream,cdc_grant_stream,cdc_token,cdc_destination,cdc_grant_destination,cdc_destination_stream,cdc_grant_destination_stream,cdc_destination_rows,cdc_wait_for}'::name[])
        UNION ALL
        SELECT c.oid::regclass::text, c.relowner
        FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE c.oid IN (SELECT rowrelay.own_tables())
           -- An index of that name would stand in for ours.
           OR n.nspname = home AND (c.relname IN (SELECT own.relation FROM rowrelay.own_names() AS own)
                                    OR c.relname ~ '^cdc_(published|tombstone|progress|applied)_.*idx$')
    ) AS there (name, owner), pg_namespace AS r
    WHERE r.nspname = 'rowrelay' AND NOT rowrelay.trusts(there.owner)
    UNION ALL
    SELECT format('%s may create functions in schema rowrelay', CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END),
           format('REVOKE CREATE ON SCHEMA rowrelay FROM %s;', CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END)
    FROM pg_namespace AS n, aclexplode(n.nspacl) AS g
    WHERE n.nspname = 'rowrelay' AND g.privilege_type = 'CREATE' AND NOT rowrelay.trusts(g.grantee);
$$;

CREATE OR REPLACE FUNCTION rowrelay.refuse_foreign_owners(home name)
RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $$
    SELECT rowrelay.refuse(s.problem, s.hint, 'object_not_in_prerequisite_state') FROM rowrelay.foreign_owners(home) AS s LIMIT 1;
$$;

-- What acts on the rows that Rowrelay writes into a table of its own, or could, and is not of Rowrelay. A role may have the privileges that
-- are granted by cdc_grant or cdc_grant_destination, and read; PUBLIC none.
CREATE OR REPLACE FUNCTION rowrelay.interference(relation regclass, granted text[])
RETURNS TABLE (problem text, hint text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
    SELECT format('trigger %I of %s acts on what Rowrelay writes', t.tgname, relation), format('DROP TRIGGER %I ON %s;', t.tgname, relation)
    FROM pg_trigger AS t
    WHERE t.tgrelid = relation AND NOT t.tgisinternal AND t.tgenabled <> 'D'
    UNION ALL
    SELECT format('rule %I of %s acts on what Rowrelay writes', r.rulename, relation), format('DROP RULE %I ON %s;', r.rulename, relation)
    FROM pg_rewrite AS r
    WHERE r.ev_class = relation
    UNION ALL
    SELECT format('row-level security of %s hides rows', relation), format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY;', relation)
    FROM pg_class AS c
    WHERE c.oid = relation AND c.relrowsecurity
    UNION ALL
    SELECT format('constraint %I of %s can refuse what Rowrelay writes into %s', k.conname, k.conrelid::regclass, relation),
           format('ALTER TABLE %s DROP CONSTRAINT %I;', k.conrelid::regclass, k.conname)
    FROM pg_constraint AS k
    WHERE relation IN (k.conrelid, k.confrelid) AND k.contype IN ('c', 'f', 'u', 'x') AND k.conname <> 'cdc_dead_letter_state_check'
    UNION ALL
    SELECT format('index %s of %s can refuse what Rowrelay writes, or runs functions', i.indexrelid::regclass, relation),
           format('DROP INDEX %s;', i.indexrelid::regclass)
    FROM pg_index AS i
    WHERE i.indrelid = relation AND NOT i.indisprimary AND (i.indisunique OR i.indexprs IS NOT NULL OR i.indpred IS NOT NULL)
      AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = i.indexrelid)
    UNION ALL
    SELECT format('statistics %I.%I of %s run functions', n.nspname, s.stxname, relation), format('DROP STATISTICS %I.%I;', n.nspname, s.stxname)
    FROM pg_statistic_ext AS s JOIN pg_namespace AS n ON n.oid = s.stxnamespace
    WHERE s.stxrelid = relation AND s.stxexprs IS NOT NULL
    UNION ALL
    SELECT format('%s is part of an inheritance tree', relation), 'Take it out with ALTER TABLE ... NO INHERIT ...'
    WHERE EXISTS (SELECT FROM pg_inherits AS i WHERE relation IN (i.inhrelid, i.inhparent))
    UNION ALL
    SELECT format('%s has %s on %s', coalesce(g.role, 'PUBLIC'), string_agg(g.privilege, ', ' ORDER BY g.privilege), relation),
           format('REVOKE %s ON %s FROM %s;', string_agg(g.privilege, ', ' ORDER BY g.privilege), relation, coalesce(g.role, 'PUBLIC'))
    FROM (
        SELECT CASE WHEN a.grantee <> 0 THEN a.grantee::regrole::text END, a.grantee, a.privilege_type, a.privilege_type
        FROM pg_class AS c, aclexplode(c.relacl) AS a
        WHERE c.oid = relation AND a.grantee <> c.relowner
        UNION ALL
        SELECT CASE WHEN a.grantee <> 0 THEN a.grantee::regrole::text END, a.grantee, a.privilege_type, format('%s (%I)', a.privilege_type, t.attname)
        FROM pg_class AS c JOIN pg_attribute AS t ON t.attrelid = c.oid, aclexplode(t.attacl) AS a
        WHERE c.oid = relation AND NOT t.attisdropped AND a.grantee <> c.relowner
    ) AS g (role, grantee, kind, privilege)
    WHERE NOT rowrelay.trusts(g.grantee)
      AND (g.role IS NULL OR g.kind NOT IN ('SELECT', 'MAINTAIN') AND g.privilege <> ALL (granted))
    GROUP BY g.role;
$$;

-- Both, for what Rowrelay uses.
CREATE OR REPLACE FUNCTION rowrelay.installation_problems()
RETURNS TABLE (problem text, hint text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT s.problem, s.hint FROM rowrelay.foreign_owners(NULL) AS s
    UNION ALL
    SELECT m.problem, m.hint
    FROM rowrelay.own_tables() AS own JOIN pg_class AS c ON c.oid = own,
         rowrelay.interference(own, CASE c.relkind WHEN 'S' THEN '{USAGE}' ELSE '{INSERT,UPDATE,DELETE,UPDATE (fingerprint)}' END::text[]) AS m;
$$;

-- To whom default privileges give rights on a new table ('r'), sequence ('S') or function ('f') of the role that calls this: the end of
-- a REVOKE.
CREATE OR REPLACE FUNCTION rowrelay.default_grantees(kind "char", home name)
RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT concat_ws(', ', 'PUBLIC', string_agg(DISTINCT a.grantee::regrole::text, ', '))
    FROM pg_default_acl AS d JOIN pg_roles AS r ON r.oid = d.defaclrole, aclexplode(d.defaclacl) AS a
    WHERE r.rolname = current_user AND d.defaclobjtype = kind AND a.grantee NOT IN (0, d.defaclrole)
      AND d.defaclnamespace IN (0, (SELECT n.oid FROM pg_namespace AS n WHERE n.nspname = home));
$$;

-- For tables that are new.
CREATE OR REPLACE FUNCTION rowrelay.revoke_defaults(home name)
RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
    SELECT rowrelay.run(array_agg(format(
        'REVOKE ALL ON %s FROM %s, %s', own, rowrelay.default_grantees('r', home), rowrelay.default_grantees('S', home))))
    FROM rowrelay.own_tables() AS own
    HAVING count(*) > 0;
$$;

-- Lets a role use relations and functions: grants the schemas, also those of the types of their columns, which the daemons name, and what
-- it may not execute because default privileges take that from PUBLIC. The functions in the schema rowrelay run with the rights of the role
-- that calls them.
CREATE OR REPLACE FUNCTION rowrelay.grant_use(relations regclass[], functions regprocedure[], role regrole)
RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
    SELECT rowrelay.run(array_agg(format('GRANT %s TO %s', used.what, role)))
    FROM (
        SELECT format('USAGE ON SCHEMA %s', n.oid::regnamespace)
        FROM pg_namespace AS n
        WHERE (n.nspname = 'rowrelay' OR n.oid IN (SELECT c.relnamespace FROM pg_class AS c WHERE c.oid = ANY (relations))
               OR NOT has_schema_privilege(role, n.oid, 'USAGE')
                  AND n.oid IN (SELECT t.typnamespace FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid
                                WHERE a.attrelid = ANY (relations) AND a.attnum > 0 AND NOT a.attisdropped))
          AND NOT EXISTS (SELECT FROM aclexplode(n.nspacl) AS a WHERE a.grantee = role AND a.privilege_type = 'USAGE')
          -- PostgreSQL warns of a grant that is not this role's to give. It is asked for where it is needed.
          AND (has_schema_privilege(n.oid, 'USAGE WITH GRANT OPTION') OR NOT has_schema_privilege(role, n.oid, 'USAGE'))
        UNION ALL
        SELECT format('EXECUTE ON FUNCTION %s', p.oid::regprocedure)
        FROM pg_proc AS p
        WHERE (p.pronamespace = 'rowrelay'::regnamespace OR p.oid = ANY (functions)) AND NOT has_function_privilege(role, p.oid, 'EXECUTE')
    ) AS used (what)
    HAVING count(*) > 0;
$$;

DO $$
BEGIN
    PERFORM rowrelay.refuse_foreign_owners(pg_catalog.current_schema());
END;
$$;
