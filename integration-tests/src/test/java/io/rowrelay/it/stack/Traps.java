package io.rowrelay.it.stack;

import io.rowrelay.sandbox.stack.SqlScripts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What somebody can do who may create functions and operators in a schema on a role's search_path: beside each of PostgreSQL's own
 * that our sources name there are some that fit calls better. One takes a varchar, as parameters are, where that takes a text, or
 * the very type where that takes any. A call is counted, whatever becomes of its transaction.
 */
public final class Traps {
    private static final Pattern CALL = Pattern.compile("\\b([a-z][a-z0-9_]+)\\(");

    /** The types of parameters and of columns of the catalogs. */
    private static final String TYPES =
            "'{text,varchar,name,int4,int8,oid,bool,regclass,regproc,timestamptz,xid8,pg_snapshot,json,char,text[],int8[],name[]}'::regtype[]";

    private static final String OPERANDS =
            "'{text,varchar,name,int4,int8,oid,regclass,regproc,regprocedure,regrole,regnamespace,char,xid8,text[]}'::regtype[]";

    /** Makes a function of each row of a query, and what else is said. */
    private static final String MAKE = """
            DO $make$
            DECLARE
                one record;
            BEGIN
                PERFORM set_config('check_function_bodies', 'off', true);
                FOR one IN
                    %2$s
                LOOP
                    EXECUTE format('CREATE FUNCTION %1$s.%%I(%%s) RETURNS %%s LANGUAGE plpgsql AS $trap$BEGIN %%s END$trap$',
                                   one.name, one.arguments, one.result, CASE one.result WHEN 'void' THEN '' ELSE 'RETURN NULL;' END);
                    %3$s
                END LOOP;
            END;
            $make$""";

    /** A function for each way to replace the types of one of PostgreSQL's. */
    private static final String FUNCTIONS = """
            WITH called AS (
                SELECT p.proname, p.prorettype, p.proargtypes::oid[] AS arguments, p.provariadic = '"any"'::regtype AS any_number
                FROM pg_proc AS p
                WHERE p.proname = ANY (%1$s) AND p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind IN ('f', 'a')
                  AND p.pronargs > 0
            ), fitting AS (
                SELECT c.proname, c.prorettype, t AS type, (
                           SELECT array_agg(CASE WHEN a::regtype::text LIKE 'any%%array' THEN (SELECT typarray FROM pg_type WHERE oid = t)
                                                 WHEN a::regtype::text ~ '^"?any' THEN t
                                                 WHEN a = 'text'::regtype AND parameters THEN 'varchar'::regtype
                                                 WHEN a = 'regclass'::regtype AND parameters THEN 'oid'::regtype ELSE a END ORDER BY place)
                           FROM unnest(c.arguments || array_fill(t::oid, ARRAY[further])) WITH ORDINALITY AS r (a, place)) AS arguments
                FROM called AS c CROSS JOIN (VALUES (true), (false)) AS p (parameters)
                JOIN unnest(%2$s) AS t ON t = 'text'::regtype OR c.arguments::regtype[]::text LIKE '%%any%%'
                JOIN generate_series(0, 3) AS further ON further = 0 OR any_number AND t = ANY ('{text,varchar,name}'::regtype[])
            )
            SELECT DISTINCT ON (f.proname, f.arguments) f.proname AS name, array_to_string(f.arguments::regtype[], ', ') AS arguments,
                   CASE WHEN f.prorettype::regtype::text LIKE 'any%%array' THEN (SELECT typarray FROM pg_type WHERE oid = f.type)::regtype::text
                        WHEN f.prorettype::regtype::text ~ '^any' THEN f.type::regtype::text
                        ELSE f.prorettype::regtype::text END AS result
            FROM fitting AS f
            WHERE f.arguments::regtype[]::text !~ 'cstring|internal|-'
              AND NOT EXISTS (SELECT FROM pg_proc AS p WHERE p.proname = f.proname AND p.pronamespace = 'pg_catalog'::regnamespace
                              AND p.proargtypes::oid[] = f.arguments)""";

    private static final String OPERATORS = """
            SELECT name, format('%%s, %%s', l, r) AS arguments, result, l, r FROM unnest(%1$s) AS l, unnest(%1$s) AS r, (
                VALUES ('=', 'bool'), ('<>', 'bool'), ('<', 'bool'), ('>=', 'bool'), ('~~', 'bool'), ('||', 'text'), ('->>', 'text'),
                       ('+', 'int8'), ('-', 'int8')) AS o (name, result)
            WHERE NOT EXISTS (SELECT FROM pg_operator AS p WHERE p.oprname = name AND p.oprleft = l AND p.oprright = r)""";

    private static final String OPERATOR = """
            EXECUTE format('CREATE OPERATOR %1$s.%%s (FUNCTION = %1$s.%%I, LEFTARG = %%s, RIGHTARG = %%s)',
                           one.name, one.name, one.l, one.r);""";

    private Traps() {}

    /** Lay them in a schema that any role may use; each call counts in sessions that begin after that. */
    public static List<String> laid(String schema) {
        return List.of(
                "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET track_functions = pl', current_database()); END $$",
                "CREATE SCHEMA IF NOT EXISTS " + schema,
                "GRANT USAGE ON SCHEMA " + schema + " TO PUBLIC",
                MAKE.formatted(
                        schema, FUNCTIONS.formatted("'{" + String.join(",", called()) + "}'::name[]", TYPES), ""),
                MAKE.formatted(schema, OPERATORS.formatted(OPERANDS), OPERATOR.formatted(schema)));
    }

    /** Asks for those that were called by sessions that have ended. */
    public static String sprung(String schema) {
        return "SELECT f.funcid::regprocedure::text FROM pg_stat_user_functions f WHERE f.schemaname = '" + schema
                + "' ORDER BY 1";
    }

    /** What looks like a call in our sources. */
    private static Set<String> called() {
        Set<String> names = new TreeSet<>();
        for (String part : List.of("sql", "common", "stream", "producer", "consumer", "admin")) {
            try (Stream<Path> files = Files.walk(SqlScripts.findDirectory().resolveSibling(part))) {
                for (Path file : files.filter(each -> each.toString().matches(".*src/main/.*\\.java|.*\\.sql"))
                        .toList()) {
                    CALL.matcher(Files.readString(file)).results().forEach(call -> names.add(call.group(1)));
                }
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
        return names;
    }
}
