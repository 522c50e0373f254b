package io.rowrelay.common.settings;

import java.util.Set;

/**
 * The names of the settings of both daemons and of the commands. A daemon does not know the other, but both often run with one set of variables
 * or one file: a name that the other one reads is never a mistake. A test of each daemon holds this list to its table.
 */
public final class KnownNames {

    private static final Set<String> NAMES = Set.of(
            "ADMIN_TIMEOUT",
            "CAPTURE_CHECK_INTERVAL",
            "CHANGE_TABLE",
            "CONSUMER_HTTP_PORT",
            "CONSUMER_STATUS_PEER",
            "DESTINATION_DB_PASSWORD",
            "DESTINATION_DB_PASSWORD_FILE",
            "DESTINATION_DB_URL",
            "DESTINATION_DB_USER",
            "DESTINATION_TABLE",
            "DLQ_TOPIC",
            "HTTP_HOST",
            "HTTP_PORT",
            "KAFKA_BOOTSTRAP_SERVERS",
            "KAFKA_GROUP_ID",
            "LIVENESS_TIMEOUT",
            "LOG_FORMAT",
            "LOG_LEVEL",
            "PAGE_SIZE",
            "POLL_IDLE_MAX",
            "PRODUCER_HTTP_PORT",
            "PRODUCER_STATUS_PEER",
            "PUBLISH_AFTER_FLUSH_BY",
            "RECORD_SCHEMA",
            "REFERENCE_WAIT",
            "REFUSALS_BEFORE_STOP",
            "RETENTION",
            "SOURCE_DB_PASSWORD",
            "SOURCE_DB_PASSWORD_FILE",
            "SOURCE_DB_URL",
            "SOURCE_DB_USER",
            "SOURCE_TABLE",
            "STATUS_PEER",
            "STREAM",
            "TOMBSTONE_RETENTION",
            "TOPIC",
            "TOPIC_PARTITIONS",
            "TOPIC_REPLICATION_FACTOR");

    private KnownNames() {}

    public static boolean contains(String name) {
        return NAMES.contains(name);
    }

    static Set<String> all() {
        return NAMES;
    }
}
