-- The index whose columns tell the rows of a table apart: the primary key, or else a unique index over columns of which none can be
-- NULL. That of REPLICA IDENTITY comes first, then the oldest. In Java: io.rowrelay.stream.table.jdbc.CatalogQuery.
-- The same file is in sql/source and sql/destination. Harmless when run again.
CREATE OR REPLACE FUNCTION rowrelay.key_index(source regclass)
RETURNS oid
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT i.indexrelid
    FROM pg_index AS i
    WHERE i.indrelid = source AND i.indisunique AND i.indisvalid AND (i.indisprimary OR i.indimmediate) AND i.indpred IS NULL AND i.indexprs IS NULL
      AND NOT EXISTS (
          SELECT FROM unnest(i.indkey::smallint[]) WITH ORDINALITY AS part (attnum, position)
          JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = part.attnum
          WHERE part.position <= i.indnkeyatts AND NOT a.attnotnull)
    ORDER BY i.indisprimary DESC, i.indisreplident DESC, i.indexrelid
    LIMIT 1;
$$;
