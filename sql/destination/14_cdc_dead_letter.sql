-- What has been done about dead letters, by admin.jar: Kafka cannot take a single record out of a topic. No daemon needs it.
-- Harmless when run again.

CREATE TABLE IF NOT EXISTS cdc_dead_letter (
    stream          text        NOT NULL,
    -- The identity of the dead-letter topic: one that is created again under the same name has another.
    topic_id        text        NOT NULL,
    topic_partition integer     NOT NULL,
    record_offset   bigint      NOT NULL,
    state           text        NOT NULL CHECK (state IN ('replayed', 'discarded')),
    -- How often this letter was sent to the stream's topic.
    replays         integer     NOT NULL DEFAULT 0,
    at              timestamptz NOT NULL DEFAULT clock_timestamp(),
    by              text        NOT NULL DEFAULT session_user,
    PRIMARY KEY (stream, topic_id, topic_partition, record_offset)
);
