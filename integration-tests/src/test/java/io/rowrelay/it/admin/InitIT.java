package io.rowrelay.it.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.it.stack.AdminRun;
import io.rowrelay.it.stack.Backend;
import io.rowrelay.it.stack.Databases;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code init} from two databases without anything of ours. */
class InitIT {
    private static final AtomicInteger COUNT = new AtomicInteger();

    /** Tables of most kinds, and what tables can need; the driver takes functions of such a form alone only. */
    private static final List<String> TABLES = List.of("""
            CREATE SCHEMA shop; CREATE SCHEMA "Odd Schema"; CREATE SCHEMA kinds;
            CREATE TYPE kinds.mood AS ENUM ('sad', 'it''s ok', 'happy');
            CREATE DOMAIN kinds.positive AS numeric(12,2) DEFAULT 1 NOT NULL CONSTRAINT above CHECK (VALUE > 0);
            CREATE TYPE kinds.address AS (street text COLLATE "C", feelings kinds.mood[]);
            CREATE TYPE kinds.span AS RANGE (subtype = numeric);
            CREATE SEQUENCE shop.numbers AS integer INCREMENT 5 START 100 MAXVALUE 100000 CYCLE;
            CREATE TABLE shop.settings (name text PRIMARY KEY, value int);
            CREATE FUNCTION shop.code(n int) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'c' || n $$;
            --
            CREATE FUNCTION shop.limit_of() RETURNS int STABLE LANGUAGE sql
                BEGIN ATOMIC SELECT coalesce(max(value), 1000) FROM shop.settings; END;
            --
            CREATE TABLE shop.customers (
                id serial PRIMARY KEY, name varchar(80) COLLATE "C" NOT NULL, email text UNIQUE DEFERRABLE INITIALLY DEFERRED,
                feeling kinds.mood DEFAULT 'happy', feelings kinds.mood[], home kinds.address,
                code text GENERATED ALWAYS AS (shop.code(0) || name) STORED, best_order bigint,
                parent int REFERENCES shop.customers ON DELETE SET NULL, CHECK (name <> ''));
            CREATE TABLE shop.orders (
                id bigint GENERATED ALWAYS AS IDENTITY (START 10 INCREMENT 2) PRIMARY KEY, customer int NOT NULL,
                number int DEFAULT nextval('shop.numbers') UNIQUE, price kinds.positive, during kinds.span,
                CONSTRAINT cheap CHECK (price < shop.limit_of()), EXCLUDE USING gist (during WITH &&),
                FOREIGN KEY (customer) REFERENCES shop.customers ON DELETE CASCADE) WITH (fillfactor = 70);
            ALTER TABLE shop.customers ADD CONSTRAINT best FOREIGN KEY (best_order) REFERENCES shop.orders
                ON DELETE SET NULL DEFERRABLE;
            CREATE TABLE "Odd Schema"."Order lines" (
                "order" bigint REFERENCES shop.orders ON DELETE CASCADE, "Line" int, "text ONLY" text, PRIMARY KEY ("order", "Line"));
            CREATE INDEX "an ON ONLY index" ON "Odd Schema"."Order lines" (lower("text ONLY")) WHERE "Line" > 0;
            CREATE TABLE shop.payments (
                id int, at timestamptz NOT NULL, amount numeric DEFAULT 0, "order" bigint REFERENCES shop.orders,
                PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
            CREATE TABLE shop.payments_1 PARTITION OF shop.payments FOR VALUES FROM ('2026-01-01') TO ('2026-07-01');
            CREATE TABLE shop.payments_2 (amount numeric, at timestamptz NOT NULL, "order" bigint, id int NOT NULL, CHECK (amount >= 0))
                PARTITION BY LIST (id);
            ALTER TABLE shop.payments ATTACH PARTITION shop.payments_2 FOR VALUES FROM ('2026-07-01') TO ('2027-01-01');
            CREATE TABLE shop.payments_2a PARTITION OF shop.payments_2 DEFAULT;
            CREATE INDEX ON shop.payments (amount);
            CREATE TABLE shop.codes (a int NOT NULL, b int NOT NULL);
            CREATE UNIQUE INDEX codes_key ON shop.codes (a, b);
            CREATE VIEW shop.rich AS SELECT id, name FROM shop.customers GROUP BY id;
            --
            CREATE FUNCTION shop.any_rich() RETURNS boolean STABLE LANGUAGE sql
                BEGIN ATOMIC SELECT EXISTS (SELECT FROM shop.rich); END;
            --
            ALTER TABLE shop.codes ADD COLUMN rich boolean DEFAULT shop.any_rich();
            CREATE FUNCTION shop.touch() RETURNS trigger LANGUAGE plpgsql
                AS $$ BEGIN NEW.name := NEW.name || ' touched'; RETURN NEW; END $$;
            CREATE TRIGGER touch BEFORE UPDATE ON shop.customers FOR EACH ROW EXECUTE FUNCTION shop.touch();
            CREATE STATISTICS shop.st ON customer, number FROM shop.orders;
            CREATE TABLE shop.audit (id int PRIMARY KEY, customer int REFERENCES shop.customers);
            CREATE TABLE shop.wants_audit (id int PRIMARY KEY, audit int REFERENCES shop.audit)""".split("--\n"));

