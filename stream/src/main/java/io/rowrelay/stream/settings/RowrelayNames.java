package io.rowrelay.stream.settings;

import io.rowrelay.common.settings.ProductNames;
import java.util.List;
import java.util.Set;

/**
 * The names of the settings of both daemons and of the commands, which do not know each other. A test of each program finds the names
 * of its table that are missing here.
 */
public final class RowrelayNames {

    /** The settings, and what those of a database begin with. */
    public static final ProductNames ALL = new ProductNames(
            Set.of(
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
                    "HTTP_TLS_CERTIFICATE",
                    "HTTP_TLS_KEY",
                    "HTTP_TOKEN",
                    "HTTP_TOKEN_FILE",
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
                    "UNSOUND_TABLE",
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
                    "TOPIC_REPLICATION_FACTOR"),
            List.of("SOURCE_DB_", "DESTINATION_DB_"));

    private RowrelayNames() {}
}
