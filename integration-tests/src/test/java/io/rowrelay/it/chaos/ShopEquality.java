package io.rowrelay.it.chaos;

import io.rowrelay.it.stack.Databases;
import java.util.ArrayList;
import java.util.List;

/** Compares the tables of the shop in the two databases. */
final class ShopEquality {
    private static final String TABLES = "SELECT c.oid::regclass::text FROM pg_class c"
            + " WHERE c.relnamespace = 'shop'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
            + " AND NOT c.relname LIKE '%\\_cdc' ORDER BY 1";

    private ShopEquality() {}

    /** The tables of a database. */
    static List<String> tables(String url) {
        return Databases.query(url, TABLES);
    }

    /** The tables that differ, with the number of rows on either side. */
    static List<String> differences(String sourceUrl, String destinationUrl) {
        List<String> differences = new ArrayList<>();
        for (String table : tables(destinationUrl)) {
            String sum = "SELECT count(*) || ' rows, sum ' || coalesce(sum(hashtextextended(t::text, 0)), 0) FROM "
                    + table + " t";
            String source = Databases.query(sourceUrl, sum).get(0);
            String destination = Databases.query(destinationUrl, sum).get(0);
            if (!source.equals(destination)) {
                differences.add(table + ": source " + source + ", destination " + destination);
            }
        }
        return differences;
    }
}