    /** All that users see of their tables, as PostgreSQL prints it. What cdc_destination_stream changes looks alike on both sides. */
    private static final String DEFINITIONS =
            """
            SELECT d FROM (
                SELECT concat_ws(' ', c.oid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attgenerated,
                                 a.attidentity <> '', a.attcollation::regcollation, pg_get_expr(g.adbin, g.adrelid))
                FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                LEFT JOIN pg_attrdef g ON g.adrelid = c.oid AND g.adnum = a.attnum
                WHERE c.relkind IN ('r', 'p', 'v') AND c.relname !~ '_cdc|settings$|audit$' AND c.relnamespace IN ({home})
                UNION ALL SELECT concat_ws(' ', c.oid::regclass, pg_get_partkeydef(c.oid), pg_get_expr(c.relpartbound, c.oid), c.reloptions)
                FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relname !~ '_cdc|settings$|audit$' AND c.relnamespace IN ({home})
                UNION ALL SELECT concat_ws(' ', k.conrelid::regclass, k.conname, regexp_replace(pg_get_constraintdef(k.oid), ' DEFERRABLE$', ''))
                FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
                WHERE k.conparentid = 0 AND k.contype <> 'n' AND c.relname !~ '_cdc|settings$|audit$' AND k.connamespace IN ({home})
                UNION ALL SELECT pg_get_indexdef(i.indexrelid)
                FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
                WHERE c.relname !~ '_cdc|settings$|audit$' AND c.relnamespace IN ({home}) AND NOT c.relispartition
                UNION ALL SELECT concat(pg_get_triggerdef(t.oid), t.tgenabled) FROM pg_trigger t WHERE NOT t.tgisinternal AND t.tgname !~ '^cdc_'
                UNION ALL SELECT concat_ws(' ', s.sequencename, start_value, increment_by, max_value, cycle)
                FROM pg_sequences s WHERE s.schemaname = 'shop' AND s.sequencename !~ '_cdc'
                UNION ALL SELECT concat_ws(' ', t.oid::regtype, t.typdefault, t.typnotnull, t.typtype) FROM pg_type t
                WHERE t.typnamespace IN ({home}) AND t.typname !~ '_cdc|settings|audit'
                UNION ALL SELECT concat(enumlabel, enumsortorder) FROM pg_enum
                UNION ALL SELECT pg_get_functiondef(p.oid) FROM pg_proc p WHERE p.pronamespace IN ({home}) AND p.proname !~ '_cdc|^cdc_'
                UNION ALL SELECT pg_get_viewdef('shop.rich'::regclass)
                UNION ALL SELECT pg_get_statisticsobjdef(oid) FROM pg_statistic_ext) AS all_of_them (d)
            ORDER BY d COLLATE "C\"""".replace("{home}", "'shop'::regnamespace, '\"Odd Schema\"'::regnamespace, 'kinds'::regnamespace");

    private final String name = "init_" + ProcessHandle.current().pid() + "_" + COUNT.incrementAndGet();
    private final String source = Backend.running().sourceUrl(name);
    private final String destination = Backend.running().destinationUrl(name);
    private final Map<String, String> environment =
            new HashMap<>(Map.of("SOURCE_DB_URL", source, "DESTINATION_DB_URL", destination, "STREAM", "shop"));
    private final List<String> roles = new ArrayList<>();

    @BeforeEach
    void open() {
        Databases.execute(Backend.running().sourceUrl("postgres"), "CREATE DATABASE " + name + " TEMPLATE template0");
        Databases.execute(
                Backend.running().destinationUrl("postgres"), "CREATE DATABASE " + name + " TEMPLATE template0");
    }

