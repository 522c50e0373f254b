package io.rowrelay.admin.doctor;

import static io.rowrelay.admin.doctor.Severity.PROBLEM;
import static io.rowrelay.admin.doctor.Severity.WARNING;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/** Everything that can be wrong, with what it means. docs/reference/doctor.md is written from this list. */
public enum Ailment {
    SOURCE_UNREACHABLE(
            Subject.SOURCE,
            PROBLEM,
            "The source database does not answer. The producer waits; nothing is lost, changes go on being captured.",
            Need.SOURCE,
            Need.PRIMARY,
            Need.SOURCE_SCRIPTS,
            Need.CAPTURE,
            Need.CHANGES),
    SOURCE_LOGIN_REFUSED(
            Subject.SOURCE,
            PROBLEM,
            "The source database answers, but refuses role, password or database name. A producer with the same settings"
                    + " waits.",
            Need.SOURCE,
            Need.PRIMARY,
            Need.SOURCE_SCRIPTS,
            Need.CAPTURE,
            Need.CHANGES),
    SOURCE_POOLER(
            Subject.SOURCE,
            PROBLEM,
            "A pooler that shares sessions between its clients stands before the source database. A producer with the same"
                    + " settings waits: its lock would have no owner.",
            Need.SOURCE,
            Need.PRIMARY,
            Need.SOURCE_SCRIPTS,
            Need.CAPTURE,
            Need.CHANGES),
    SOURCE_STANDBY(
            Subject.SOURCE,
            PROBLEM,
            "Changes are read from the primary only: the producer waits until this server is promoted.",
            Need.PRIMARY,
            Need.CAPTURE,
            Need.CHANGES),
    SOURCE_VERSION(Subject.SOURCE, PROBLEM, "The source is older than PostgreSQL 14, which lacks what capture needs."),
    SOURCE_SCRIPTS_MISSING(
            Subject.SOURCE,
            PROBLEM,
            "The tables and functions of sql/source are not there, or not on the role's search path.",
            Need.SOURCE_SCRIPTS,
            Need.CAPTURE,
            Need.CHANGES),
    SOURCE_SCRIPTS_OLD(
            Subject.SOURCE,
            WARNING,
            "sql/source is of an earlier version: what was added since does not work, such as pause or backfill."),
    SOURCE_RESTORED(
            Subject.SOURCE,
            PROBLEM,
            "The source is not the database that the checkpoint was written against, or an earlier state of it. The"
                    + " producer refuses to run, since it would lose changes.",
            Need.PUBLISHABLE),
    SOURCE_FORMER_PRIMARY(
            Subject.SOURCE,
            PROBLEM,
            "The source is a former primary that came back after a failover: the producer refuses it, and what is written to it is"
                    + " lost when it is rejoined."),
    OPEN_TRANSACTION(
            Subject.SOURCE,
            WARNING,
            "A transaction is open for long. Its changes come when it commits, others do not wait for it; but dead rows"
                    + " of the change table cannot be removed, and ALTER TABLE and cdc_capture wait for it."),
    TRANSACTION_BLOCKS(
            Subject.SOURCE, WARNING, "Sessions wait for locks of another one, for longer than a change may wait."),
    PREPARED_TRANSACTION(
            Subject.SOURCE,
            WARNING,
            "A prepared transaction was left. It holds its locks and keeps dead rows until somebody ends it; no restart"
                    + " does."),
    TABLE_MISSING(
            Subject.CAPTURE, PROBLEM, "The source table does not exist for this role.", Need.CAPTURE, Need.CHANGES),
    TABLE_REFUSED(
            Subject.CAPTURE,
            PROBLEM,
            "The source table is of a kind that cannot be captured; the text says why.",
            Need.CAPTURE,
            Need.CHANGES),
    CHANGE_TABLE_MISSING(
            Subject.CAPTURE,
            PROBLEM,
            "The table is not captured: there is no change table.",
            Need.CAPTURE,
            Need.CHANGES),
    TRIGGER_MISSING(
            Subject.CAPTURE,
            PROBLEM,
            "Changes of that kind are not captured, and are lost until a resync.",
            Need.PUBLISHABLE),
    TRIGGER_DISABLED(
            Subject.CAPTURE,
            PROBLEM,
            "Changes of that kind are not captured, and are lost until a resync.",
            Need.PUBLISHABLE),
    TRIGGER_NOT_ALWAYS(
            Subject.CAPTURE,
            PROBLEM,
            "Sessions with session_replication_role = replica, such as restores, write past the trigger.",
            Need.PUBLISHABLE),
    SEQUENCE_CACHE(
            Subject.CAPTURE,
            PROBLEM,
            "A later change of a row can get the smaller action_id, and the destination takes it for the older one.",
            Need.PUBLISHABLE),
    CHANGE_TABLE_STALE(
            Subject.CAPTURE,
            PROBLEM,
            "The columns of the change table are not those of the source table: the producer has stopped.",
            Need.PUBLISHABLE),
    CAPTURE_UNSOUND(
            Subject.CAPTURE,
            PROBLEM,
            "Something else of the capture is not as cdc_capture makes it; the text says what.",
            Need.PUBLISHABLE),
    SOURCE_PRIVILEGE(
            Subject.PRODUCER,
            PROBLEM,
            "The producer's role lacks a right: the producer waits, or cannot remove old rows.",
            Need.CHANGES,
            Need.PUBLISHABLE),
    PRODUCER_MISSING(
            Subject.PRODUCER,
            PROBLEM,
            "Nobody holds the stream's lock: changes are captured, but nobody publishes them."),
    PRODUCER_PAUSED(Subject.PRODUCER, WARNING, "Somebody paused the stream: changes are captured and wait."),
    PUBLISHING_LATE(
            Subject.PRODUCER,
            PROBLEM,
            "A producer is active, and yet changes wait for long: its log and /health/ready say for what."),
    RETENTION_BEHIND(
            Subject.CHANGE_TABLE,
            WARNING,
            "Published changes are there that the retention should have removed: the change table grows."),
    DEAD_ROWS(
            Subject.CHANGE_TABLE,
            WARNING,
            "The change table has more dead rows than live ones: vacuum does not keep up, and every look costs more."),
    KAFKA_UNREACHABLE(
            Subject.TOPIC,
            PROBLEM,
            "No broker answers as it should. Both daemons wait; nothing is lost.",
            Need.KAFKA,
            Need.TOPIC),
    BROKER_DISK(Subject.TOPIC, WARNING, "The disk of a broker is nearly full. When it is full, the broker ends."),
    TOPIC_MISSING(
            Subject.TOPIC,
            PROBLEM,
            "The topic is not there. A producer creates it anew, but what it held and was not applied is lost until a"
                    + " resync.",
            Need.TOPIC),
    TOPIC_COMPACTED(
            Subject.TOPIC,
            PROBLEM,
            "Compaction drops records by their age among those of a key; a consumer that is behind misses changes, and"
                    + " other readers see no history."),
    TOPIC_OUTLIVES_TOMBSTONES(
            Subject.TOPIC,
            PROBLEM,
            "Kafka keeps records for longer than the destination remembers deletions: a topic that is read again can"
                    + " bring deleted rows back."),
    TOPIC_RETENTION_SHORT(
            Subject.TOPIC,
            WARNING,
            "The topic keeps records for less than a day, or by size only: a consumer that is out for longer loses"
                    + " changes."),
    TOPIC_PARTITIONS(Subject.TOPIC, WARNING, "The topic has another number of partitions than TOPIC_PARTITIONS says."),
    TOPIC_REPLICATION(
            Subject.TOPIC,
            WARNING,
            "The topic has fewer replicas than TOPIC_REPLICATION_FACTOR says, or one only on a cluster of several."),
    TOPIC_ONE_COPY(
            Subject.TOPIC,
            WARNING,
            "The topic has one replica, on a cluster of one broker. A broker does not wait for its disk: when its machine loses"
                    + " power, it takes back records that it had acknowledged. The producer publishes those again; when the"
                    + " disk is lost, so is what was not applied."),
    TOPIC_MIN_INSYNC(
            Subject.TOPIC,
            WARNING,
            "min.insync.replicas is 1: a record counts as acknowledged while one replica alone has it, and is lost with that"
                    + " one. The producer publishes it again where it notices."),
    TOPIC_UNCLEAN_ELECTION(
            Subject.TOPIC,
            WARNING,
            "unclean.leader.election.enable is true: a replica that is behind can become the leader, and then the topic loses"
                    + " records that it had acknowledged. The producer publishes them again where it notices."),
    TOPIC_UNDER_REPLICATED(
            Subject.TOPIC,
            PROBLEM,
            "Replicas of the topic are missing. Below min.insync.replicas nothing can be published."),
    DEAD_LETTER_TOPIC_MISSING(
            Subject.TOPIC,
            PROBLEM,
            "The dead-letter topic is not there: the consumer stops at the next record that it has to refuse."),
    DEAD_LETTERS_FORGOTTEN(
            Subject.TOPIC, WARNING, "The dead-letter topic drops records by age or size, looked at or not."),
    DEAD_LETTERS(
            Subject.TOPIC,
            PROBLEM,
            "Dead letters are open: changes were rejected or too large, and are not in the destination. Each counts until it is"
                    + " replayed or discarded."),
    DEAD_LETTERS_LOST(
            Subject.TOPIC,
            PROBLEM,
            "The dead-letter topic dropped letters before anything was done about them: their rows may differ, and the"
                    + " letters do not say which any more."),
    CONSUMER_MISSING(Subject.GROUP, PROBLEM, "The consumer group has no member: nobody applies what is published."),
    GROUP_REBALANCING(
            Subject.GROUP, WARNING, "The group shares out its partitions anew; that takes seconds, not minutes."),
    PARTITION_UNASSIGNED(
            Subject.GROUP, WARNING, "The group has members, but a partition has no consumer: nobody applies it."),
    CONSUMER_STUCK(
            Subject.GROUP,
            PROBLEM,
            "A consumer has the partition, and yet its records wait for long: its log and /health/ready say for what."),
    RECORDS_DROPPED(
            Subject.GROUP, PROBLEM, "The topic has dropped records before they were applied: these changes are lost."),
    TOPIC_CUT(
            Subject.GROUP,
            PROBLEM,
            "The topic ends before the place up to which it is applied: the broker lost records that it had acknowledged. While both"
                    + " daemons run, the producer publishes these changes again and the consumer reads from where the topic was cut."),
    TOPIC_REPLACED(
            Subject.GROUP,
            PROBLEM,
            "The topic was created again under its name since it was applied last: what the former one still held is"
                    + " lost."),
    DESTINATION_BEHIND(
            Subject.GROUP,
            WARNING,
            "The destination has applied less than the group has committed, as after a restore: the consumer reads"
                    + " again from there when it starts."),
    DESTINATION_UNREACHABLE(
            Subject.DESTINATION,
            PROBLEM,
            "The destination database does not answer. The consumer waits; nothing is lost while the topic keeps records.",
            Need.DESTINATION,
            Need.DESTINATION_SCRIPTS,
            Need.DESTINATION_TABLE),
    DESTINATION_LOGIN_REFUSED(
            Subject.DESTINATION,
            PROBLEM,
            "The destination database answers, but refuses role, password or database name. A consumer with the same"
                    + " settings waits.",
            Need.DESTINATION,
            Need.DESTINATION_SCRIPTS,
            Need.DESTINATION_TABLE),
    DESTINATION_POOLER(
            Subject.DESTINATION,
            PROBLEM,
            "A pooler that shares sessions between its clients stands before the destination database. A consumer with the"
                    + " same settings waits: its settings would reach other applications.",
            Need.DESTINATION,
            Need.DESTINATION_SCRIPTS,
            Need.DESTINATION_TABLE),
    DESTINATION_READ_ONLY(
            Subject.DESTINATION, PROBLEM, "The destination is a standby or read-only: the consumer waits."),
    DESTINATION_VERSION(Subject.DESTINATION, PROBLEM, "The destination is older than PostgreSQL 14."),
    DESTINATION_SCRIPTS_MISSING(
            Subject.DESTINATION,
            PROBLEM,
            "The tables and functions of sql/destination are not there, or not on the role's search path.",
            Need.DESTINATION_SCRIPTS,
            Need.DESTINATION_TABLE),
    DESTINATION_SCRIPTS_OLD(
            Subject.DESTINATION,
            WARNING,
            "sql/destination is of an earlier version: what was added since does not work, such as dlq, and sorting out bad"
                    + " records takes many more round trips."),
    DESTINATION_TABLE_MISSING(
            Subject.DESTINATION,
            PROBLEM,
            "The destination table does not exist for this role: the consumer waits.",
            Need.DESTINATION_TABLE),
    DESTINATION_NO_ACTION_ID(
            Subject.DESTINATION,
            PROBLEM,
            "The column action_id is missing, by which old changes are told from new ones, or is the table's own: the consumer waits."),
    DESTINATION_UNMARKED(
            Subject.DESTINATION,
            WARNING,
            "Nothing marks the column action_id as the consumer's, as where an earlier version made it, or the table is a copy: the"
                    + " consumer goes on, and waits should the stream's progress be lost or its table get another name."),
    DESTINATION_UNFIT(
            Subject.DESTINATION,
            PROBLEM,
            "The destination table cannot be written by the consumer; the text says why."),
    DESTINATION_KEY_DIFFERS(
            Subject.DESTINATION,
            PROBLEM,
            "Source and destination have different primary keys: changes become dead letters, or hit other rows."),
    DESTINATION_COLUMN_MISSING(
            Subject.DESTINATION,
            PROBLEM,
            "A column that is captured is missing in the destination: the consumer waits at the first change that has it."),
    DESTINATION_COLUMN_NARROWER(
            Subject.DESTINATION,
            PROBLEM,
            "A column holds less in the destination than in the source: changes with larger values become dead letters."),
    DESTINATION_COLUMN_TYPE(
            Subject.DESTINATION,
            WARNING,
            "A column has another type in the destination: values may be refused, or print differently."),
    DESTINATION_COLUMN_REQUIRED(
            Subject.DESTINATION,
            PROBLEM,
            "A column must not be NULL in the destination, and can be in the source, or no change fills it: changes become"
                    + " dead letters."),
    DESTINATION_ENUM_LABEL(
            Subject.DESTINATION,
            PROBLEM,
            "An enum of the destination lacks labels of the source: changes with them become dead letters."),
    DESTINATION_CONDITION(
            Subject.DESTINATION,
            WARNING,
            "The destination has a CHECK that the source has not: changes that it refuses become dead letters."),
    DESTINATION_SHARED(
            Subject.DESTINATION,
            WARNING,
            "Another stream writes the table as well, and no row says whose it is: resync, reanchor and verify --repair refuse"
                    + " to run without --where."),
    DESTINATION_COLUMN_GENERATED(
            Subject.DESTINATION,
            WARNING,
            "The destination computes a column itself, otherwise than the source does: what the changes say of it is not"
                    + " written."),
    DESTINATION_COLUMN_IDENTITY(
            Subject.DESTINATION,
            PROBLEM,
            "A captured column is GENERATED ALWAYS AS IDENTITY in the destination, where no UPDATE can set it: the consumer"
                    + " waits."),
    DESTINATION_TRIGGER(
            Subject.DESTINATION,
            WARNING,
            "A trigger or rule of the destination acts on replicated rows and can make them differ from the source. It does"
                    + " not where the consumer's role may set session_replication_role, unless it is enabled ALWAYS or"
                    + " REPLICA."),
    DESTINATION_CASCADE(
            Subject.DESTINATION,
            WARNING,
            "A foreign key deletes or changes rows of another table with a row of this one, also rows that are newer than"
                    + " the change. It does not where the consumer's role may set session_replication_role."),
    DESTINATION_ROW_SECURITY(
            Subject.DESTINATION,
            PROBLEM,
            "Row-level security would hide rows from the consumer's role: the consumer waits rather than miss them."),
    DESTINATION_COLUMN_NOT_GENERATED(
            Subject.DESTINATION,
            WARNING,
            "A virtual generated column of the source is stored nowhere, so it is not captured: a plain column stays NULL in the"
                    + " destination."),
    DESTINATION_CONSTRAINT(
            Subject.DESTINATION,
            WARNING,
            "Changes of different keys arrive in another order than they were made in, so the constraint may refuse rows"
                    + " that the source accepted."),
    DESTINATION_PRIVILEGE(
            Subject.DESTINATION, PROBLEM, "The consumer's role lacks a right in the destination: the consumer waits."),
    CLOCKS_DIFFER(
            Subject.CLOCKS,
            WARNING,
            "Clocks differ: lag and latency are wrong by as much, and retention removes earlier or later. Order is not"
                    + " touched, it hangs on no clock.");

    private final Subject subject;
    private final Severity severity;
    private final String meaning;

    @SuppressWarnings("ImmutableEnumChecker") // a copy that nobody can change
    private final Set<Need> missing;

    Ailment(Subject subject, Severity severity, String meaning, Need... missing) {
        this.subject = subject;
        this.severity = severity;
        this.meaning = meaning;
        this.missing = Set.copyOf(Arrays.asList(missing));
    }

    /** Its name for people and programs; it stays the same. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What has it. */
    public Subject subject() {
        return subject;
    }

    /** How bad it is. */
    public Severity severity() {
        return severity;
    }

    /** What it means, for people. */
    public String meaning() {
        return meaning;
    }

    /** What is not there where this is found. */
    Set<Need> missing() {
        return missing;
    }
}
