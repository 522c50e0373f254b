package io.rowrelay.admin.doctor.jdbc;

import io.rowrelay.admin.command.Database;
import io.rowrelay.admin.doctor.Ailment;
import io.rowrelay.admin.doctor.Check;
import io.rowrelay.admin.doctor.Finding;
import io.rowrelay.admin.doctor.Need;
import io.rowrelay.admin.doctor.Remedy;
import io.rowrelay.admin.doctor.StreamNames;
import io.rowrelay.admin.doctor.Subject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the database's own functions behind cdc_check find, told apart by their words. */
final class CaptureSound {
    private static final Map<Pattern, Ailment> WORDS = words();
    private static final Pattern FUNCTION = Pattern.compile("there is no function .*|function .* is not as .*");
    private static final Set<Ailment> LOSSES = Set.of(
            Ailment.TRIGGER_DISABLED,
            Ailment.TRIGGER_MISSING,
            Ailment.TRIGGER_NOT_ALWAYS,
            Ailment.CHANGE_TABLE_STALE,
            Ailment.SEQUENCE_CACHE);

    private static final String CAPTURED = """
            SELECT DISTINCT format('%I.%I', n.nspname, c.relname)
            FROM parse_ident(?) AS part
            JOIN pg_catalog.pg_proc p ON p.proname = part[cardinality(part)] || '_insert' AND p.prosecdef
            JOIN pg_catalog.pg_trigger t ON t.tgfoid = p.oid AND t.tgname = 'cdc_insert' AND NOT t.tgisinternal
            JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            ORDER BY 1""";

    private record Problem(int step, String text, String hint, boolean repairable) {
        Ailment ailment() {
            return WORDS.entrySet().stream()
                    .filter(words -> words.getKey().matcher(text).matches())
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(step == 0 ? Ailment.TABLE_REFUSED : Ailment.CAPTURE_UNSOUND);
        }
    }

    private CaptureSound() {}

    private static Map<Pattern, Ailment> words() {
        Map<Pattern, Ailment> words = new LinkedHashMap<>();
        words.put(Pattern.compile("there is no table .*"), Ailment.TABLE_MISSING);
        words.put(Pattern.compile("there is no change table .*"), Ailment.CHANGE_TABLE_MISSING);
        words.put(Pattern.compile(".* has no trigger cdc_\\w+"), Ailment.TRIGGER_MISSING);
        words.put(Pattern.compile("trigger cdc_\\w+ of .* is disabled"), Ailment.TRIGGER_DISABLED);
        words.put(Pattern.compile("trigger cdc_\\w+ of .* is not enabled ALWAYS"), Ailment.TRIGGER_NOT_ALWAYS);
        words.put(Pattern.compile("the sequence of .* has CACHE .*"), Ailment.SEQUENCE_CACHE);
        words.put(
                Pattern.compile(
                        ".* lacks column .* of .*|.* has a column .* that .* has not|column .* of .* is .* and should be .*"),
                Ailment.CHANGE_TABLE_STALE);
        return words;
    }

    static Check check(Database source, StreamNames names) {
        return new SqlCheck(
                "capture-is-sound",
                Subject.CAPTURE,
                Set.of(Need.PRIMARY, Need.SOURCE_SCRIPTS),
                source,
                connection -> look(connection, names));
    }

    private static List<Finding> look(Connection connection, StreamNames names) throws SQLException {
        List<Problem> problems = Rows.of(
                connection,
                "SELECT step, problem, hint, repair IS NOT NULL FROM rowrelay.problems(?, to_regclass(?), ?) ORDER BY step",
                row -> new Problem(row.getInt(1), row.getString(2), shown(row.getString(3)), row.getBoolean(4)),
                names.sourceTable(),
                names.sourceTable(),
                names.changeTable());
        List<Finding> findings = new ArrayList<>();
        for (Problem problem : causes(problems)) {
            List<String> renamed = problem.ailment() == Ailment.TABLE_MISSING ? captured(connection, names) : List.of();
            findings.add(renamed.isEmpty() ? finding(problem, names) : renamed(problem, renamed.get(0), names));
        }
        return Rows.orSound(
                findings,
                names.sourceTable() + " is captured into " + names.changeTable() + ", triggers and sequence are sound");
    }

    /** The table whose triggers write the change table, whatever it is called now. */
    private static List<String> captured(Connection connection, StreamNames names) throws SQLException {
        return Rows.of(connection, CAPTURED, row -> row.getString(1), names.changeTable());
    }

    private static Finding renamed(Problem problem, String table, StreamNames names) {
        return Finding.ill(
                Ailment.TABLE_MISSING,
                problem.text() + "; the triggers that write " + names.changeTable() + " are on " + table
                        + ": it was renamed or moved",
                Remedy.byHand(
                        "set SOURCE_TABLE to " + table
                                + ", and STREAM, DESTINATION_TABLE and the topics to what they have"
                                + " been where they follow from its name, then run cdc_capture for it; or give it its name back"));
    }

    private static String shown(@Nullable String hint) {
        return hint == null ? "" : hint;
    }

    /** One cause makes several problems: a function is stale because the table is, and missing with its trigger. */
    private static List<Problem> causes(List<Problem> problems) {
        for (Ailment first : List.of(Ailment.TABLE_MISSING, Ailment.CHANGE_TABLE_MISSING)) {
            List<Problem> only =
                    problems.stream().filter(each -> each.ailment() == first).toList();
            if (!only.isEmpty()) {
                return only;
            }
        }
        boolean explained = problems.stream()
                .anyMatch(each ->
                        each.ailment() == Ailment.CHANGE_TABLE_STALE || each.ailment() == Ailment.TRIGGER_MISSING);
        return problems.stream()
                .filter(each -> !explained || !FUNCTION.matcher(each.text()).matches())
                .toList();
    }

    private static Finding finding(Problem problem, StreamNames names) {
        Ailment ailment = problem.ailment();
        if (!problem.repairable()) {
            return Finding.ill(ailment, problem.text(), Remedy.byHand(problem.hint()));
        }
        return LOSSES.contains(ailment)
                ? Finding.ill(ailment, problem.text(), names.capture(), Remedy.resync())
                : Finding.ill(ailment, problem.text(), names.capture());
    }
}