    @AfterEach
    void close() {
        for (String server : List.of(
                Backend.running().sourceUrl("postgres"), Backend.running().destinationUrl("postgres"))) {
            Databases.execute(server, "DROP DATABASE " + name + " (FORCE)");
        }
        roles.forEach(role -> Databases.execute(
                Backend.running().destinationUrl("postgres"), "DROP OWNED BY " + role, "DROP ROLE " + role));
    }

    @Test
    void makes_a_stream_of_tables_that_the_destination_then_has_with_all_that_they_need() {
        Databases.execute(source, TABLES.toArray(String[]::new));
        List<String> definitions = Databases.query(source, DEFINITIONS);

        String said = init("--tables", "shop.*", "Odd Schema.*", "!shop.audit", "!shop.settings");

        assertThat(Databases.query(destination, DEFINITIONS)).containsExactlyElementsOf(definitions);
        assertThat(said)
                .contains("made: table shop.payments_2a", "captured: \"Odd Schema\".\"Order lines\"")
                .contains("shop.settings is made without rows: others need it, but it is not in the stream")
                .contains(
                        "foreign key wants_audit_audit_fkey of shop.wants_audit is left out: shop.audit is not in the stream")
                .contains("stream shop has 6 tables");
        assertThat(Databases.query(source, "SELECT topic FROM rowrelay.stream_table ORDER BY 1"))
                .hasSize(6)
                .contains("shop.shop.payments");
        assertThat(Databases.query(destination, "SELECT stream || snapshot FROM cdc_applied"))
                .containsExactly("shop1:1:");
    }

    @Test
    void run_again_does_what_is_missing_and_nothing_else() {
        Databases.execute(source, TABLES.toArray(String[]::new));
        init("--tables", "shop.*", "!shop.wants_audit");
        List<String> definitions =
                Databases.query(destination, DEFINITIONS.replace("regnamespace, '\"Odd Schema\"'::", ""));

        String again = init();
        Databases.execute(
                source,
                "ALTER TABLE shop.orders DISABLE TRIGGER cdc_delete",
                "CREATE TABLE shop.more (id int PRIMARY KEY, feeling kinds.mood, customer int REFERENCES shop.customers)",
                "CREATE TABLE shop.payments_3 PARTITION OF shop.payments DEFAULT");
        String more = init();

        assertThat(again).doesNotContain("made:", "captured:").contains("stream shop has 6 tables");
        assertThat(more)
                .contains("made: table shop.more", "made: table shop.payments_3", "captured: shop.more")
                .contains("repaired: shop.orders")
                .doesNotContain("captured: shop.orders", "NOT SOUND");
        assertThat(Databases.query(destination, DEFINITIONS.replace("regnamespace, '\"Odd Schema\"'::", "")))
                .containsAll(definitions);
    }

    @Test
    void a_dry_run_prints_the_sql_and_changes_nothing() {
        Databases.execute(source, TABLES.toArray(String[]::new));
        String objects = "SELECT count(*) FROM pg_class UNION ALL SELECT count(*) FROM pg_proc";
        List<String> before = Databases.query(source, objects);
        List<String> there = Databases.query(destination, objects);

        String said = init("--dry-run", "--tables", "shop.*");

        assertThat(said)
                .contains("\\i sql/source/99_version.sql", "CREATE TABLE shop.codes (a integer NOT NULL")
                .contains("SELECT rowrelay.capture_into('shop', 'shop.codes');");
        assertThat(Databases.query(source, objects)).isEqualTo(before);
        assertThat(Databases.query(destination, objects)).isEqualTo(there);
    }

    /** Its backfill would bring children before their parents. */
    @Test
    void a_consumer_that_cannot_be_a_replica_gets_foreign_keys_later_and_triggers_that_are_off() {
        Databases.execute(source, TABLES.toArray(String[]::new));
        String role = role();
        Databases.execute(destination, "ALTER DATABASE " + name + " OWNER TO " + role);
        environment.putAll(Map.of("DESTINATION_DB_USER", role, "DESTINATION_DB_PASSWORD", "cdc"));
        String keys = "SELECT conname FROM pg_constraint WHERE contype = 'f' AND conparentid = 0 ORDER BY 1";

        String said = init("--tables", "shop.*");

        assertThat(said)
                .contains(
                        "6 foreign keys are not made yet",
                        "init shop --foreign-keys",
                        "triggers that are made disabled");
        assertThat(Databases.query(destination, keys)).isEmpty();
        assertThat(Databases.query(destination, "SELECT tgenabled FROM pg_trigger WHERE tgname = 'touch'"))
                .containsExactly("D");

        init("--foreign-keys");

        assertThat(Databases.query(destination, keys))
                .containsExactlyElementsOf(
                        Databases.query(source, keys.replace("WHERE", "WHERE conname !~ 'Order lines' AND")));
        assertThat(Databases.query(destination, keys.replace("WHERE", "WHERE NOT condeferrable AND")))
                .isEmpty();
        assertThat(init())
                .contains(
                        "a change of a row whose parent has not come yet becomes a dead letter",
                        "best of shop.customers");
    }

