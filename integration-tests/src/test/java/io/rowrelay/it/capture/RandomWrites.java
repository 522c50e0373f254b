package io.rowrelay.it.capture;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Random statements on few keys of the table {@code item}, so that they meet often: also within functions and row
 * triggers, in savepoints and in failing blocks. None of them fails, whatever is in the table.
 */
final class RandomWrites {
    /** The table. */
    static final String SET_UP = """
            CREATE TABLE item (id int PRIMARY KEY, note text, up int REFERENCES item ON UPDATE CASCADE ON DELETE SET NULL);
            """;

    /** The same table in partitions, of which one has its columns under other numbers. */
    static final String SET_UP_PARTITIONS = """
            CREATE TABLE item (id int PRIMARY KEY, note text, up int REFERENCES item ON UPDATE CASCADE ON DELETE SET NULL)
                PARTITION BY RANGE (id);
            CREATE TABLE item_low PARTITION OF item FOR VALUES FROM (MINVALUE) TO (2);
            CREATE TABLE item_mid (gone int, id int NOT NULL, note text, up int);
            ALTER TABLE item_mid DROP COLUMN gone;
            ALTER TABLE item ATTACH PARTITION item_mid FOR VALUES FROM (2) TO (4);
            CREATE TABLE item_high PARTITION OF item DEFAULT PARTITION BY HASH (id);
            CREATE TABLE item_high_1 PARTITION OF item_high FOR VALUES WITH (MODULUS 1, REMAINDER 0);
            """;

    /** Its capture, and what the statements use: every row trigger writes again now and then. */
    static final String HELPERS = """
            SELECT cdc_capture('item', 'item_cdc');
            CREATE FUNCTION attempt(statement text) RETURNS int LANGUAGE plpgsql AS $$
            BEGIN EXECUTE statement; RETURN 1;
            EXCEPTION WHEN unique_violation OR foreign_key_violation OR cardinality_violation OR triggered_data_change_violation
                OR division_by_zero THEN RETURN 0;
                -- What partitions cannot do, or do not take.
                WHEN check_violation OR feature_not_supported THEN RETURN 0;
            END $$;
            CREATE FUNCTION with_setting(statement text) RETURNS int LANGUAGE plpgsql SET work_mem = '8MB' AS $$
            BEGIN RETURN attempt(statement); END $$;
            CREATE FUNCTION react() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE statement text := nullif(current_setting('test.reaction', true), '');
            BEGIN
                IF statement IS NOT NULL AND pg_trigger_depth() = 1 THEN PERFORM attempt(statement); END IF;
                RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
            END $$;
            CREATE TRIGGER react AFTER INSERT OR UPDATE OR DELETE ON item FOR EACH ROW EXECUTE FUNCTION react();
            CREATE TRIGGER before_react BEFORE INSERT OR UPDATE OR DELETE ON item FOR EACH ROW WHEN (pg_trigger_depth() = 0)
                EXECUTE FUNCTION react();
            """;

    private static final int KEYS = 6;

    private final Random random;
    private final boolean partitioned;

    /** Where the table has partitions, some statements name one of them. */
    RandomWrites(Random random, boolean partitioned) {
        this.random = random;
        this.partitioned = partitioned;
    }

    /** A transaction, committed or rolled back. */
    String transaction() {
        String level = random.nextInt(4) == 0 ? "REPEATABLE READ" : "READ COMMITTED";
        String body = IntStream.rangeClosed(1, 1 + random.nextInt(5))
                .mapToObj(i -> step())
                .collect(Collectors.joining("\n"));
        return "BEGIN ISOLATION LEVEL " + level + ";\n" + body + "\n"
                + (random.nextInt(8) == 0 ? "ROLLBACK" : "COMMIT");
    }

