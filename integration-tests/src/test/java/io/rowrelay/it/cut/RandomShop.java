package io.rowrelay.it.cut;

import java.util.List;
import java.util.Random;

/** Tables with every kind of constraint and referential action, and statements that make their rows meet. */
final class RandomShop {
    private static final String TABLES = """
            CREATE TABLE parent (id int PRIMARY KEY, code int UNIQUE, val text);
            CREATE TABLE child (id int PRIMARY KEY, parent_id int REFERENCES parent ON DELETE CASCADE ON UPDATE CASCADE,
                slot int NOT NULL UNIQUE, boss int REFERENCES child ON DELETE SET NULL ON UPDATE CASCADE);
            CREATE TABLE grandchild (id int PRIMARY KEY, child_id int DEFAULT 1 REFERENCES child ON DELETE SET DEFAULT ON UPDATE CASCADE,
                rank int UNIQUE DEFERRABLE INITIALLY DEFERRED, val text);
            CREATE TABLE coded (a int, b int, code int REFERENCES parent (code) ON DELETE SET NULL ON UPDATE CASCADE,
                other int REFERENCES parent DEFERRABLE INITIALLY DEFERRED, span int4range, PRIMARY KEY (a, b),
                EXCLUDE USING gist (span WITH &&));
            CREATE TABLE guarded (id int PRIMARY KEY, grandchild_id int REFERENCES grandchild ON DELETE RESTRICT ON UPDATE RESTRICT,
                parent_id int REFERENCES parent ON DELETE CASCADE ON UPDATE NO ACTION, tag text UNIQUE)""";

    /** Where the consumer cannot write past it, a foreign key that does not name the key must not act. */
    static String tables(boolean replica) {
        return replica ? TABLES : TABLES.replace("(code) ON DELETE SET NULL ON UPDATE CASCADE", "(code)");
    }

    static final List<String> NAMES = List.of("parent", "child", "grandchild", "coded", "guarded");

    private static final int KEYS = 7;

    private RandomShop() {}

    static String next(Random random) {
        int a = 1 + random.nextInt(KEYS);
        int b = 1 + random.nextInt(KEYS);
        int c = 1 + random.nextInt(KEYS);
        int v = random.nextInt(1000);
        return switch (random.nextInt(31)) {
            case 0, 1 -> "INSERT INTO parent VALUES (%d, %d, 'v%d') ON CONFLICT DO NOTHING".formatted(a, b, v);
            case 2 ->
                "INSERT INTO parent SELECT n, n + %d, 'all' FROM generate_series(1, %d) n ON CONFLICT DO NOTHING"
                        .formatted(c, KEYS);
            case 3, 4 -> "INSERT INTO child VALUES (%d, %d, %d, %d) ON CONFLICT DO NOTHING".formatted(a, b, c, b);
            case 5 ->
                "INSERT INTO child SELECT n, n, n + %d, %d FROM generate_series(1, %d) n ON CONFLICT DO NOTHING"
                        .formatted(c, a, KEYS);
            case 6, 7 ->
                "INSERT INTO grandchild SELECT n, n, n + %d, 'g%d' FROM generate_series(%d, %d) n ON CONFLICT (id) DO NOTHING"
                        .formatted(100 * a, v, Math.min(a, b), Math.max(a, b));
            case 8, 9 ->
                "INSERT INTO coded VALUES (%d, %d, (SELECT code FROM parent WHERE id = %d), %d, int4range(%d, %d)) ON CONFLICT DO NOTHING"
                        .formatted(a, b, c, a, 10 * c, 10 * c + b);
            case 10, 11 ->
                "INSERT INTO guarded VALUES (%d, %d, %d, 'tag%d') ON CONFLICT DO NOTHING".formatted(a, b, c, b);
            case 12 -> "UPDATE parent SET code = code + 1";
            case 13 ->
                "UPDATE parent SET code = NULL WHERE id = %1$d; UPDATE parent SET code = %3$d WHERE id = %2$d; UPDATE parent SET code = %4$d WHERE id = %1$d"
                        .formatted(a, b, c, v);
            case 14 -> "UPDATE parent SET id = %d WHERE id = %d".formatted(a, b);
            case 15 ->
                "UPDATE parent SET id = 99 WHERE id = %1$d; UPDATE parent SET id = %1$d WHERE id = %2$d; UPDATE parent SET id = %2$d WHERE id = 99"
                        .formatted(a, b);
            case 16 ->
                "UPDATE child SET slot = -slot WHERE id IN (%1$d, %2$d); UPDATE child SET slot = (SELECT -slot FROM child o WHERE o.id = %3$d) WHERE id = %1$d"
                        .formatted(a, b, b);
            case 17 ->
                "WITH one AS (SELECT slot FROM child WHERE id = %1$d) DELETE FROM child WHERE id = %1$d; INSERT INTO child SELECT %2$d, %3$d, %4$d, NULL ON CONFLICT DO NOTHING"
                        .formatted(a, b, c, v % 10);
            case 18 -> "UPDATE child SET parent_id = %d, boss = %d WHERE id = %d".formatted(a, b, c);
            case 19 -> "UPDATE child SET id = %d WHERE id = %d".formatted(a, b);
            case 20 ->
                "UPDATE grandchild SET rank = CASE id WHEN %1$d THEN (SELECT rank FROM grandchild WHERE id = %2$d) ELSE (SELECT rank FROM grandchild WHERE id = %1$d) END WHERE id IN (%1$d, %2$d)"
                        .formatted(a, b);
            case 21 -> "UPDATE grandchild SET child_id = %d, val = 'u%d' WHERE id = %d".formatted(a, v, b);
            case 22 ->
                "UPDATE coded SET span = int4range(%d, %d), a = %d WHERE b = %d".formatted(10 * a, 10 * a + 5, c, b);
            case 23 ->
                "UPDATE guarded SET tag = 'x' || tag WHERE id = %1$d; UPDATE guarded SET tag = 'tag%3$d' WHERE id = %2$d"
                        .formatted(a, b, c);
            case 24 -> "DELETE FROM parent WHERE id = %d".formatted(a);
            case 25 -> "DELETE FROM child WHERE id IN (%d, %d)".formatted(a, b);
            case 26 -> "DELETE FROM grandchild WHERE id = %d".formatted(a);
            case 27 -> "DELETE FROM coded WHERE a = %d".formatted(a);
            case 28 -> "DELETE FROM guarded WHERE id %% 3 = %d".formatted(a % 3);
            case 29 -> "UPDATE parent SET val = 'w%d' WHERE id = %d".formatted(v, a);
            default -> "SET CONSTRAINTS ALL " + (v % 2 == 0 ? "DEFERRED" : "IMMEDIATE");
        };
    }
}