    @Test
    void grants_the_daemons_roles_what_they_need() {
        Databases.execute(source, TABLES.toArray(String[]::new));
        String role = role();
        Databases.execute(source, "CREATE ROLE " + role + " LOGIN PASSWORD 'cdc'");

        init("--tables", "shop.*", "--producer-role", role, "--consumer-role", role);

        assertThat(Databases.query(
                        destination,
                        "SELECT has_parameter_privilege('" + role + "', 'session_replication_role', 'SET')"
                                + " AND has_table_privilege('" + role + "', 'shop.orders', 'INSERT, UPDATE, DELETE')"
                                + " AND has_table_privilege('" + role + "', 'cdc_applied', 'UPDATE')"))
                .containsExactly("t");
        assertThat(Databases.query(
                        source,
                        "SELECT has_table_privilege('" + role + "', 'shop.orders_cdc', 'SELECT, DELETE')"
                                + " AND has_table_privilege('" + role + "', 'rowrelay.stream_table', 'SELECT')"))
                .containsExactly("t");
        Databases.execute(source, "DROP OWNED BY " + role, "DROP ROLE " + role);
    }

    @Test
    void what_it_cannot_make_it_names_and_then_makes_nothing() {
        Databases.execute(
                source,
                "CREATE SCHEMA shop; CREATE TEXT SEARCH CONFIGURATION shop.plain (COPY = pg_catalog.simple);"
                        + " CREATE TABLE shop.texts (id int PRIMARY KEY, t text,"
                        + " v tsvector GENERATED ALWAYS AS (to_tsvector('shop.plain', t)) STORED);"
                        + " CREATE TABLE shop.plains (id int PRIMARY KEY)");

        AdminRun refused = AdminRun.expecting(1, environment, "init", "--tables", "shop.*");

        assertThat(refused.errors())
                .contains("init cannot make other text search configuration shop.plain", "pg_dump --schema-only");
        assertThat(Databases.query(destination, "SELECT to_regclass('shop.plains')"))
                .containsExactly("null");
        assertThat(Databases.query(source, "SELECT count(*) FROM rowrelay.stream_table"))
                .containsExactly("0");

        Databases.execute(
                destination,
                "CREATE SCHEMA shop; CREATE TABLE shop.texts (id int PRIMARY KEY, t varchar(3), must int NOT NULL)");
        assertThat(init("--tables", "shop.*"))
                .contains("shop.texts has no column v in the destination")
                .contains(
                        "column t of shop.texts is of type text in the source and character varying(3) in the destination")
                .contains("column must of shop.texts is in the destination only")
                .contains("made: table shop.plains", "captured: shop.texts");
    }

    @Test
    void a_stream_has_a_name_of_its_own_and_tables() {
        environment.remove("STREAM");
        assertThat(AdminRun.expecting(2, environment, "init", "--tables", "shop.*")
                        .errors())
                .contains("name the stream");
        environment.put("STREAM", "shop");
        assertThat(AdminRun.expecting(1, environment, "init").errors()).contains("--tables 'public.*'");
        assertThat(AdminRun.expecting(1, environment, "init", "--tables", "nowhere.*")
                        .errors())
                .contains("the patterns name no table that can be captured: nowhere.*");
        assertThat(AdminRun.expecting(1, environment, "init", "--tables", "customers")
                        .errors())
                .contains("not a pattern of tables: customers");
    }

    private String role() {
        String role = "role_" + name;
        Databases.execute(
                Backend.running().destinationUrl("postgres"), "CREATE ROLE " + role + " LOGIN PASSWORD 'cdc'");
        roles.add(role);
        return role;
    }

    private String init(String... words) {
        List<String> typed = new ArrayList<>(List.of("init"));
        typed.addAll(Arrays.asList(words));
        return AdminRun.expecting(0, environment, typed.toArray(String[]::new)).said();
    }
}
