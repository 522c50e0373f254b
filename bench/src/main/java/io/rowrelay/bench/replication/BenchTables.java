package io.rowrelay.bench.replication;

import io.rowrelay.sandbox.load.WrittenRows;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The tables that a pair of databases has, empty.
 *
 * @param definition what creates them, on either side
 * @param rows what single transactions write
 * @param columns of each table the columns that are compared; the first is the key, a number
 */
public record BenchTables(String definition, WrittenRows rows, Map<String, List<String>> columns) {
    private static final int ROWS_PER_BLOCK = 1_000;
    private static final String CHECKSUMS = """
            SELECT format('%1$s %%s-%%s', %2$s / %3$d * %3$d, (%2$s / %3$d + 1) * %3$d - 1),
                   count(*) || ' ' || sum(hashtextextended(row(%4$s)::text, 0)::numeric)
              FROM %1$s
             GROUP BY 1""";

    /** What the demo has too. */
    public static final BenchTables EMPLOYEES = new BenchTables(
            """
            CREATE TABLE employees (emp_id serial PRIMARY KEY, first_name varchar(100), last_name varchar(100), dob date,
                                    city varchar(100), salary numeric(12, 2));
            """,
            WrittenRows.EMPLOYEES,
            Map.of("employees", List.of("emp_id", "first_name", "last_name", "dob", "city", "salary")));

    /** Those of TPC-B, with rows, and what makes its transactions. */
    public static final BenchTables TPC_B = new BenchTables(
            """
            CREATE TABLE branches (bid integer PRIMARY KEY, bbalance integer NOT NULL);
            CREATE TABLE tellers (tid integer PRIMARY KEY, bid integer NOT NULL, tbalance integer NOT NULL);
            CREATE TABLE accounts (aid integer PRIMARY KEY, bid integer NOT NULL, abalance integer NOT NULL);
            CREATE TABLE history (hid integer PRIMARY KEY, tid integer NOT NULL, bid integer NOT NULL, aid integer NOT NULL,
                                  delta integer NOT NULL, mtime timestamptz NOT NULL);
            INSERT INTO branches SELECT n, 0 FROM generate_series(0, 9) AS n;
            INSERT INTO tellers SELECT n, n / 10, 0 FROM generate_series(0, 99) AS n;
            INSERT INTO accounts SELECT n, n / 10000, 0 FROM generate_series(0, 99999) AS n;

            CREATE FUNCTION bench_transfer(n integer) RETURNS void LANGUAGE plpgsql AS $$
            DECLARE
                account CONSTANT integer := n * bigint '48271' % 99991;
                teller CONSTANT integer := n * bigint '7919' % 97;
                amount CONSTANT integer := n % 10001 - 5000;
            BEGIN
                UPDATE accounts SET abalance = abalance + amount WHERE aid = account;
                UPDATE tellers SET tbalance = tbalance + amount WHERE tid = teller;
                UPDATE branches SET bbalance = bbalance + amount WHERE bid = teller / 10;
                INSERT INTO history VALUES (n, teller, teller / 10, account, amount, clock_timestamp());
            END $$;

            CREATE PROCEDURE bench_transfers(first integer, last integer) LANGUAGE plpgsql AS $$
            BEGIN
                FOR n IN first..last LOOP
                    PERFORM bench_transfer(n);
                    COMMIT;
                END LOOP;
            END $$;
            """,
            new WrittenRows(List.of("SELECT bench_transfer(?)"), "SELECT hid FROM history WHERE hid >= ? ORDER BY hid"),
            Map.of(
                    "branches", List.of("bid", "bbalance"),
                    "tellers", List.of("tid", "bid", "tbalance"),
                    "accounts", List.of("aid", "bid", "abalance"),
                    "history", List.of("hid", "tid", "bid", "aid", "delta", "mtime")));

    /** Many tables; single transactions write to the first ones in turns. */
    public static BenchTables many(int tables, int written) {
        List<String> names =
                IntStream.rangeClosed(1, tables).mapToObj(n -> "t_" + n).toList();
        return new BenchTables(
                names.stream()
                        .map(name -> "CREATE TABLE " + name
                                + " (id integer PRIMARY KEY, name text, amount numeric, changed_at timestamptz);")
                        .collect(Collectors.joining()),
                new WrittenRows(
                        names.stream()
                                .limit(written)
                                .map(name -> "INSERT INTO " + name + " VALUES (?, 'Steady', 12.5, now())")
                                .toList(),
                        "SELECT id FROM t_1 WHERE id >= ? ORDER BY id"),
                names.stream()
                        .collect(
                                Collectors.toMap(name -> name, name -> List.of("id", "name", "amount", "changed_at"))));
    }

    public BenchTables {
        columns = Map.copyOf(columns);
    }

    /** A statement that returns a checksum over every row, block by block. */
    String checksums() {
        return columns.entrySet().stream()
                .map(table -> CHECKSUMS.formatted(
                        table.getKey(), table.getValue().get(0), ROWS_PER_BLOCK, String.join(", ", table.getValue())))
                .collect(Collectors.joining(" UNION ALL "));
    }
}
