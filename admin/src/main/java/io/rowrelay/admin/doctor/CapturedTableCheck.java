package io.rowrelay.admin.doctor;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.RolePath;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether the table is captured soundly: what the functions behind cdc_check find, told apart by their texts. */
final class CapturedTableCheck {
    static final Problem TABLE_MISSING =
            Problem.problem("table-missing", "The source table does not exist for this role.", Need.CAPTURE);

    static final Problem TABLE_REFUSED =
            Problem.problem("table-refused", "The source table cannot be captured; the text says why.", Need.CAPTURE);

    static final Problem CHANGE_TABLE_MISSING = Problem.problem(
            "change-table-missing", "The table is not captured: there is no change table.", Need.CAPTURE);

    static final Problem TRIGGER_MISSING = Problem.problem(
            "trigger-missing", "A trigger is missing. Changes of that kind are lost until a resync.", Need.PUBLISHABLE);

    static final Problem TRIGGER_DISABLED = Problem.problem(
            "trigger-disabled",
            "A trigger is disabled. Changes of that kind are lost until a resync.",
            Need.PUBLISHABLE);

    static final Problem TRIGGER_NOT_ALWAYS = Problem.problem(
            "trigger-not-always",
            "Sessions with session_replication_role = replica, such as restores, write without the trigger.",
            Need.PUBLISHABLE);

    static final Problem SEQUENCE_CACHE = Problem.problem(
            "sequence-cache",
            "A later change of a row can get the smaller action_id; the destination would ignore it.",
            Need.PUBLISHABLE);

    static final Problem CHANGE_TABLE_STALE = Problem.problem(
            "change-table-stale",
            "The change table has other columns than the source table. The producer has stopped.",
            Need.PUBLISHABLE);

    static final Problem PARTITION_TRIGGER = Problem.warning(
            "partition-trigger",
            "A partition is new or was detached. A TRUNCATE that names a new one is not captured; all other writes are.");

    static final Problem CAPTURE_UNSOUND = Problem.problem(
            "capture-unsound",
            "Something else differs from what cdc_capture makes; the text says what.",
            Need.PUBLISHABLE);

    private static final Map<Pattern, Problem> WORDS = words();
    private static final Pattern FUNCTION = Pattern.compile("there is no function .*|function .* is not as .*");
    private static final Set<Problem> LOSSES =
            Set.of(TRIGGER_DISABLED, TRIGGER_MISSING, TRIGGER_NOT_ALWAYS, CHANGE_TABLE_STALE, SEQUENCE_CACHE);

    private static final String CAPTURED = """
            SELECT DISTINCT format('%I.%I', n.nspname, c.relname)
            FROM parse_ident(?) AS part
            JOIN pg_catalog.pg_proc p ON p.proname = part[cardinality(part)] || '_insert' AND p.prosecdef
            JOIN pg_catalog.pg_trigger t ON t.tgfoid = p.oid AND t.tgname = 'cdc_insert' AND NOT t.tgisinternal
            JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            ORDER BY 1""";

    private record Flaw(int step, String text, String hint, boolean repairable) {
        Problem problem() {
            return WORDS.entrySet().stream()
                    .filter(words -> words.getKey().matcher(text).matches())
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(step == 0 ? TABLE_REFUSED : CAPTURE_UNSOUND);
        }

        boolean isOf(Problem other) {
            return problem().equals(other);
        }
    }

    private CapturedTableCheck() {}

    private static Map<Pattern, Problem> words() {
        Map<Pattern, Problem> words = new LinkedHashMap<>();
        words.put(Pattern.compile("there is no table .*"), TABLE_MISSING);
        words.put(Pattern.compile("there is no change table .*"), CHANGE_TABLE_MISSING);
        words.put(Pattern.compile(".* has no trigger cdc_\\w+"), TRIGGER_MISSING);
        words.put(Pattern.compile("partition .* is new: .*|.* is no partition of .* any more, .*"), PARTITION_TRIGGER);
        words.put(Pattern.compile("trigger cdc_\\w+ of .* is disabled"), TRIGGER_DISABLED);
        words.put(Pattern.compile("trigger cdc_\\w+ of .* is not enabled ALWAYS"), TRIGGER_NOT_ALWAYS);
        words.put(Pattern.compile("the sequence of .* has CACHE .*"), SEQUENCE_CACHE);
        words.put(
                Pattern.compile(
                        ".* lacks column .* of .*|.* has a column .* that .* has not|column .* of .* is .* and should be .*"),
                CHANGE_TABLE_STALE);
        return words;
    }

