package io.rowrelay.it.chaos;

import io.rowrelay.it.stack.Databases;

/** What the campaign adds to the two databases: plain roles for the daemons, a refusing constraint, an audit of all effects. */
final class ChaosDatabases {
    static final String PRODUCER = "chaos_producer";
    static final String CONSUMER = "chaos_consumer";
    static final String PASSWORD = "chaos";

    private ChaosDatabases() {}

    static void prepareSource(String url) {
        Databases.execute(
                url,
                role(PRODUCER),
                "SELECT cdc_grant('emp_cdc', '" + PRODUCER + "')",
                "CREATE TABLE chaos_transaction (number bigint PRIMARY KEY, xid xid8 DEFAULT pg_current_xact_id())");
    }

    static void prepareDestination(String url) {
        Databases.execute(
                url,
                role(CONSUMER),
                "SELECT cdc_grant_destination('employees', '" + CONSUMER + "')",
                "ALTER TABLE employees ADD CONSTRAINT chaos_refuses CHECK (first_name NOT LIKE '-%')",
                "CREATE TABLE chaos_audit (serial bigint GENERATED ALWAYS AS IDENTITY, action_id bigint, key integer, kind text)",
                audit(),
                "CREATE TRIGGER chaos_audit AFTER INSERT OR UPDATE ON employees"
                        + " FOR EACH ROW EXECUTE FUNCTION chaos_audit()",
                "CREATE TRIGGER chaos_audit AFTER INSERT OR UPDATE ON cdc_tombstone"
                        + " FOR EACH ROW EXECUTE FUNCTION chaos_audit()",
                "ALTER TABLE employees ENABLE ALWAYS TRIGGER chaos_audit",
                "ALTER TABLE cdc_tombstone ENABLE ALWAYS TRIGGER chaos_audit");
    }

    /** Puts what grows with every change on a disk that can be filled up. */
    static void useSmallDisk(String url, String path) {
        Databases.execute(
                url,
                "CREATE TABLESPACE chaos LOCATION '" + path + "'",
                "ALTER TABLE employees SET TABLESPACE chaos",
                "ALTER TABLE chaos_audit SET TABLESPACE chaos");
    }

    /**
     * The function that appends to the audit, run by the triggers in the transaction that takes effect. LATE is a tombstone
     * of a change that is older than the row: it changes neither the row nor the fence, so it is no effect.
     */
    static String audit() {
        return audit("");
    }

    /** The same, but it fails as on a full disk. */
    static String auditSaysDiskFull() {
        return audit("RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full';");
    }

    private static String audit(String first) {
        return """
                CREATE OR REPLACE FUNCTION chaos_audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
                BEGIN
                    %s
                    IF TG_TABLE_NAME = 'employees' THEN
                        INSERT INTO public.chaos_audit (action_id, key, kind) VALUES (NEW.action_id, NEW.emp_id, TG_OP);
                    ELSIF EXISTS (SELECT FROM public.employees e WHERE e.emp_id = NEW.key::integer AND e.action_id > NEW.action_id) THEN
                        INSERT INTO public.chaos_audit (action_id, key, kind) VALUES (NEW.action_id, NEW.key::integer, 'LATE');
                    ELSE
                        INSERT INTO public.chaos_audit (action_id, key, kind) VALUES (NEW.action_id, NEW.key::integer, 'DELETE');
                    END IF;
                    RETURN NULL;
                END;
                $$""".formatted(first);
    }

    private static String role(String name) {
        return "CREATE ROLE " + name + " LOGIN PASSWORD '" + PASSWORD + "'";
    }
}
