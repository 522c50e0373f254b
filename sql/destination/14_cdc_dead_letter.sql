-- Which dead letters rowrelay dlq has dealt with, because Kafka cannot take a single record out of a topic; and which dead letters
-- there are, so that the open ones can be counted without reading them again. Harmless when run again.

CREATE TABLE IF NOT EXISTS cdc_dead_letter (
    stream          text        NOT NULL,
    -- The identity of the dead-letter topic: one that is created again under the same name has another.
    topic_id        text        NOT NULL,
    topic_partition integer     NOT NULL,
    record_offset   bigint      NOT NULL,
    state           text        NOT NULL CHECK (state IN ('replayed', 'discarded')),
    -- How often this dead letter was sent to the stream's topic.
    replays         integer     NOT NULL DEFAULT 0,
    at              timestamptz NOT NULL DEFAULT clock_timestamp(),
    by              text        NOT NULL DEFAULT session_user,
    PRIMARY KEY (stream, topic_id, topic_partition, record_offset)
);

-- Which records of a dead-letter topic are of the stream: several streams can share one. The consumer notes it within seconds. Its
-- role needs no more rights than cdc_grant_destination gives.
CREATE TABLE IF NOT EXISTS cdc_dead_letter_seen (
    stream          text           NOT NULL,
    topic_id        text           NOT NULL,
    topic_partition integer        NOT NULL,
    -- Every dead letter before it has been looked at.
    read_to         bigint         NOT NULL,
    -- The offsets of the stream's dead letters that the topic still had then. More than 10,000 ranges are joined.
    letters         int8multirange NOT NULL,
    -- How many of the stream's letters were records that the consumer rejected; the others are references to changes that were too
    -- large for the topic.
    rejected        bigint         NOT NULL DEFAULT 0,
    -- Dead letters that the topic dropped before anything was done about them.
    lost            bigint         NOT NULL DEFAULT 0,
    PRIMARY KEY (stream, topic_id, topic_partition)
);