    static final Check CHECK = Check.ofSource(
            "capture-is-sound",
            Subject.CAPTURE,
            Set.of(Need.PRIMARY, Need.SOURCE_SCRIPTS),
            List.of(
                    TABLE_MISSING,
                    TABLE_REFUSED,
                    CHANGE_TABLE_MISSING,
                    TRIGGER_MISSING,
                    TRIGGER_DISABLED,
                    TRIGGER_NOT_ALWAYS,
                    SEQUENCE_CACHE,
                    CHANGE_TABLE_STALE,
                    PARTITION_TRIGGER,
                    CAPTURE_UNSOUND),
            CapturedTableCheck::look);

    private static List<CheckResult> look(Connection connection, CheckContext context) throws SQLException {
        AdminSettings settings = context.settings();
        List<Flaw> flaws = Query.list(
                connection,
                "SELECT step, problem, hint, repair IS NOT NULL FROM rowrelay.problems(?, " + RolePath.table("?")
                        + ", ?) ORDER BY step",
                row -> new Flaw(row.getInt(1), row.getString(2), shown(row.getString(3)), row.getBoolean(4)),
                settings.sourceTable(),
                settings.sourceTable(),
                settings.changeTable());
        List<CheckResult> results = new ArrayList<>();
        for (Flaw flaw : causes(flaws)) {
            List<String> renamed = flaw.isOf(TABLE_MISSING) ? captured(connection, settings) : List.of();
            results.add(renamed.isEmpty() ? result(flaw, settings) : renamed(flaw, renamed.get(0), settings));
        }
        return CheckResult.orOk(
                results,
                settings.sourceTable() + " is captured into " + settings.changeTable()
                        + ", triggers and sequence are sound");
    }

    /** The table whose triggers write the change table, whatever it is called now. */
    private static List<String> captured(Connection connection, AdminSettings settings) throws SQLException {
        return Query.list(connection, CAPTURED, row -> row.getString(1), settings.changeTable());
    }

    private static CheckResult renamed(Flaw flaw, String table, AdminSettings settings) {
        return CheckResult.found(
                TABLE_MISSING,
                flaw.text() + "; the triggers that write " + settings.changeTable() + " are on " + table
                        + ": it was renamed or moved",
                Remedy.byHand(
                        "set SOURCE_TABLE to " + table
                                + ", and STREAM, DESTINATION_TABLE and the topics to what they have"
                                + " been where they follow from its name, then run cdc_capture for it; or give it its name back"));
    }

    private static String shown(@Nullable String hint) {
        return hint == null ? "" : hint;
    }

    /** One cause has several effects: a function is stale because the table is, and missing with its trigger. */
    private static List<Flaw> causes(List<Flaw> flaws) {
        for (Problem first : List.of(TABLE_MISSING, CHANGE_TABLE_MISSING)) {
            List<Flaw> only = flaws.stream().filter(flaw -> flaw.isOf(first)).toList();
            if (!only.isEmpty()) {
                return only;
            }
        }
        boolean explained =
                flaws.stream().anyMatch(flaw -> flaw.isOf(CHANGE_TABLE_STALE) || flaw.isOf(TRIGGER_MISSING));
        return flaws.stream()
                .filter(flaw -> !explained || !FUNCTION.matcher(flaw.text()).matches())
                .toList();
    }

    private static CheckResult result(Flaw flaw, AdminSettings settings) {
        Problem problem = flaw.problem();
        if (!flaw.repairable()) {
            return CheckResult.found(problem, flaw.text(), Remedy.byHand(flaw.hint()));
        }
        return LOSSES.contains(problem)
                ? CheckResult.found(problem, flaw.text(), Remedy.capture(settings), Remedy.resync())
                : CheckResult.found(problem, flaw.text(), Remedy.capture(settings));
    }
}