    private String step() {
        String reaction = random.nextInt(2) == 0 ? write(0) : "";
        String set = "SET LOCAL test.reaction = " + literal(reaction) + "; ";
        String step = set + "SELECT attempt(" + literal(write(1)) + ");";
        return switch (random.nextInt(6)) {
            case 0 -> "SAVEPOINT s; " + step + " RELEASE s;";
            case 1 -> "SAVEPOINT s; " + step + " ROLLBACK TO s;";
            case 2 -> set + "SELECT with_setting(" + literal(write(1)) + ");";
            default -> step;
        };
    }

    /** A statement; with depth left it may run another one within. */
    private String write(int depth) {
        String statement = onTable(depth);
        return partitioned && random.nextInt(3) == 0
                ? statement.replaceAll(
                        "(INTO|UPDATE|FROM) item(?![.a-z_])",
                        "$1 " + List.of("item_low", "item_mid", "item_high").get(random.nextInt(3)) + " AS item")
                : statement;
    }

    private String onTable(int depth) {
        return switch (random.nextInt(16)) {
            case 0 -> "INSERT INTO item VALUES (" + key() + ", " + note(depth) + ")";
            case 1 ->
                "INSERT INTO item VALUES (" + key() + ", 'i', NULL), (" + key() + ", " + note(depth) + ", " + key()
                        + ")";
            case 2 ->
                "INSERT INTO item VALUES (" + key() + ", 'u'), (" + key()
                        + ", 'u') ON CONFLICT (id) DO UPDATE SET note = item.note || " + note(depth);
            case 3 -> "INSERT INTO item VALUES (" + key() + ", 'k') ON CONFLICT (id) DO UPDATE SET id = " + key();
            case 4 -> "UPDATE item SET note = " + note(depth) + where();
            case 5 -> "UPDATE item SET id = id + " + (random.nextInt(3) - 1) + ", note = " + note(depth) + where();
            case 6 -> "UPDATE item SET up = " + key() + where();
            case 7 -> "DELETE FROM item" + where();
            case 8 -> "DELETE FROM item" + where() + " RETURNING " + note(depth);
            case 9 ->
                "WITH gone AS (DELETE FROM item" + where() + " RETURNING *) INSERT INTO item SELECT id, " + note(depth)
                        + " FROM gone LIMIT " + random.nextInt(3);
            case 10 ->
                "MERGE INTO item USING (SELECT " + key() + " AS k UNION SELECT " + key() + ") v ON id = k"
                        + " WHEN MATCHED AND k % 2 = 0 THEN DELETE WHEN MATCHED THEN UPDATE SET id = " + key()
                        + " WHEN NOT MATCHED THEN INSERT VALUES (" + key() + ", " + note(depth) + ")";
            case 11, 12 ->
                "INSERT INTO item SELECT i, " + note(depth) + " FROM generate_series(0, " + key()
                        + ") i ON CONFLICT DO NOTHING";
            case 13, 14 ->
                "UPDATE item SET note = left(note, 9) || '" + (char) ('a' + random.nextInt(26)) + "'" + where();
            default ->
                random.nextInt(4) > 0
                        ? "WITH moved AS (UPDATE item SET id = id + 1" + where()
                                + " RETURNING *) INSERT INTO item SELECT id - 1, 'm' FROM moved"
                        : "DO $do$ BEGIN IF current_setting('transaction_isolation') = 'read committed' AND pg_trigger_depth() = 0"
                                + " THEN DELETE FROM item; END IF; PERFORM 1 / " + random.nextInt(2) + "; END $do$";
        };
    }

    private String note(int depth) {
        return depth == 0 || random.nextInt(3) > 0
                ? "'" + Integer.toString(random.nextInt(1000), 36) + "'"
                : "attempt(" + literal(write(depth - 1)) + ")::text";
    }

    private String where() {
        return switch (random.nextInt(4)) {
            case 0 -> "";
            case 1 -> " WHERE id < " + key();
            default -> " WHERE id = " + key();
        };
    }

    private int key() {
        return random.nextInt(KEYS);
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
