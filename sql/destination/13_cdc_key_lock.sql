-- What a batch locks before it writes: a row for each class of keys of a stream, so that two consumers that hold records of one key
-- apply them one after the other. Rows, because any role that may connect can take any advisory lock, and hold it for ever. The
-- consumer adds the rows and never changes them. Harmless when run again.

CREATE TABLE IF NOT EXISTS cdc_key_lock (
    stream text    NOT NULL,
    class  integer NOT NULL,
    PRIMARY KEY (stream, class)
);
