-- Which records of a batch the table refuses: the consumer asks this when it refused the batch as a whole. Everything is undone,
-- nothing is left of it.
-- Both run with the rights and the search_path of the caller, who passes the statement and could as well run it himself.

-- Runs the statement, undoes it and says why it was refused; nulls when it was not. Classes 21, 22 and 23 speak of the values;
-- 54000 and 54001 can, and the caller finds out. Every other failure is no answer, and goes through.
CREATE OR REPLACE FUNCTION rowrelay.rehearse(statement text, records bytea, keys text[], stream text,
                                             OUT state text, OUT message text, OUT subject text)
LANGUAGE plpgsql
AS $$
DECLARE
    constraint_of text;
    column_of text;
BEGIN
    EXECUTE statement USING records, keys, stream;
    RAISE EXCEPTION SQLSTATE 'RR000' USING MESSAGE = 'accepted';
EXCEPTION
    WHEN SQLSTATE 'RR000' THEN
        RETURN;
    WHEN cardinality_violation OR data_exception OR integrity_constraint_violation OR program_limit_exceeded THEN
        GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
            constraint_of = CONSTRAINT_NAME, column_of = COLUMN_NAME;
        -- As a condition, 54000 stands for its whole class.
        IF state LIKE '54%' AND state NOT IN ('54000', '54001') THEN
            RAISE;
        END IF;
        subject := coalesce(nullif(constraint_of, ''), nullif(column_of, ''), '');
END;
$$;

-- The records are one JSON array in UTF-8, begins[i] is where the i-th member begins, and the last of begins is one past the bracket. A
-- subtransaction that is undone counts no more, so there are never many at once, whatever the number of records.
CREATE OR REPLACE FUNCTION rowrelay.refused_records(statement text, records bytea, begins integer[], keys text[], stream text)
RETURNS TABLE (place integer, state text, message text, subject text)
LANGUAGE plpgsql
AS $$
DECLARE
    together CONSTANT integer := 16;
    first integer := 1;
    last integer;
    members integer := pg_catalog.cardinality(keys);
    said record;
BEGIN
    WHILE first <= members LOOP
        last := least(first + together - 1, members);
        said := rowrelay.rehearse(statement, rowrelay.members(records, begins, first, last), keys[first:last], stream);
        IF said.state IS NOT NULL THEN
            FOR i IN first..last LOOP
                said := rowrelay.rehearse(statement, rowrelay.members(records, begins, i, i), keys[i:i], stream);
                IF said.state IS NOT NULL THEN
                    place := i;
                    state := said.state;
                    message := said.message;
                    subject := said.subject;
                    RETURN NEXT;
                END IF;
            END LOOP;
        END IF;
        first := last + 1;
    END LOOP;
END;
$$;

-- Members of the array, as an array of their own.
CREATE OR REPLACE FUNCTION rowrelay.members(records bytea, begins integer[], first integer, last integer)
RETURNS bytea
LANGUAGE sql IMMUTABLE
AS $$
    SELECT '['::bytea || pg_catalog.substring(records, begins[first], begins[last + 1] - begins[first] - 1) || ']'::bytea;
$$;

GRANT EXECUTE ON FUNCTION rowrelay.rehearse(text, bytea, text[], text),
    rowrelay.refused_records(text, bytea, integer[], text[], text),
    rowrelay.members(bytea, integer[], integer, integer) TO PUBLIC;
